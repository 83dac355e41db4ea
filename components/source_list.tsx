import type { PassageView } from "../lib/answer/types.ts";
import { citationLabel } from "../lib/regulation/links.ts";
import { markId, sourceId } from "./answer_body.tsx";
import { Inline } from "./inline.tsx";
import { passageHref, type Source } from "./sources.ts";

/** The cited paragraphs of an answer, numbered as in its text, their cited words marked. */
export function SourceList(
  { sources, turn, active }: { sources: Source[]; turn: number; active?: number },
) {
  return (
    <ol>
      {sources.map((source) => (
        <li
          key={source.index}
          id={sourceId(turn, source.index)}
          class={source.index === active ? "source is-active" : "source"}
          data-source={source.index}
          tabIndex={-1}
        >
          <a
            class="cite back"
            href={`#${markId(turn, source.index)}`}
            aria-label={`Back to mark ${source.index} in the answer`}
          >
            {source.index}
          </a>
          <div>
            <p class="source-label">
              {source.href ? <a href={source.href}>{source.label}</a> : source.label}
            </p>
            <p class="source-title">{source.title}</p>
            {source.kind === "brief" && (
              <p class="not-regulation">FARchat’s summary, not the regulation</p>
            )}
            {
              /* A summary is quoted whole; marking it would give it the look of the regulation. */
              source.kind === "brief"
                ? <p class="source-text summary">{source.text}</p>
                : (
                  <p class="source-text">
                    <Inline
                      text={source.text}
                      ranges={source.quotes.map((quote) => ({ ...quote, mark: true }))}
                    />
                  </p>
                )
            }
            <p class="source-links">
              {source.href && <a href={source.href}>Open the section</a>}
              {source.official && (
                <>
                  <a href={source.official.ecfr} rel="external noreferrer">eCFR</a>
                  <a href={source.official.acquisition} rel="external noreferrer">
                    acquisition.gov
                  </a>
                </>
              )}
            </p>
          </div>
        </li>
      ))}
    </ol>
  );
}

/** Passages that were found but not cited, folded away. */
export function AlsoFound({ passages, writing }: { passages: PassageView[]; writing: boolean }) {
  if (passages.length === 0) return null;
  return (
    <details class="also">
      <summary>
        {writing ? "Found" : "Also found"}: {passages.length}{" "}
        {passages.length === 1 ? "section" : "sections"}
        {writing ? "" : " not cited"}
      </summary>
      <ul>
        {passages.map((passage) => {
          const label = citationLabel(passage.regulation, passage.section);
          const href = passageHref(passage);
          return (
            <li key={`${passage.regulation} ${passage.section}`}>
              <p>
                <strong>{href ? <a href={href}>{label}</a> : label}</strong> {passage.title}
              </p>
              {passage.kind === "brief" && (
                <p class="not-regulation">FARchat’s summary, not the regulation</p>
              )}
              <p class="excerpt">{passage.text}</p>
            </li>
          );
        })}
      </ul>
    </details>
  );
}
