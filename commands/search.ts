import { parseArgs } from "node:util";
import { openFarchat } from "../lib/farchat.ts";
import { configureLogs } from "../lib/ops/log.ts";
import { loadSettings, processSources } from "../lib/ops/settings.ts";
import { Problem } from "../lib/problem.ts";
import { citationLabel } from "../lib/regulation/links.ts";
import type { Collection } from "../lib/regulation/types.ts";
import { missingReason } from "../lib/retrieve/lookups.ts";
import type { Retrieval } from "../lib/retrieve/types.ts";

const COLLECTIONS: readonly string[] = ["far", "dfars", "uploads"];

/**
 * `farchat search "QUERY" [-k 10] [--collection far|dfars|uploads] [--json] [--data DIR]`: prints the sections that
 * answer, best first, each with its best passage. Returns 0, or 2 for wrong usage.
 */
export async function searchCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      json: { type: "boolean", default: false },
      data: { type: "string" },
      collection: { type: "string", multiple: true },
      k: { type: "string", short: "k", default: "10" },
    },
  });
  const query = positionals.join(" ").trim();
  const k = Number(values.k);
  if (query === "" || !Number.isInteger(k) || k < 1 || k > 100) {
    const found = query === "" ? "no query" : `-k ${values.k}`;
    console.error(
      `farchat search: expected a query and -k from 1 to 100, found ${found}.\n` +
        'Usage: farchat search "QUERY" [-k 10] [--json]',
    );
    return 2;
  }
  const unknown = values.collection?.find((name) => !COLLECTIONS.includes(name));
  if (unknown !== undefined) {
    throw new Problem("Expected the collections far, dfars or uploads, found another name.", {
      next: "Leave --collection out to search all of them.",
    });
  }
  const sources = processSources({ FARCHAT_DATA: values.data });
  const settings = loadSettings(sources);
  await configureLogs(settings);
  const farchat = await openFarchat(settings, { sources });
  try {
    const retrieval = await farchat.retriever.retrieve(query, [], {
      k,
      collections: values.collection as Collection[] | undefined,
    });
    console.log(values.json ? JSON.stringify(retrieval) : listing(retrieval));
    return 0;
  } finally {
    await farchat.close();
  }
}

/** Characters of a passage that are printed. */
const EXCERPT = 240;

function listing(retrieval: Retrieval): string {
  const lines: string[] = [];
  if (retrieval.abstain) lines.push(retrieval.abstain.reason, "");
  for (const lookup of retrieval.citations.filter(({ found }) => !found)) {
    const reason = missingReason(lookup);
    if (reason !== retrieval.abstain?.reason) lines.push(reason, ""); // else said already
  }
  retrieval.sections.forEach(({ collection, number, title }, i) => {
    const passage = retrieval.passages.find((passage) =>
      passage.collection === collection && passage.section === number
    );
    lines.push(`${String(i + 1).padStart(2)}. ${citationLabel(collection, number)}  ${title}`);
    if (!passage) return;
    const text = passage.text.replace(/\s+/g, " ").trim();
    const mark = passage.kind === "brief" ? "[in brief] " : "";
    lines.push(`    ${mark}${text.length > EXCERPT ? text.slice(0, EXCERPT) + " …" : text}`);
  });
  if (!retrieval.usedVectors) {
    lines.push("", "Only words were searched, not meaning: the model is not available.");
  }
  return lines.join("\n");
}
