import type { Farchat } from "../farchat.ts";

/** What whoever starts the server should know: where it is, what it answers from, what is missing. */
export function banner(
  farchat: Farchat,
  where: { url: string; islands: boolean },
): string {
  const { settings, version } = farchat;
  const rows: [string, string][] = [
    ["FARchat", `${version} at ${where.url}`],
    ["Data", settings.FARCHAT_DATA],
    ["Text", textOf(farchat)],
    ["Search", searchOf(farchat)],
    ["Answers", answersOf(farchat)],
  ];
  if (!where.islands) {
    rows.push(["Scripts", "not bundled, so pages work without them; run: deno task islands"]);
  }
  return rows.map(([name, value]) => `${name.padEnd(8)} ${value}`).join("\n");
}

function textOf({ store, corpus }: Farchat): string {
  const { sections, entries } = store.counts();
  const loaded = corpus();
  const names = [loaded.far && "FAR", loaded.dfars && "DFARS"].filter(Boolean).join(" and ");
  const count = (sections.far + sections.dfars).toLocaleString("en-US");
  const uploads = sections.uploads > 0 ? ` and ${sections.uploads} uploaded sections` : "";
  if (loaded.far && loaded.dfars) return `${names}, ${count} sections${uploads}`;
  const missing = loaded.far
    ? "the DFARS is"
    : loaded.dfars
    ? "the FAR is"
    : "the official text is";
  const has = names
    ? `${names}, ${count} sections${uploads}`
    : `FARchat's ${entries.briefs.toLocaleString("en-US")} summaries${uploads}`;
  return `${has}; ${missing} not loaded, add it with: farchat ingest PATH`;
}

function searchOf({ embedder }: Farchat): string {
  return embedder.state === "unavailable"
    ? `by words alone; the model can't be used: ${embedder.problem ?? "it is not here"}`
    : `by words and by meaning (${embedder.name})`;
}

function answersOf({ settings }: Farchat): string {
  return settings.ANTHROPIC_API_KEY
    ? `written by ${settings.CLAUDE_MODEL}, cited`
    : "quoted from the text; for answers written by Claude set ANTHROPIC_API_KEY";
}
