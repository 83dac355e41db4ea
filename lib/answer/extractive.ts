/** The answer without a model: the regulation's own sentences, quoted exactly, each with its citation. */
import type { Embedder } from "../embed/types.ts";
import { citationLabel, officialLinks } from "../regulation/links.ts";
import type { Regulation } from "../regulation/types.ts";
import type { CitationLookup, Passage, RankedSection, Retrieval, Turn } from "../retrieve/types.ts";
import type { StoredSection } from "../store/types.ts";
import { askedParagraph, isBare } from "./asked_paragraph.ts";
import { Composer } from "./composer.ts";
import { noticesOf } from "./notices.ts";
import { quoteUnits } from "./quote_units.ts";
import { chooseUnits, type ScoredUnit, scoreUnits, shortTitle } from "./select.ts";
import { type AnswerSources, retrievedSections, viewOf } from "./sources.ts";
import type { Answerer, AnswerEvent } from "./types.ts";

const LIMITS = { quotes: 5, sections: 3, characters: 1800 };
const SUMMARY = "FARchat’s summary, not the regulation";
/** After a paragraph that was asked for. */
const MORE = { quotes: 2, sections: 2, characters: 900 };
/**
 * Scores of the best unit, where meanings were compared: below SURE an answer calls its text the closest, below FAINT
 * it quotes nothing. Read off answers to questions of our own: right ones score 0.6 to 0.8, "what is the weather
 * like on Mars" 0.34.
 */
const SURE = 0.58;
const FAINT = 0.48;
const DEFINITIONS = /^Definitions?\b/i;
const NOTHING = "I found nothing in the text that is loaded here that answers this.";

/** Answers from the retrieved passages alone. `embedder` may be missing or unavailable: words decide then. */
export class ExtractiveAnswerer implements Answerer {
  readonly mode = "extractive";
  readonly #sources: AnswerSources;
  readonly #embedder?: Embedder;

  constructor(sources: AnswerSources, embedder?: Embedder) {
    this.#sources = sources;
    this.#embedder = embedder;
  }

  async *answer(
    question: string,
    _history: Turn[],
    retrieval: Retrieval,
    signal: AbortSignal,
  ): AsyncIterable<AnswerEvent> {
    yield* this.write(question, retrieval, signal, []);
  }

  /** The answer, its `passages` event carrying `notices` in front of its own: why Claude did not write it. */
  async *write(
    question: string,
    retrieval: Retrieval,
    signal: AbortSignal,
    notices: string[],
  ): AsyncIterable<AnswerEvent> {
    signal.throwIfAborted();
    yield {
      type: "passages",
      mode: this.mode,
      passages: retrieval.abstain ? [] : retrieval.passages.map(viewOf),
      query: retrieval.query,
      notices: [...notices, ...noticesOf(question, retrieval)],
    };
    const composer = new Composer();
    this.#missing(composer, retrieval.citations);
    const onlyMissing = retrieval.citations.length > 0 &&
      !retrieval.citations.some(({ found }) => found) &&
      isBare(retrieval.query);
    if (onlyMissing) return yield* composer.events();
    if (retrieval.abstain) {
      this.#abstain(composer, retrieval, retrieval.abstain.reason);
      return yield* composer.events();
    }
    const sections = retrievedSections(retrieval, this.#sources);
    const asked = askedParagraph(retrieval, this.#sources);
    if (asked) {
      asked.write(composer);
      yield* composer.events();
    }
    if (asked?.complete) return;
    const briefs = retrieval.passages.filter((passage) => passage.kind === "brief");
    if (sections.length > 0) {
      const scored = await scoreUnits(
        retrieval.query || question,
        sections.slice(0, 6),
        this.#embedder,
        signal,
      );
      const fresh = scored.filter((entry) => !asked?.covers(entry.source.section, entry.unit));
      this.#quotes(composer, retrieval, chooseUnits(fresh, asked ? MORE : LIMITS), Boolean(asked));
    } else if (briefs.length === 0 && !asked) {
      this.#abstain(composer, retrieval, NOTHING);
    }
    if (briefs.length > 0 && !asked) this.#briefs(composer, briefs, sections.length > 0);
    yield* composer.events();
  }

  /** Sections that were asked for and do not exist, with the nearest that do. */
  #missing(composer: Composer, lookups: CitationLookup[]): void {
    for (const { citation, found, nearest } of lookups) {
      if (found) continue;
      const regulation = citation.regulation === "pgi" ? "PGI" : citation.regulation.toUpperCase();
      composer.say(`I found no ${regulation} ${citation.number} in what is loaded here.`);
      if (nearest.length) {
        composer.say(
          " The nearest are:\n" +
            nearest.slice(0, 5).map((near) => `- **${citationLabelOf(near)}**, ${near.title}`).join(
              "\n",
            ),
        );
      }
      composer.say("\n\n");
    }
  }

  #abstain(composer: Composer, retrieval: Retrieval, reason: string): void {
    composer.say(reason);
    const nearest = retrieval.sections.slice(0, 4);
    if (nearest.length === 0) return;
    composer.say("\n\nThe nearest sections, in case one of them is what you meant:\n");
    composer.say(
      nearest.map((section) => `- **${citationLabelOf(section)}**, ${section.title}`).join("\n"),
    );
  }

  /** The chosen units by section, the section of the best one first, each section's in the order it prints them. */
  #quotes(
    composer: Composer,
    retrieval: Retrieval,
    chosen: ScoredUnit[],
    afterAsked: boolean,
  ): void {
    const best = chosen[0]?.meaning === undefined ? undefined : chosen[0].score;
    if (chosen.length === 0 || (best !== undefined && best < FAINT)) {
      if (!afterAsked) this.#abstain(composer, retrieval, NOTHING);
      return;
    }
    const groups = new Map<number, ScoredUnit[]>();
    for (const entry of chosen) {
      const id = entry.source.section.id;
      groups.set(id, [...(groups.get(id) ?? []), entry]);
    }
    let first = !afterAsked;
    for (const entries of groups.values()) {
      const { section } = entries[0].source;
      const terms = DEFINITIONS.test(section.title) ? entries[0].unit.term : undefined;
      const term = terms ? `: ${terms}` : "";
      const name = `**${citationLabelOf(section)}**, ${shortTitle(section.title)}${term}`;
      if (first) {
        const stop = name.endsWith(".") ? "" : ".";
        composer.say(
          best === undefined || best >= SURE
            ? `Best match: ${name}${stop}\n\n`
            : `The closest text I found is in ${name}${stop}\n\n`,
        );
        // A section of definitions has a brief of all its terms, which answers nothing about one of them.
        if (!DEFINITIONS.test(section.title)) this.#inBrief(composer, section);
        composer.say("The regulation says:\n");
      } else {
        composer.say(`See also ${name}:\n`);
      }
      first = false;
      quoteUnits(composer, section, entries.map(({ unit }) => unit));
      composer.say("\n");
    }
  }

  /** The brief of the section that answers, where it was written from the text that is loaded. */
  #inBrief(composer: Composer, section: StoredSection): void {
    if (section.collection === "uploads") return;
    const brief = this.#sources.entries.brief(section.collection, section.number);
    if (!brief || (brief.textSha256 && brief.textSha256 !== section.textSha256)) return;
    composer.say(`In brief (${SUMMARY}): `);
    composer.brief({
      collection: section.collection,
      number: section.number,
      title: section.title,
      text: brief.text,
    });
    composer.say("\n\n");
  }

  /** Sections whose official text is not loaded: our summary, named as such, and where the text is. */
  #briefs(composer: Composer, briefs: Passage[], afterText: boolean): void {
    const regulations = [...new Set(briefs.map(({ collection }) => collection.toUpperCase()))].join(
      " and ",
    );
    composer.say(
      afterText
        ? `The official text of these ${regulations} sections is not loaded here; this is ${SUMMARY}:\n\n`
        : `The official text of the ${regulations} is not loaded here yet. What follows is ${SUMMARY}.\n\n`,
    );
    for (const passage of briefs.slice(0, afterText ? 2 : 3)) {
      const collection = passage.collection as Regulation;
      composer.say(
        `**${citationLabelOf({ collection, number: passage.section })}**, ${passage.title}: `,
      );
      composer.brief({
        collection,
        number: passage.section,
        title: passage.title,
        text: passage.text,
      });
      composer.say(`\nOfficial text: ${officialLinks(collection, passage.section).ecfr}\n\n`);
    }
  }
}

/** "FAR 15.403-4", or the document's section for uploads. */
export function citationLabelOf(section: Pick<RankedSection, "collection" | "number">): string {
  return section.collection === "uploads"
    ? `Uploaded document, section ${section.number}`
    : citationLabel(section.collection, section.number);
}
