import assert from "node:assert/strict";
import fc from "fast-check";
import { FairQueue, type Ticket } from "./fair_queue.ts";

Deno.test("nobody has a second turn before everybody who waits has had one, and places tell the order", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 12 }),
      async (owners) => {
        const queue = new FairQueue(1);
        const never = new AbortController().signal;
        const first = queue.enter("first", never);
        const order: number[] = [];
        const tickets: Ticket[] = owners.map((owner, index) => {
          const ticket = queue.enter(owner, never);
          ticket.turn.then(() => order.push(index));
          return ticket;
        });
        const predicted = tickets.map((ticket, index) => ({ index, ahead: ticket.ahead() }))
          .sort((x, y) => x.ahead - y.ahead).map(({ index }) => index);
        assert.deepEqual(
          tickets.map((t) => t.ahead()).sort((x, y) => x - y),
          owners.map((_, index) => index),
        );
        first.leave();
        for (const index of predicted) {
          await tickets[index].turn;
          assert.equal(queue.running, 1);
          tickets[index].leave();
        }
        assert.deepEqual(order, predicted);
        assert.equal(queue.waiting + queue.running, 0);
        const had: Record<string, number> = {};
        for (const index of order) {
          const owner = owners[index];
          had[owner] = (had[owner] ?? 0) + 1;
          const left = (other: string) => owners.filter((o) => o === other).length;
          for (const other of new Set(owners)) {
            assert.ok(
              (had[other] ?? 0) >= Math.min(left(other), had[owner] - 1),
              `${owner} before ${other}`,
            );
          }
        }
      },
    ),
  );
});

Deno.test("one that is aborted while it waits gives its place up, one that leaves twice frees one slot", async () => {
  const queue = new FairQueue(1);
  const never = new AbortController().signal;
  const running = queue.enter("a", never);
  const controller = new AbortController();
  const second = queue.enter("b", controller.signal);
  const third = queue.enter("c", never);
  assert.equal(third.ahead(), 1);
  controller.abort(new Error("gone"));
  await assert.rejects(second.turn, /gone/);
  assert.equal(third.ahead(), 0);
  running.leave();
  running.leave();
  await third.turn;
  assert.equal(queue.running, 1);
  await assert.rejects(queue.enter("d", controller.signal).turn, /gone/);
});
