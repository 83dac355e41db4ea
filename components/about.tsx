import type { AnswerMode } from "../lib/answer/types.ts";
import { collectionName } from "../lib/regulation/links.ts";
import type { StoreCounts, StoredDocument } from "../lib/store/types.ts";

interface AboutProps {
  counts: StoreCounts;
  documents: StoredDocument[];
  writer: AnswerMode;
}

/** What FARchat does with a question, what is loaded, and what it keeps. */
export function About({ counts, documents, writer }: AboutProps) {
  const number = (n: number) => n.toLocaleString("en-US");
  return (
    <div class="prose">
      <h1 class="page-title">About FARchat</h1>
      <p>
        FARchat answers questions about the Federal Acquisition Regulation (FAR) and its Defense
        supplement (DFARS). It looks for the paragraphs that answer, and every statement of the
        answer carries the number of a source: the paragraph, with the words that support the
        statement marked.
      </p>
      <h2>Who writes the answers</h2>
      <p>
        {writer === "claude"
          ? "Claude, a language model of Anthropic, writes them from the passages FARchat found. The citations come with the text from the model’s interface; FARchat compares each quoted passage with its stored text and shows it only when it is there word for word."
          : "No language model. FARchat selects the sentences of the regulation that answer and quotes them, each with its source. When the administrator sets an Anthropic API key, Claude writes the answers from the same passages."}
      </p>
      <p>
        Each answer says which of the two it is. An answer can still be incomplete or miss a rule
        that applies to your case: read the cited paragraphs, and the sections around them, before
        you act.
      </p>
      <h2>What is loaded</h2>
      {documents.length === 0
        ? (
          <p>
            No official text. FARchat has the outline of both regulations and summaries in its own
            words ({number(counts.entries.briefs)} of them), which are labeled as such.
          </p>
        )
        : (
          <ul>
            {documents.map(({ id, collection, name, sections, words, versionDate, ingested }) => (
              <li key={id}>
                {collectionName(collection)}: {number(sections)} sections, {number(words)}{" "}
                words, from {name}
                {versionDate ? `, as of ${versionDate}` : ""}, loaded{" "}
                {new Date(ingested).toISOString().slice(0, 10)}
              </li>
            ))}
          </ul>
        )}
      <h2>What the labels mean</h2>
      <ul>
        <li>
          <strong>FAR 15.403-4(a)(1)</strong>{" "}
          names a section and a paragraph. It opens the section here, with the cited words marked.
        </li>
        <li>
          <strong>FARchat’s summary, not the regulation</strong>{" "}
          marks words of ours. They help to find a section; do not cite them.
        </li>
        <li>
          <strong>Also found</strong>{" "}
          lists sections that were near your question but that the answer does not use.
        </li>
      </ul>
      <h2>What is kept</h2>
      <p>
        Your conversations are kept in FARchat’s own database, for this browser only, until you
        delete them. A cookie tells this browser from others; another keeps your choice of light or
        dark.
      </p>
      <h2>For other programs</h2>
      <p>
        What the pages do, a program can do too: <a href="/docs">the API reference</a>{" "}
        describes each request with an example.
      </p>
      <h2>The official texts</h2>
      <p>
        The regulations are published at the{" "}
        <a href="https://www.ecfr.gov/current/title-48" rel="external noreferrer">eCFR</a> and at
        {" "}
        <a href="https://www.acquisition.gov/browse/index/far" rel="external noreferrer">
          acquisition.gov
        </a>. FARchat is neither, and is not endorsed by the Government.
      </p>
    </div>
  );
}
