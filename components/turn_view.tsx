import { AnswerBody } from "./answer_body.tsx";
import { QuestionList } from "./question_list.tsx";
import { AlsoFound, SourceList } from "./source_list.tsx";
import { alsoFound, sourcesOf } from "./sources.ts";
import { modeLabel, progressLabel, type Turn } from "./turn.ts";

interface TurnViewProps {
  turn: Turn;
  conversation: string;
  /** The page's first heading is the first question. */
  first: boolean;
  /** The last turn can be retried and continued. */
  last: boolean;
  active?: number;
  /** Said instead of the progress while the connection is down. */
  connection?: string;
  copied?: boolean;
}

const COLLECTION_LABEL = {
  far: "FAR only",
  dfars: "DFARS only",
  uploads: "Uploaded documents only",
} as const;

/**
 * A question, its answer and the sources beside it. The buttons work by form where they can; the conversation
 * island listens for `data-act` and does the rest without leaving the page.
 */
export function TurnView(
  { turn, conversation, first, last, active, connection, copied }: TurnViewProps,
) {
  const sources = sourcesOf(turn.citations, turn.passages);
  const others = alsoFound(turn.citations, turn.passages);
  const writing = turn.status === "streaming";
  const briefsOnly = sources.length > 0 && sources.every((source) => source.kind === "brief");
  const [Question, Heading] = first ? ["h1", "h2"] as const : ["h2", "h3"] as const;
  const headingId = `question-${turn.id}`;
  return (
    <article class="turn" data-turn={turn.id} aria-labelledby={headingId}>
      <header class="turn-head">
        <Question
          class={turn.question.length > 240 ? "turn-question long" : "turn-question"}
          id={headingId}
          tabIndex={-1}
        >
          {turn.question}
        </Question>
        <p class="turn-meta">
          {turn.mode && turn.answer !== "" && <span>{modeLabel(turn.mode, briefsOnly)}</span>}
          {turn.collections?.length === 1 && <span>{COLLECTION_LABEL[turn.collections[0]]}</span>}
        </p>
      </header>
      <div class="turn-body">
        <div class="answer">
          {turn.notices.map((notice, i) => <p class="notice quiet" key={i}>{notice}</p>)}
          {turn.answer !== "" && (
            <AnswerBody
              text={turn.answer}
              marks={turn.citations}
              sources={sources}
              turn={turn.id}
              writing={writing}
              active={active}
            />
          )}
          {(connection || (writing && turn.answer === "")) && (
            <p class="waiting">{connection ?? progressLabel(turn)}</p>
          )}
          {turn.status === "stopped" && turn.notices.length === 0 && (
            <p class="notice quiet">Stopped. What was written until then is kept.</p>
          )}
          {turn.status === "failed" && (
            <div class="notice failed" role="alert">
              <p>{turn.error?.message ?? "The answer could not be completed."}</p>
              {turn.error?.id && <p class="error-id">Error {turn.error.id}</p>}
            </div>
          )}
          <div class="actions">
            {writing && turn.id > 0 && (
              <button type="button" class="button quiet js-only" data-act="stop">Stop</button>
            )}
            {!writing && last && (turn.id > 0 || turn.status === "failed") && (
              <form method="post" action={`/c/${conversation}/retry`} data-act="retry">
                <input type="hidden" name="message" value={turn.id} />
                <button type="submit" class="link-button">Retry</button>
              </form>
            )}
            {!writing && turn.answer !== "" && (
              <button type="button" class="link-button js-only" data-act="copy">
                {copied ? "Copied" : "Copy with citations"}
              </button>
            )}
          </div>
        </div>
        {(sources.length > 0 || others.length > 0) && (
          <section
            class="turn-sources"
            aria-label={`Sources for: ${turn.question.slice(0, 80)}`}
            tabIndex={0}
          >
            <Heading class="sources-title">
              {sources.length > 0
                ? sources.length === 1 ? "Source" : `Sources (${sources.length})`
                : writing
                ? "Sources"
                : "Found in the regulation"}
            </Heading>
            <SourceList sources={sources} turn={turn.id} active={active} />
            <AlsoFound passages={others} writing={writing} />
          </section>
        )}
        {turn.related.length > 0 && !writing && (
          <section class="related">
            <Heading class="related-title">People also ask</Heading>
            <form
              method="post"
              action={`/c/${conversation}/ask`}
              data-act="ask"
            >
              <input type="hidden" name="wait" value="1" />
              <ul class="ruled">
                <QuestionList questions={turn.related} />
              </ul>
            </form>
          </section>
        )}
      </div>
    </article>
  );
}
