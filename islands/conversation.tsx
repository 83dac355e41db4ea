import { useEffect, useRef, useState } from "preact/hooks";
import { markId, sourceId } from "../components/answer_body.tsx";
import { follow, Refused } from "../components/chat_stream.ts";
import { copyToClipboard } from "../components/clipboard.ts";
import { copyText } from "../components/copy_text.ts";
import { applyEvent, newTurn, progressLabel, type Turn } from "../components/turn.ts";
import { TurnView } from "../components/turn_view.tsx";
import type { Collection } from "../lib/regulation/types.ts";
import AskForm from "./ask_form.tsx";

interface ConversationProps {
  id: string;
  turns: Turn[];
  scope: string;
}

/** What the reader points at: the mark under the pointer or focus, else the one chosen last. */
interface Pointed {
  turn: number;
  source: number;
}

/** A conversation: answers stream in, marks and sources are tied, the next question is asked below. */
export default function Conversation({ id, turns: stored, scope }: ConversationProps) {
  const [turns, setTurns] = useState(stored);
  const [chosen, setChosen] = useState<Pointed>();
  const [hovered, setHovered] = useState<Pointed>();
  const [connection, setConnection] = useState<string>();
  const [copied, setCopied] = useState(0);
  const root = useRef<HTMLDivElement>(null);
  const running = useRef<AbortController | undefined>(undefined);
  const asked = useRef(false);
  const last = turns[turns.length - 1];
  const writing = last?.status === "streaming";

  useEffect(() => {
    // A reload in the middle of an answer takes it up from its beginning; the events come fast.
    if (stored.at(-1)?.status === "streaming") run({ message: stored.at(-1)!.id });
    return () => running.current?.abort();
  }, []);

  // Before the answer came there was nothing below the question to scroll to.
  useEffect(() => {
    if (asked.current && last.answer !== "") {
      asked.current = false;
      toLastQuestion();
    }
  }, [last?.answer]);

  /** Changes the last turn. */
  const change = (update: (turn: Turn) => Turn) =>
    setTurns((all) => [...all.slice(0, -1), update(all[all.length - 1])]);

  async function run(
    from: { start: (signal: AbortSignal) => Promise<Response> } | { message: number },
  ) {
    running.current?.abort();
    const abort = running.current = new AbortController();
    const now = () => running.current === abort;
    setConnection(undefined);
    try {
      await follow({
        ...("start" in from ? { start: () => from.start(abort.signal) } : from),
        signal: abort.signal,
        onMessage: (message) => now() && change((turn) => ({ ...turn, id: message })),
        onEvent: (event) => {
          if (!now()) return;
          setConnection(undefined);
          change((turn) => applyEvent(turn, event));
        },
        onReconnecting: () =>
          now() && setConnection("The connection was lost. FARchat is trying again."),
      });
    } catch (error) {
      if (!now() || abort.signal.aborted) return;
      const message = error instanceof Refused
        ? `${error.message} ${error.next}`
        : "FARchat can’t be reached. Check the connection, then choose Retry; what was written is kept.";
      setConnection(undefined);
      change((turn) => ({ ...turn, status: "failed", error: { id: "", message } }));
    }
  }

  function ask(question: string, collections?: Collection[]) {
    if (writing) return;
    setTurns((all) => [...all, newTurn(question, collections)]);
    setChosen(undefined);
    run({
      start: (signal) => post("/api/v1/chat", { question, conversation: id, collections }, signal),
    });
    asked.current = true;
    requestAnimationFrame(() => toLastQuestion());
  }

  /** Reading goes on at the question just asked. */
  function toLastQuestion() {
    const headings = root.current?.querySelectorAll<HTMLElement>(".turn-question");
    const heading = headings?.[headings.length - 1];
    heading?.focus({ preventScroll: true });
    heading?.scrollIntoView({ block: "start", behavior: motion() });
  }

  function retry() {
    const { id: message, question, collections } = last;
    setTurns((all) => [...all.slice(0, -1), newTurn(question, collections)]);
    // A question that never reached the server is asked again, one that did is retried.
    const start = (signal: AbortSignal) =>
      message > 0
        ? post(`/api/v1/chat/${message}/retry`, {}, signal)
        : post("/api/v1/chat", { question, conversation: id, collections }, signal);
    run({ start });
  }

  async function copy(turn: Turn) {
    const done = await copyToClipboard(copyText(turn));
    setCopied(done ? turn.id : 0);
    setConnection(
      done ? undefined : "The browser did not allow copying. Select the text and copy it instead.",
    );
    setTimeout(() => setCopied(0), 3000);
  }

  function onClick(event: MouseEvent) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    const target = event.target as Element;
    const pointed = pointedAt(target);
    const mark = target.closest("a.cite");
    if (mark && pointed) {
      event.preventDefault();
      setChosen(pointed);
      const back = mark.classList.contains("back");
      const goal = document.getElementById(
        back ? markId(pointed.turn, pointed.source) : sourceId(pointed.turn, pointed.source),
      );
      goal?.focus({ preventScroll: true });
      goal?.scrollIntoView({ block: "nearest", behavior: motion() });
      return;
    }
    const act = target.closest<HTMLElement>("button[data-act]")?.dataset.act;
    const turn = turns.find((turn) => turn.id === turnOf(target));
    if (act === "stop") fetch(`/api/v1/chat/${last.id}/stop`, { method: "POST" }).catch(() => {});
    if (act === "copy" && turn) copy(turn);
  }

  function onSubmit(event: SubmitEvent) {
    const form = (event.target as Element).closest<HTMLFormElement>("form[data-act]");
    if (!form) return;
    event.preventDefault();
    if (form.dataset.act === "retry") retry();
    const question = (event.submitter as HTMLButtonElement | null)?.value;
    if (form.dataset.act === "ask" && question) ask(question, last.collections);
  }

  return (
    <div
      class="conversation"
      ref={root}
      onClick={onClick}
      onSubmit={onSubmit}
      onMouseOver={(event) => setHovered(pointedAt(event.target as Element))}
      onMouseLeave={() => setHovered(undefined)}
      onFocusIn={(event) => setHovered(pointedAt(event.target as Element))}
      onFocusOut={() => setHovered(undefined)}
    >
      {turns.map((turn, i) => {
        const pointed = [hovered, chosen].find((one) => one?.turn === turn.id);
        const isLast = i === turns.length - 1;
        return (
          <TurnView
            key={i}
            turn={turn}
            conversation={id}
            first={i === 0}
            last={isLast}
            active={pointed?.source}
            connection={isLast ? connection : undefined}
            copied={copied === turn.id && turn.id > 0}
          />
        );
      })}
      <p class="visually-hidden" role="status">
        {last && (copied ? "Copied." : connection ?? progressLabel(last))}
      </p>
      <section class="follow-up" aria-labelledby="follow-up-title">
        <h2 id="follow-up-title">Ask a follow-up</h2>
        <AskForm
          id="follow-up"
          action={`/c/${id}/ask`}
          label="Your next question"
          placeholder="For example: And for DoD?"
          scope={scope}
          small
          busy={writing}
          onAsk={ask}
        />
      </section>
    </div>
  );
}

function post(url: string, body: unknown, signal: AbortSignal): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify(body),
    signal,
  });
}

function turnOf(element: Element): number {
  return Number(element.closest<HTMLElement>("[data-turn]")?.dataset.turn ?? -1);
}

function pointedAt(element: Element): Pointed | undefined {
  const source = element.closest<HTMLElement>("[data-source], .cite.back")?.closest<HTMLElement>(
    "[data-source]",
  );
  return source ? { turn: turnOf(source), source: Number(source.dataset.source) } : undefined;
}

function motion(): ScrollBehavior {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
}
