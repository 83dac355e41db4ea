import assert from "node:assert/strict";
import { PROBLEM_KINDS, problemType, problemTypes } from "./problem_kinds.ts";

Deno.test("the types of problems are the names that /api/v1 promised", () => {
  // Written out: a type that changes breaks those who compare it.
  const promised =
    "invalid-request other-site not-found unknown-section method-not-allowed too-large not-json " +
    "too-many-requests unexpected unavailable disk-full";
  const names = problemTypes().map((type) => type.replace("/api/v1/docs#problem-", ""));
  assert.equal(names.join(" "), promised);
});

Deno.test("every status has a type, one without a kind of its own that of its class", () => {
  const table: [number, keyof typeof PROBLEM_KINDS][] = [
    [400, "invalid-request"],
    [404, "not-found"],
    [429, "too-many-requests"],
    [507, "disk-full"],
    [409, "invalid-request"],
    [422, "invalid-request"],
    [502, "unexpected"],
  ];
  for (const [status, kind] of table) assert.equal(problemType(status), PROBLEM_KINDS[kind].type);
});
