/** Finding what a question of a conversation is answered from. */
import { isFollowUp } from "../retrieve/follow_up.ts";
import type { Filters, Retrieval, Turn } from "../retrieve/types.ts";
import { orAbort } from "./service_support.ts";
import type { AnswerUsage } from "./types.ts";
import type { WatchedAnswer } from "./watch.ts";

/** The part of the retriever that answering uses. */
export interface AnswerRetriever {
  retrieve(question: string, history: Turn[], filters?: Filters): Promise<Retrieval>;
  related(retrieval: Retrieval, limit: number): string[] | Promise<string[]>;
}

export interface Rewritten {
  /** Absent where none could be made. */
  standAlone?: string;
  /** What it took, also when nothing came of it. */
  usage?: AnswerUsage;
}

/** Makes a stand-alone question of a follow-up. It rejects only when the signal aborts. */
export interface Rewriter {
  rewrite(question: string, history: readonly Turn[], signal: AbortSignal): Promise<Rewritten>;
}

/**
 * Searches for a question, a follow-up as the rewriter puts it where there is one, else by the retriever's rules.
 * Rejects with the signal's reason as soon as it aborts.
 */
export async function search(
  { retriever, rewriter }: { retriever: AnswerRetriever; rewriter?: Rewriter },
  { question, history, collections }: {
    question: string;
    history: Turn[];
    collections: Filters["collections"];
  },
  { controller: { signal }, watched }: { controller: AbortController; watched: WatchedAnswer },
): Promise<Retrieval> {
  let standAlone: string | undefined;
  if (rewriter && history.length > 0 && isFollowUp(question)) {
    const rewritten = await watched.during(
      "rewrite",
      () => orAbort(rewriter.rewrite(question, history, signal), signal),
    );
    if (rewritten.usage) watched.spent(rewritten.usage);
    standAlone = rewritten.standAlone;
  }
  return await orAbort(retriever.retrieve(question, history, { collections, standAlone }), signal);
}
