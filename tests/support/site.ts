/**
 * A FARchat that listens, for tests in a real browser: the made-up regulation of tests/fixtures in a real store, the
 * real pages, API and answer service, and an answerer that writes a word at a time when the test says so.
 */
import { readFileSync } from "node:fs";
import { createApp } from "../../fresh.config.ts";
import { AnswerService } from "../../lib/answer/service.ts";
import { viewOf } from "../../lib/answer/sources.ts";
import type { AnswerCitation, Answerer, AnswerEvent } from "../../lib/answer/types.ts";
import type { Farchat } from "../../lib/farchat.ts";
import { answerWatch } from "../../lib/ops/answer_watch.ts";
import { Metrics } from "../../lib/ops/metrics.ts";
import { loadSettings } from "../../lib/ops/settings.ts";
import { EcfrParser } from "../../lib/regulation/ecfr.ts";
import { sectionHref } from "../../lib/regulation/links.ts";
import type { Regulation } from "../../lib/regulation/types.ts";
import type { SectionWithChunks, Store } from "../../lib/store/mod.ts";
import { openStore } from "../../lib/store/mod.ts";
import { passageOf, retrievalOf } from "./answer_sections.ts";
import { repositoryPath } from "./shared.ts";
import { Gate } from "./gate.ts";

export interface Site {
  url: string;
  farchat: Farchat;
  /** Lets answers write this many pieces; they wait for it when the site was made `slow`. */
  write(pieces: number): void;
  close(): Promise<void>;
}

/** What the answers of the site cite, one after the other. */
const CITED: { section: string; designator: string; words: string; says: string }[] = [
  {
    section: "15.403-4",
    designator: "(a)(1)",
    words: "certified cost or pricing data are required before any of these",
    says: "They are required before the award of a contract worth more than $2 million.",
  },
  {
    section: "15.403-4",
    designator: "(a)(2)",
    words: "the head of the contracting activity alone may require them",
    says: "Below that, the head of the contracting activity decides.",
  },
];

/** Starts a site at a free port. `loaded: false` leaves it with the outline and summaries alone. */
export function startSite(options: { slow?: boolean; loaded?: boolean } = {}): Site {
  const folder = Deno.makeTempDirSync({ prefix: "farchat_site_" });
  const store = openStore({ path: `${folder}/farchat.db` });
  fill(store, options.loaded ?? true);
  const gate = options.slow ? new Gate() : undefined;
  const passages = () => [
    passageOf(store, "far", "15.403-4"),
    passageOf(store, "far", "15.403-1"),
  ];
  const retriever = {
    retrieve: (query: string) => Promise.resolve(retrievalOf(query, passages())),
    related: () => ["Who may waive certified cost or pricing data?"],
    suggest: (text: string, limit: number) =>
      Promise.resolve(EXAMPLES.filter((e) => matches(e.question, text)).slice(0, limit)),
    examples: (limit: number) => EXAMPLES.slice(0, limit),
  };
  const metrics = new Metrics();
  const answers = new AnswerService({
    store,
    retriever,
    answerers: { extractive: answerer(store, gate) },
    watch: answerWatch(metrics, {}),
  });
  const settings = loadSettings({
    flags: { RATE_LIMIT_PER_MINUTE: "10000", ASK_LIMIT_PER_MINUTE: "10000" },
  });
  const counted = store.counts().sections;
  const farchat = {
    version: "0.0.0-test",
    settings,
    store,
    embedder: { name: "none", dimensions: 384, state: "unavailable", close: () => {} },
    retriever,
    answers,
    metrics,
    corpus: () => ({ far: counted.far > 0, dfars: counted.dfars > 0 }),
    close: () => {},
  } as unknown as Farchat;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    createApp(farchat).handler(),
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    farchat,
    write: (pieces) => gate?.open(pieces),
    async close() {
      gate?.open(Infinity);
      await answers.close(0);
      await server.shutdown();
      store.close();
      Deno.removeSync(folder, { recursive: true });
    },
  };
}

const EXAMPLES = [
  {
    question: "When do I need certified cost or pricing data?",
    collection: "far" as const,
    section: "15.403-4",
  },
  { question: "What counts as a claim?", collection: "far" as const, section: "2.101" },
  {
    question: "How soon is a cyber incident reported?",
    collection: "dfars" as const,
    section: "252.204-7012",
  },
];

function matches(question: string, text: string): boolean {
  return text.toLowerCase().split(/\s+/).every((word) => question.toLowerCase().includes(word));
}

/** The fixtures' sections into the store, with their outline and a summary each of our own. */
function fill(store: Store, loaded: boolean): void {
  const outline = new Map<
    string,
    Parameters<Store["outline"]["replaceAll"]>[1] extends Iterable<infer E> ? E : never
  >();
  for (const collection of ["far", "dfars"] as Regulation[]) {
    const sections: SectionWithChunks[] = [];
    const parser = new EcfrParser((section) => {
      sections.push({ section, chunks: [] });
      const { number, title, reserved, path } = section;
      outline.set(`${collection} ${number}`, { collection, number, title, reserved, path });
    });
    parser.write(readFileSync(repositoryPath(`tests/fixtures/mini_${collection}.xml`), "utf8"));
    parser.close();
    if (!loaded) continue;
    store.documents.replace({
      collection,
      name: `mini_${collection}.xml`,
      sha256: collection.padEnd(64, "0"),
      mediaType: "application/xml",
      bytes: 1,
      versionDate: "2026-10-01",
      notices: [],
    }, sections);
  }
  store.outline.replaceAll("test", outline.values());
  store.entries.replaceAll(
    "test",
    [...outline.values()].map(({ collection, number, title }) => ({
      kind: "brief" as const,
      collection,
      number,
      text: `A summary of ${title.toLowerCase()}, in words of our own.`,
    })),
  );
}

/** Writes what `CITED` says, a word a piece, each sentence with its citation. */
function answerer(store: Store, gate?: Gate): Answerer {
  return {
    mode: "extractive",
    async *answer(query, _history, retrieval, signal): AsyncIterable<AnswerEvent> {
      const passages = retrieval.passages.map(viewOf);
      yield { type: "passages", mode: "extractive", passages, query, notices: [] };
      let at = 0;
      for (const [i, cited] of CITED.entries()) {
        for (const piece of `${i > 0 ? "\n\n" : ""}${cited.says}`.match(/\s*\S+/g)!) {
          await gate?.wait();
          signal.throwIfAborted();
          at += piece.length;
          yield { type: "text", delta: piece };
        }
        yield { type: "citation", citation: citationOf(store, i + 1, cited, at) };
      }
    },
  };
}

function citationOf(
  store: Store,
  index: number,
  { section, designator, words }: typeof CITED[number],
  at: number,
): AnswerCitation {
  const { text, title, paragraphs } = store.sections.get("far", section)[0];
  const start = text.indexOf(words);
  const paragraph = paragraphs.find((p) => p.start <= start && start < p.end)!;
  return {
    index,
    regulation: "far",
    section,
    title,
    paragraph: designator,
    anchor: paragraph.anchor,
    quote: words,
    start,
    end: start + words.length,
    kind: "regulation",
    at,
  };
}

/** The page that the first citation leads to, without its marks. */
export const FIRST_CITED = sectionHref("far", CITED[0].section, CITED[0].designator);

/** The words the first citation quotes. */
export const FIRST_QUOTE = CITED[0].words;
