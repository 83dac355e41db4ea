/** What a list of answer events amounts to. */
import type {
  AnswerCitation,
  AnswerEvent,
  AnswerMode,
  AnswerUsage,
  PassageView,
} from "../answer/types.ts";

/** An answer put together from its events. `mode` is absent when no `passages` event came yet. */
export interface FoldedAnswer {
  answer: string;
  mode?: AnswerMode;
  query: string;
  passages: PassageView[];
  citations: AnswerCitation[];
  notices: string[];
  usage?: AnswerUsage;
}

/**
 * Puts an answer together. A later `passages` event starts the answer anew (Claude failed half way and the
 * extractive answer replaces it); usage counts add up, because what was spent was spent.
 */
export function foldEvents(events: Iterable<AnswerEvent>): FoldedAnswer {
  const deltas: string[] = [];
  const folded: FoldedAnswer = {
    answer: "",
    query: "",
    passages: [],
    citations: [],
    notices: [],
  };
  for (const event of events) {
    switch (event.type) {
      case "passages":
        deltas.length = 0;
        folded.mode = event.mode;
        folded.query = event.query;
        folded.passages = event.passages;
        folded.notices = [...event.notices];
        folded.citations = [];
        break;
      case "text":
        deltas.push(event.delta);
        break;
      case "citation":
        folded.citations.push(event.citation);
        break;
      case "notice":
        folded.notices.push(event.message);
        break;
      case "usage":
        folded.usage = addUsage(folded.usage, event);
        break;
    }
  }
  folded.answer = deltas.join("");
  return folded;
}

function addUsage(
  sum: AnswerUsage | undefined,
  more: AnswerUsage,
): AnswerUsage {
  const { model, inputTokens, outputTokens, cacheReadTokens, costUsd } = more;
  const usage: AnswerUsage = {
    model,
    inputTokens: inputTokens + (sum?.inputTokens ?? 0),
    outputTokens: outputTokens + (sum?.outputTokens ?? 0),
    cacheReadTokens: cacheReadTokens + (sum?.cacheReadTokens ?? 0),
  };
  if (costUsd !== undefined || sum?.costUsd !== undefined) {
    usage.costUsd = (costUsd ?? 0) + (sum?.costUsd ?? 0);
  }
  return usage;
}
