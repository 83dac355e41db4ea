import assert from "node:assert/strict";
import {
  passageOf,
  retrievalOf,
  ROPES,
  storeWith,
  TENTS,
} from "../../tests/support/answer_sections.ts";
import { Problem } from "../problem.ts";
import type { Retrieval, Turn } from "../retrieve/types.ts";
import { openStore } from "../store/mod.ts";
import { ExtractiveAnswerer } from "./extractive.ts";
import type { NumberedEvent } from "./running_answer.ts";
import { AnswerService, type AnswerServiceOptions } from "./service.ts";
import type { Answerer, AnswerEvent } from "./types.ts";

const ANNA = "browser-anna";
const BEN = "browser-ben";
const QUESTION = "Who approves buying tents?";

/** An answerer that writes numbered words, waiting for `go` before each when a gate is given. */
function typist(
  words: number,
  gate?: () => Promise<void>,
): Answerer & { seen: { question: string; history: Turn[] }[] } {
  const seen: { question: string; history: Turn[] }[] = [];
  return {
    mode: "extractive",
    seen,
    async *answer(question, history): AsyncIterable<AnswerEvent> {
      seen.push({ question, history });
      yield { type: "passages", mode: "extractive", passages: [], query: question, notices: [] };
      for (let word = 1; word <= words; word++) {
        await gate?.();
        yield { type: "text", delta: `word${word} ` };
      }
    },
  };
}

/** A gate that lets through as many words as it is told to. */
function gate() {
  let open = 0;
  const waiting: (() => void)[] = [];
  return {
    pass: (): Promise<void> => {
      if (open > 0) {
        open--;
        return Promise.resolve();
      }
      return new Promise((resolve) => waiting.push(resolve));
    },
    let: (count: number) => {
      for (let i = 0; i < count; i++) {
        const next = waiting.shift();
        if (next) next();
        else open++;
      }
    },
  };
}

async function withService(
  options: Partial<AnswerServiceOptions> & { answerer?: Answerer },
  work: (service: AnswerService, store: ReturnType<typeof storeWith>) => Promise<void>,
): Promise<void> {
  const opened = storeWith([TENTS, ROPES]);
  const retriever = {
    retrieve: (question: string): Promise<Retrieval> =>
      Promise.resolve(retrievalOf(question, [passageOf(opened.store, "far", "97.201")])),
    related: () => ["And for ropes?"],
  };
  const service = new AnswerService({
    store: opened.store,
    retriever,
    answerers: { extractive: options.answerer ?? new ExtractiveAnswerer(opened.store) },
    ...options,
  });
  try {
    await work(service, opened);
  } finally {
    await service.close(0);
    opened.close();
  }
}

async function collect(
  events: AsyncIterable<NumberedEvent>,
  most = Infinity,
): Promise<NumberedEvent[]> {
  const all: NumberedEvent[] = [];
  if (most <= 0) return all;
  for await (const event of events) {
    all.push(event);
    if (all.length >= most) break;
  }
  return all;
}

function textOf(events: NumberedEvent[]): string {
  return events.map(({ event }) => event.type === "text" ? event.delta : "").join("");
}

function problem(status: number, message?: RegExp) {
  return (error: unknown) =>
    error instanceof Problem && error.status === status && (message?.test(error.message) ?? true) &&
    error.next !== "";
}

Deno.test("an answer is written apart from the request, stored, and ends with done", () =>
  withService({}, async (service, { store }) => {
    const { conversation, message } = await service.ask({
      browser: ANNA,
      question: `  ${QUESTION}\u0000 `,
    });
    const events = await collect(service.events(message, ANNA));
    assert.deepEqual(events.map(({ seq }) => seq), events.map((_, index) => index + 1));
    assert.equal(events[0].event.type, "passages");
    const last = events.at(-1)!.event;
    assert.deepEqual(last, {
      type: "done",
      conversation,
      message,
      mode: "extractive",
      stopped: false,
      related: ["And for ropes?"],
    });
    const stored = await service.finished(message);
    assert.equal(stored.status, "done");
    assert.equal(stored.question, QUESTION);
    assert.equal(stored.answer, textOf(events));
    assert.ok(stored.citations.length > 0);
    for (const citation of stored.citations) {
      assert.equal(citation.quote, TENTS.text.slice(citation.start, citation.end));
    }
    assert.equal(store.conversations.get(conversation, ANNA)!.turns.length, 1);
  }));

Deno.test("wherever a reader resumes, what it has and what it gets make the same answer", () =>
  withService({ answerer: typist(12) }, async (service) => {
    const { message } = await service.ask({ browser: ANNA, question: QUESTION });
    const whole = await collect(service.events(message, ANNA));
    for (let after = 0; after <= whole.length; after++) {
      const rest = await collect(service.events(message, ANNA, after));
      assert.deepEqual([...whole.slice(0, after), ...rest], whole);
    }
  }));

Deno.test("two readers get every event, one of them joining half way and one leaving early", () => {
  const door = gate();
  return withService({ answerer: typist(6, door.pass) }, async (service) => {
    const { message } = await service.ask({ browser: ANNA, question: QUESTION });
    const first = collect(service.events(message, ANNA));
    const leaver = collect(service.events(message, ANNA), 2);
    door.let(3);
    assert.equal((await leaver).length, 2);
    const joiner = collect(service.events(message, ANNA, 2));
    door.let(3);
    const [all, rest] = await Promise.all([first, joiner]);
    assert.equal(textOf(all), "word1 word2 word3 word4 word5 word6 ");
    assert.deepEqual(rest, all.slice(2));
  });
});

Deno.test("a reader that resumes long after the end gets the stored answer anew", () =>
  withService({ keep: 5 }, async (service) => {
    const { message } = await service.ask({ browser: ANNA, question: QUESTION });
    const live = await collect(service.events(message, ANNA));
    await new Promise((resolve) => setTimeout(resolve, 40));
    const again = await collect(service.events(message, ANNA, 2));
    assert.equal(again[0].event.type, "passages");
    assert.equal(again[0].seq, 3);
    assert.equal(textOf(again), textOf(live));
    const citations = (events: NumberedEvent[]) =>
      events.filter(({ event }) => event.type === "citation").map(({ event }) => event);
    assert.deepEqual(citations(again), citations(live));
    assert.equal(again.at(-1)!.event.type, "done");
  }));

Deno.test("stop ends the answer where it is and keeps what was written", () => {
  const door = gate();
  return withService({ answerer: typist(100, door.pass) }, async (service) => {
    const { message } = await service.ask({ browser: ANNA, question: QUESTION });
    const reading = collect(service.events(message, ANNA));
    door.let(2);
    await collect(service.events(message, ANNA), 3);
    assert.equal(service.stop(message, BEN), false, "another browser's stop does nothing");
    assert.equal(service.stop(message, ANNA), true);
    const last = (await reading).at(-1)!.event;
    assert.ok(last.type === "done" && last.stopped);
    const stored = await service.finished(message);
    assert.equal(stored.status, "stopped");
    assert.equal(stored.answer, "word1 word2 ");
    assert.equal(service.stop(message, ANNA), false, "it has ended already");
  });
});

Deno.test("retry replaces the answer, also of a message that is not the last", () =>
  withService({ answerer: typist(2) }, async (service, { store }) => {
    const first = await service.ask({ browser: ANNA, question: "One?", collections: ["far"] });
    await service.finished(first.message);
    const second = await service.ask({
      browser: ANNA,
      question: "Two?",
      conversation: first.conversation,
    });
    await service.finished(second.message);
    const again = await service.retry(first.message, ANNA);
    const stored = await service.finished(again.message);
    assert.equal(stored.question, "One?");
    assert.deepEqual(stored.collections, ["far"]);
    const turns = store.conversations.get(first.conversation, ANNA)!.turns;
    assert.deepEqual(turns.map(({ question, id }) => [question, id]), [["Two?", second.message], [
      "One?",
      again.message,
    ]]);
    await assert.rejects(service.retry(second.message, BEN), problem(404));
    await assert.rejects(service.retry(first.message, ANNA), problem(404));
  }));

Deno.test("retry of an answer that is being written stops it first", () => {
  const door = gate();
  return withService({ answerer: typist(3, door.pass) }, async (service, { store }) => {
    const first = await service.ask({ browser: ANNA, question: QUESTION });
    door.let(1);
    await collect(service.events(first.message, ANNA), 2);
    const again = await service.retry(first.message, ANNA);
    door.let(10);
    assert.equal((await service.finished(again.message)).answer, "word1 word2 word3 ");
    assert.equal(store.conversations.get(first.conversation, ANNA)!.turns.length, 1);
  });
});

Deno.test("a follow-up is answered with the conversation so far", () => {
  const writer = typist(1);
  return withService({ answerer: writer }, async (service) => {
    const first = await service.ask({ browser: ANNA, question: "One?" });
    await service.finished(first.message);
    const second = await service.ask({
      browser: ANNA,
      question: "And for DoD?",
      conversation: first.conversation,
    });
    await service.finished(second.message);
    assert.deepEqual(writer.seen[1].history, [{ question: "One?", answer: "word1 " }]);
  });
});

Deno.test("a question that is empty, too long or not text is refused and nothing is stored", () =>
  withService({}, async (service, { store }) => {
    const ask = (question: unknown) => service.ask({ browser: ANNA, question: question as string });
    await assert.rejects(ask(""), problem(400, /empty/));
    await assert.rejects(ask(" \n\u0007\u202e "), problem(400, /empty/));
    await assert.rejects(ask(undefined), problem(400, /found none/));
    await assert.rejects(ask("a".repeat(20_000)), problem(413, /4,000 characters, found 20,000/));
    await assert.rejects(ask("😀".repeat(4001)), problem(413, /found 4,001/));
    await assert.rejects(
      service.ask({ browser: ANNA, question: QUESTION, collections: ["cfr" as "far"] }),
      problem(400),
    );
    assert.deepEqual(store.conversations.list(ANNA), []);
  }));

Deno.test("another language and HTML are stored as they were typed", () =>
  withService({}, async (service) => {
    for (
      const question of [
        "¿Quién aprueba las tiendas?",
        "<script>alert(1)</script> & who?",
        "誰が承認しますか",
        "😀".repeat(4000),
      ]
    ) {
      const { message } = await service.ask({ browser: ANNA, question });
      assert.equal((await service.finished(message)).question, question);
    }
  }));

Deno.test("an unknown conversation and another browser's are the same 404", () =>
  withService({}, async (service) => {
    const mine = await service.ask({ browser: ANNA, question: QUESTION });
    await service.finished(mine.message);
    const messages: string[] = [];
    for (
      const attempt of [
        () => service.ask({ browser: BEN, question: "And?", conversation: mine.conversation }),
        () => service.ask({ browser: BEN, question: "And?", conversation: "nowhere" }),
        () => service.ask({ browser: BEN, question: "And?", conversation: 7 as unknown as string }),
      ]
    ) {
      await assert.rejects(attempt(), (error) => {
        messages.push((error as Problem).message);
        return problem(404)(error);
      });
    }
    assert.equal(new Set(messages).size, 1);
    await assert.rejects(collect(service.events(mine.message, BEN)), problem(404));
    await assert.rejects(collect(service.events(4711, ANNA)), problem(404));
    await assert.rejects(collect(service.events(NaN, ANNA)), problem(404));
    await assert.rejects(service.finished(4711), problem(404));
    assert.equal(service.deleteConversation(mine.conversation, BEN), false);
  }));

Deno.test("deleting a conversation ends the answer that is written in it and leaves nothing", () => {
  const door = gate();
  return withService({ answerer: typist(50, door.pass) }, async (service, { store }) => {
    const { conversation, message } = await service.ask({ browser: ANNA, question: QUESTION });
    const reading = collect(service.events(message, ANNA));
    door.let(2);
    await collect(service.events(message, ANNA), 3);
    assert.equal(service.deleteConversation(conversation, ANNA), true);
    const last = (await reading).at(-1)!.event;
    assert.ok(last.type === "error" && /deleted/.test(last.message));
    store.conversations.flush();
    assert.equal(store.conversations.get(conversation, ANNA), undefined);
    assert.equal(store.conversations.message(message), undefined);
    await assert.rejects(service.finished(message), problem(404));
  });
});

Deno.test("only so many answers are written at once, browsers take turns, and those who wait learn their place", () => {
  const door = gate();
  const writer = typist(1, door.pass);
  return withService({ answerer: writer, atOnce: 1 }, async (service) => {
    const ask = (browser: string, question: string) => service.ask({ browser, question });
    const running = await ask(ANNA, "A1");
    await collect(service.events(running.message, ANNA), 1);
    const a2 = await ask(ANNA, "A2");
    const a3 = await ask(ANNA, "A3");
    const b1 = await ask(BEN, "B1");
    assert.deepEqual(service.load, { writing: 1, waiting: 3 });
    const place = async (message: number, browser: string) =>
      (await collect(service.events(message, browser), 1))[0];
    assert.deepEqual(await place(a2.message, ANNA), { seq: 0, event: { type: "queue", ahead: 0 } });
    assert.deepEqual(await place(b1.message, BEN), { seq: 0, event: { type: "queue", ahead: 1 } });
    assert.deepEqual(await place(a3.message, ANNA), { seq: 0, event: { type: "queue", ahead: 2 } });
    const waiting = collect(service.events(a3.message, ANNA));
    door.let(10);
    const told = (await waiting).filter(({ event }) => event.type === "queue").map(({ event }) =>
      event.type === "queue" && event.ahead
    );
    assert.deepEqual(told, [2, 1, 0]);
    await Promise.all([a2, a3, b1].map(({ message }) => service.finished(message)));
    assert.deepEqual(writer.seen.map(({ question }) => question), ["A1", "A2", "B1", "A3"]);
  });
});

Deno.test("one who waits can be stopped, and those who wait are limited", () => {
  const door = gate();
  return withService({
    answerer: typist(1, door.pass),
    atOnce: 1,
    mostWaitingOfOne: 2,
    mostWaiting: 3,
  }, async (service) => {
    const ask = (browser: string) => service.ask({ browser, question: QUESTION });
    await ask(ANNA);
    const waiting = await ask(ANNA);
    await ask(ANNA);
    await assert.rejects(ask(ANNA), problem(429, /2 of your questions/));
    await ask(BEN);
    await assert.rejects(ask("browser-carla"), problem(503, /3 questions wait/));
    assert.equal(service.stop(waiting.message, ANNA), true);
    assert.equal((await service.finished(waiting.message)).status, "stopped");
    await ask(ANNA);
    door.let(10);
  });
});

Deno.test("an answer that fails says so with an id and nothing else, and the next one is written", () => {
  let calls = 0;
  const broken: Answerer = {
    mode: "extractive",
    // deno-lint-ignore require-yield
    async *answer() {
      calls++;
      await Promise.resolve();
      throw new Error("fts5: syntax error near SECRET-QUESTION in /home/x/farchat.db");
    },
  };
  return withService({ answerer: broken, atOnce: 1 }, async (service) => {
    const { message } = await service.ask({ browser: ANNA, question: QUESTION });
    const last = (await collect(service.events(message, ANNA))).at(-1)!.event;
    assert.ok(last.type === "error" && /^[0-9a-f]{8}$/.test(last.id));
    assert.doesNotMatch(JSON.stringify(last), /SECRET|home/);
    const stored = await service.finished(message);
    assert.equal(stored.status, "failed");
    assert.deepEqual(stored.error, { id: last.id, message: last.message });
    await service.finished((await service.ask({ browser: ANNA, question: QUESTION })).message);
    assert.equal(calls, 2);
  });
});

Deno.test("closing takes no more questions and marks what is not finished as stopped", () => {
  const door = gate();
  return withService({ answerer: typist(5, door.pass), atOnce: 1 }, async (service, { store }) => {
    const running = await service.ask({ browser: ANNA, question: "A" });
    const waiting = await service.ask({ browser: ANNA, question: "B" });
    door.let(2);
    await collect(service.events(running.message, ANNA), 3);
    const reading = collect(service.events(running.message, ANNA));
    const closed = service.close(20);
    await assert.rejects(service.ask({ browser: BEN, question: "C" }), problem(503));
    await closed;
    const last = (await reading).at(-1)!.event;
    assert.ok(last.type === "done" && last.stopped);
    const [one, two] = [running, waiting].map(({ message }) =>
      store.conversations.message(message)!
    );
    assert.equal(one.status, "stopped");
    assert.equal(one.answer, "word1 word2 ");
    assert.equal(one.notices.length, 1);
    assert.match(one.notices[0], /shut down/);
    assert.equal(two.status, "stopped");
  });
});

Deno.test("closing lets an answer finish that needs only a moment", () => {
  const door = gate();
  return withService({ answerer: typist(2, door.pass) }, async (service, { store }) => {
    const { message } = await service.ask({ browser: ANNA, question: "A" });
    const closed = service.close(5000);
    door.let(2);
    await closed;
    assert.equal(store.conversations.message(message)!.status, "done");
  });
});

Deno.test("after a crash the next start keeps what was written and says that it was interrupted", () => {
  const door = gate();
  return withService({ answerer: typist(9, door.pass) }, async (service, { store, path }) => {
    const { message } = await service.ask({ browser: ANNA, question: QUESTION });
    door.let(3);
    await collect(service.events(message, ANNA), 4);
    store.conversations.flush(); // what a killed process had written: within 100 ms of the event
    const copy = `${path}.copy`;
    await Deno.writeFile(copy, await Deno.readFile(path));
    await Deno.writeFile(`${copy}-wal`, await Deno.readFile(`${path}-wal`));
    const reopened = openStore({ path: copy });
    const next = new AnswerService({
      store: reopened,
      retriever: { retrieve: () => Promise.reject(new Error("unused")), related: () => [] },
      answerers: { extractive: typist(1) },
    });
    assert.equal(next.recover(), 1);
    const stored = await next.finished(message);
    assert.equal(stored.status, "stopped");
    assert.equal(stored.answer, "word1 word2 word3 ");
    assert.match(stored.notices[0], /interrupted/);
    const again = await collect(next.events(message, ANNA));
    assert.equal(textOf(again), "word1 word2 word3 ");
    await next.close();
    reopened.close();
    door.let(20);
    await service.finished(message);
  });
});

Deno.test("an answer asked once is not stored", () =>
  withService({}, async (service, { store }) => {
    const events: AnswerEvent[] = [];
    for await (const event of service.answerOnce(QUESTION)) events.push(event);
    assert.equal(events[0].type, "passages");
    assert.ok(events.some(({ type }) => type === "citation"));
    assert.deepEqual(store.conversations.list(ANNA), []);
  }));
