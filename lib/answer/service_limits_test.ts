import assert from "node:assert/strict";
import {
  ANNA,
  BEN,
  collect,
  gate,
  problem,
  QUESTION,
  textOf,
  typist,
  withService,
} from "../../tests/support/answer_service.ts";
import { Problem } from "../problem.ts";
import { openStore } from "../store/mod.ts";
import { AnswerService } from "./service.ts";
import type { Answerer } from "./types.ts";

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
