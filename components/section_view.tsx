import CopyLinks from "../islands/copy_links.tsx";
import DefinitionsFilter from "../islands/definitions_filter.tsx";
import type { Brief, SectionPage } from "../lib/pages/section_page.ts";
import {
  citationLabel,
  collectionName,
  officialLinks,
  parentHref,
  regulationOfNumber,
  sectionHref,
} from "../lib/regulation/links.ts";
import type { ClauseFacts, Regulation } from "../lib/regulation/types.ts";
import { Breadcrumbs, type Crumb } from "./breadcrumbs.tsx";
import { LoadingHelp } from "./loading_help.tsx";
import { OfficialLinks } from "./official_links.tsx";
import { type OutlineItem, OutlineList } from "./outline_list.tsx";
import { QuestionList, WaitWithoutScript } from "./question_list.tsx";
import { readMarks } from "./quote_marks.ts";
import { SectionText } from "./section_text.tsx";

/** More defined terms than these get a list of their own. */
const MANY_DEFINITIONS = 8;

/** The page of a section: its words, and beside them what helps to use it. */
export function SectionView({ page, mark }: { page: SectionPage; mark: string | null }) {
  const { collection, number, editions, reserved } = page;
  const clause = editions[0]?.section.clause;
  const marked = editions.map(({ section }) => readMarks(mark, section.text));
  const moved = Math.min(...marked.map((one) => one.moved), Infinity);
  const empty = editions.every(({ section }) => section.paragraphs.length === 0);
  const label = citationLabel(collection, number);
  const title = page.title || (reserved ? "[Reserved]" : "");
  return (
    <div class="section">
      <Breadcrumbs crumbs={crumbsOf(page)} />
      <header class="section-head">
        <h1>
          <span class="number">{label}</span> <span>{title}</span>
        </h1>
        <Facts page={page} clause={clause} />
        <p class="jumps">
          {page.brief && editions.length > 0 && <a href="#brief-title">In brief</a>}
          {page.definitions.length >= MANY_DEFINITIONS && (
            <a href="#definitions-title">Terms defined</a>
          )}
          <a href="#official-title">Official text</a>
        </p>
      </header>
      <div class="section-layout">
        <div class="section-main">
          {editions.length === 0 && (
            <>
              <LoadingHelp what={label} />
              {page.brief && <BriefView brief={page.brief} id="brief-main" main page={page} />}
            </>
          )}
          {moved > 0 && moved < Infinity && (
            <p class="notice quiet">
              The words the answer quoted do not stand in this section as they did: its text was
              loaded anew since.
            </p>
          )}
          {editions.length > 1 && (
            <p class="notice quiet">
              The official text has {editions.length}{" "}
              sections of this number. All are shown, in its order.
            </p>
          )}
          {editions.map(({ section, links }, i) => (
            <section
              class="edition"
              key={section.id}
              aria-label={editions.length > 1 ? `${label}, ${i + 1} of ${editions.length}` : label}
            >
              {editions.length > 1 && (
                <h2 class="edition-head">{i + 1} of {editions.length}: {section.title}</h2>
              )}
              {section.paragraphs.length > 0 && (
                <SectionText
                  section={section}
                  links={links}
                  marks={marked[i].ranges}
                  idPrefix={i > 0 ? `edition-${i + 1}-` : ""}
                />
              )}
            </section>
          ))}
          {editions.length > 0 && empty && (
            <p class="page-note">
              {reserved
                ? "This section is reserved: the number is kept, there is no text."
                : page.subsections.length > 0
                ? "This section is a heading. Its text is in the subsections."
                : "This section has no text in the copy that is loaded. Read it at the eCFR."}
            </p>
          )}
          {page.subsections.length > 0 && <OutlineList items={page.subsections as OutlineItem[]} />}
          <Pager page={page} />
        </div>
        <div class="rail">
          {page.brief && editions.length > 0 && <BriefView brief={page.brief} id="brief-title" />}
          {page.definitions.length >= MANY_DEFINITIONS && (
            <section aria-labelledby="definitions-title">
              <h2 id="definitions-title">Defined here</h2>
              <DefinitionsFilter definitions={page.definitions} />
            </section>
          )}
          <section aria-labelledby="ask-title">
            <h2 id="ask-title">
              {page.questions.length > 0
                ? "Questions this section answers"
                : "Ask about this section"}
            </h2>
            <form method="post" action="/ask" class="related">
              <WaitWithoutScript />
              <ul class="ruled">
                <QuestionList questions={page.questions} />
                <li>
                  <a href={`/?q=${encodeURIComponent(`What does ${label} say about `)}`}>
                    {page.questions.length > 0 ? "Ask something else" : "Ask a question"} about{" "}
                    {number}
                  </a>
                </li>
              </ul>
            </form>
          </section>
          <section aria-labelledby="official-title">
            <h2 id="official-title">Official text</h2>
            <OfficialLinks collection={collection} number={number} />
          </section>
        </div>
      </div>
      <CopyLinks label={label} />
    </div>
  );
}

interface BriefViewProps {
  brief: Brief;
  id: string;
  /** In the place of the text that is not loaded, with the way to the official one. */
  main?: boolean;
  page?: SectionPage;
}

function BriefView({ brief, id, main, page }: BriefViewProps) {
  const official = main && page && officialLinks(page.collection, page.number);
  return (
    <section
      class={`brief${brief.stale ? " stale" : ""}${main ? " main-brief" : ""}`}
      aria-labelledby={id}
    >
      <h2 id={id}>In brief</h2>
      <p>{brief.text}</p>
      <p class="brief-note">
        {brief.stale
          ? "FARchat’s summary of an earlier text of this section. It may no longer fit; read the regulation."
          : "FARchat’s summary, not the regulation."}
      </p>
      {official && (
        <p class="source-links">
          <a href={official.ecfr} rel="external noreferrer">Read the official text at the eCFR</a>
          <a href={official.acquisition} rel="external noreferrer">or at acquisition.gov</a>
        </p>
      )}
    </section>
  );
}

function crumbsOf(page: SectionPage): Crumb[] {
  const { collection, number, path } = page;
  return [
    { label: collectionName(collection), href: `/${collection}` },
    ...path.filter(({ type }) => type !== "subchapter").map((step) => ({
      label: `${step.type === "part" ? "Part" : "Subpart"} ${step.number}`,
      title: step.title,
      href: `/${collection}/${step.number}`,
    })),
    { label: number },
  ];
}

function Facts({ page, clause }: { page: SectionPage; clause?: ClauseFacts }) {
  const { collection, versionDate } = page;
  if (!clause && !versionDate) return null;
  return (
    <dl class="facts">
      {clause && (
        <div>
          <dt>{clause.kind === "clause" ? "Contract clause" : "Solicitation provision"}</dt>
          {clause.date && <dd>{clause.date}</dd>}
        </div>
      )}
      {clause && clause.prescribedAt.length > 0 && (
        <div>
          <dt>Prescribed at</dt>
          <dd>
            {clause.prescribedAt.map((at, i) => (
              <>
                {i > 0 && ", "}
                <a href={prescriptionHref(collection, at)}>{at}</a>
              </>
            ))}
          </dd>
        </div>
      )}
      {clause && clause.alternates.length > 0 && (
        <div>
          <dt>Alternates</dt>
          <dd>
            {clause.alternates.map(({ name, date, anchor }, i) => (
              <>
                {i > 0 && ", "}
                <a href={`#${anchor}`} title={date}>{name.replace(/^Alternate /, "")}</a>
              </>
            ))}
          </dd>
        </div>
      )}
      {versionDate && (
        <div>
          <dt>Text as of</dt>
          <dd>{versionDate}</dd>
        </div>
      )}
    </dl>
  );
}

/** "12.301(b)(3)" to its page and paragraph. */
function prescriptionHref(collection: Regulation, at: string): string {
  const paragraph = at.indexOf("(");
  const [number, path] = paragraph < 0 ? [at, ""] : [at.slice(0, paragraph), at.slice(paragraph)];
  return sectionHref(regulationOfNumber(number) ?? collection, number, path);
}

function Pager({ page }: { page: SectionPage }) {
  const { collection, number, previous, next } = page;
  return (
    <nav class="pager" aria-label="Previous and next section">
      {previous && (
        <a class="previous" rel="prev" href={`/${collection}/${previous.number}`}>
          <span class="label">Previous</span>
          <span class="pager-title">
            <span class="number">{previous.number}</span> {previous.title}
          </span>
        </a>
      )}
      {next && (
        <a class="next" rel="next" href={`/${collection}/${next.number}`}>
          <span class="label">Next</span>
          <span class="pager-title">
            <span class="number">{next.number}</span> {next.title}
          </span>
        </a>
      )}
      <a class="up" href={parentHref(collection, number)}>Up to the list of sections</a>
    </nav>
  );
}
