import { useEffect, useRef, useState } from "preact/hooks";
import { asQuestion, moveOption, type Suggestion } from "./suggestions.ts";

/** Fewer letters than this match everything. */
const MIN_LETTERS = 3;
const WAIT_MS = 120;

/** The suggestions of a field: what is offered, which is pointed at, and what the keys do. */
export interface Suggestions {
  options: Suggestion[];
  open: boolean;
  /** Index of the option pointed at, -1 for the field itself. */
  current: number;
  /** To be called with what is in the field whenever somebody types. */
  typed(text: string): void;
  close(): void;
  /** Handles a key; true when it was one of the list's. `choose` gets the option Enter was pressed on. */
  key(event: KeyboardEvent, choose: (option: Suggestion) => void): boolean;
}

/**
 * Asks the server for suggestions while somebody types, 120 ms after the last letter, the last question winning.
 * A failure offers nothing: the field works without.
 */
export function useSuggestions(
  load: (text: string, signal: AbortSignal) => Promise<Suggestion[]>,
): Suggestions {
  const [options, setOptions] = useState<Suggestion[]>([]);
  const [current, setCurrent] = useState(-1);
  const pending = useRef<{ timer?: ReturnType<typeof setTimeout>; abort?: AbortController }>({});
  const stop = () => {
    clearTimeout(pending.current.timer);
    pending.current.abort?.abort();
  };
  useEffect(() => stop, []);
  const close = () => {
    stop();
    setOptions([]);
    setCurrent(-1);
  };
  const open = options.length > 0;
  return {
    options,
    open,
    current,
    close,
    typed(text) {
      stop();
      setCurrent(-1);
      if (text.trim().length < MIN_LETTERS || text.length > 200) return setOptions([]);
      const abort = new AbortController();
      pending.current = {
        abort,
        timer: setTimeout(
          () => load(text.trim(), abort.signal).then(setOptions, () => {}),
          WAIT_MS,
        ),
      };
    },
    key(event, choose) {
      if (!open || event.isComposing) return false;
      if (event.key === "Escape") close();
      else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        setCurrent(moveOption(event.key, current, options.length));
      } else if (event.key === "Enter" && current >= 0) {
        choose(options[current]);
        close();
      } else return false;
      event.preventDefault();
      return true;
    },
  };
}

interface SuggestAnswer {
  suggestions?: { question: string; collection: "far" | "dfars"; section: string }[];
}

/** Questions of the bank that begin like the text. */
export async function loadSuggestions(text: string, signal: AbortSignal): Promise<Suggestion[]> {
  const response = await fetch(`/api/v1/suggest?q=${encodeURIComponent(text)}`, { signal });
  if (!response.ok) return [];
  const { suggestions = [] } = await response.json() as SuggestAnswer;
  return suggestions.map(({ question, collection, section }) => ({
    text: asQuestion(question),
    label: `${collection.toUpperCase()} ${section}`,
    href: `/${collection}/${section}`,
  }));
}
