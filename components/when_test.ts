import assert from "node:assert/strict";
import { when } from "./when.ts";

Deno.test("times are told as a list tells them", () => {
  const now = Date.UTC(2026, 10, 24, 15, 0);
  const told = (time: number) => when(time, now);
  assert.equal(told(now + 5000), "just now");
  assert.equal(told(now - 70_000), "1 minute ago");
  assert.equal(told(now - 3_000_000), "50 minutes ago");
  assert.equal(told(now - 3_600_000), "1 hour ago");
  assert.equal(told(Date.UTC(2026, 10, 23, 23, 59)), "yesterday");
  assert.equal(told(Date.UTC(2026, 0, 3)), "Jan 3");
  assert.equal(told(Date.UTC(2025, 10, 3)), "Nov 3, 2025");
});
