import assert from "node:assert/strict";
import { TENTS } from "../../tests/support/answer_sections.ts";
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
import type { NumberedEvent } from "./running_answer.ts";
import type { AnswerEvent } from "./types.ts";

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

Deno.test("an answer asked once is not stored", () =>
  withService({}, async (service, { store }) => {
    const events: AnswerEvent[] = [];
    for await (const event of service.answerOnce(QUESTION)) events.push(event);
    assert.equal(events[0].type, "passages");
    assert.ok(events.some(({ type }) => type === "citation"));
    assert.deepEqual(store.conversations.list(ANNA), []);
  }));
