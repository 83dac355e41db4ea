import type { StoredMessage } from "../lib/store/types.ts";
import type { Turn } from "./turn.ts";

/** A stored message as the page shows it; what the browser does not need stays here. */
export function toTurn(message: StoredMessage): Turn {
  const { id, question, collections, answer, status, mode, passages, citations } = message;
  const { notices, related, error } = message;
  return {
    id,
    question,
    collections,
    answer,
    status,
    mode,
    passages,
    citations,
    notices,
    related,
    error,
  };
}
