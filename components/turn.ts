/** One question and its answer as the page shows it, and how the events of an answer change it. Pure. */
import type { AnswerCitation, AnswerEvent, AnswerMode, PassageView } from "../lib/answer/types.ts";
import type { Collection } from "../lib/regulation/types.ts";

export interface Turn {
  /** The message's id; 0 until the server has given one. */
  id: number;
  question: string;
  collections?: Collection[];
  answer: string;
  status: "streaming" | "done" | "stopped" | "failed";
  mode?: AnswerMode;
  passages: PassageView[];
  citations: AnswerCitation[];
  notices: string[];
  related: string[];
  error?: { id: string; message: string };
  /** How many wait before this one, while it waits. */
  ahead?: number;
}

/** A question just asked, before anything came back. */
export function newTurn(question: string, collections?: Collection[]): Turn {
  return {
    id: 0,
    question,
    collections,
    answer: "",
    status: "streaming",
    passages: [],
    citations: [],
    notices: [],
    related: [],
  };
}

/** The turn after an event. A second `passages` event starts the answer anew (see `AnswerEvent`). */
export function applyEvent(turn: Turn, event: AnswerEvent): Turn {
  switch (event.type) {
    case "passages":
      return {
        ...turn,
        status: "streaming",
        mode: event.mode,
        passages: event.passages,
        notices: event.notices,
        answer: "",
        citations: [],
        related: [],
        error: undefined,
        ahead: undefined,
      };
    case "queue":
      return { ...turn, ahead: event.ahead };
    case "text":
      return { ...turn, answer: turn.answer + event.delta, ahead: undefined };
    case "citation":
      return { ...turn, citations: [...turn.citations, event.citation] };
    case "notice":
      return { ...turn, notices: [...turn.notices, event.message] };
    case "usage":
      return turn;
    case "done":
      return {
        ...turn,
        id: event.message,
        mode: event.mode,
        status: event.stopped ? "stopped" : "done",
        related: event.related,
        ahead: undefined,
      };
    case "error":
      return {
        ...turn,
        status: "failed",
        error: { id: event.id, message: event.message },
        ahead: undefined,
      };
  }
}

/** What the page says of who wrote an answer. */
export function modeLabel(mode: AnswerMode, briefsOnly: boolean): string {
  if (mode === "claude") return "Written by Claude from the sources shown";
  return briefsOnly
    ? "FARchat’s summaries, not the regulation; no AI wrote this answer"
    : "Quoted from the regulation; no AI wrote this";
}

/** What is said aloud of an answer's progress: few words, not the text itself. */
export function progressLabel(turn: Turn): string {
  switch (turn.status) {
    case "streaming":
      if (turn.ahead) {
        return turn.ahead === 1
          ? "One question is being answered before yours."
          : `${turn.ahead} questions are being answered before yours.`;
      }
      if (turn.answer) return "Writing the answer.";
      return turn.passages.length > 0 ? "Reading the sources." : "Searching the FAR and DFARS.";
    case "done": {
      const count = new Set(turn.citations.map((citation) => citation.index)).size;
      if (count === 0) return "The answer is complete. It has no sources.";
      return `The answer is complete, with ${count} ${count === 1 ? "source" : "sources"}.`;
    }
    case "stopped":
      return "The answer was stopped.";
    case "failed":
      return "The answer could not be completed.";
  }
}
