/** An answer as plain text for an e-mail or a memorandum: the words with their numbers, then the sources. */
import { withMarks } from "../lib/answer/marks.ts";
import { sourcesOf } from "./sources.ts";
import { modeLabel, type Turn } from "./turn.ts";

/** The question, the answer with "[1]" marks, and each source with its quote and official address. */
export function copyText(turn: Turn): string {
  const sources = sourcesOf(turn.citations, turn.passages);
  const answer = withMarks(turn.answer, turn.citations).replace(/\*\*(.+?)\*\*/g, "$1").trim();
  const listed = sources.map((source) => {
    const quotes = source.quotes.map((q) => `“${source.text.slice(q.start, q.end)}”`).join(" ... ");
    const summary = source.kind === "brief" ? "FARchat’s summary, not the regulation: " : "";
    const address = source.official ? `\n    ${source.official.ecfr}` : "";
    return `[${source.index}] ${source.label}, ${source.title}\n    ${summary}${quotes}${address}`;
  });
  const briefsOnly = sources.length > 0 && sources.every((source) => source.kind === "brief");
  return [
    turn.question,
    answer,
    turn.status === "stopped" ? "(The answer was stopped here.)" : "",
    listed.length > 0 ? `Sources\n${listed.join("\n")}` : "",
    turn.mode ? `${modeLabel(turn.mode, briefsOnly)} (FARchat).` : "",
  ].filter(Boolean).join("\n\n");
}
