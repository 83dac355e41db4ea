import assert from "node:assert/strict";
import type { DoctorReport } from "../lib/ops/doctor.ts";
import { runCommand } from "../tests/support/running_farchat.ts";
import { doctorText } from "./doctor.ts";

const REPORT: DoctorReport = {
  status: "fail",
  version: "1.2.3",
  deno: "2.9.6",
  settings: [
    {
      name: "PORT",
      shown: "x",
      origin: "environment",
      file: false,
      secret: false,
      encrypted: false,
      olderKey: false,
      mistake: "PORT: expected a number",
    },
    {
      name: "ANTHROPIC_API_KEY",
      shown: "a value of 120 characters",
      origin: ".env",
      file: true,
      secret: true,
      encrypted: true,
      olderKey: false,
    },
    {
      name: "LOG_FILE",
      origin: "not set",
      file: false,
      secret: false,
      encrypted: false,
      olderKey: false,
    },
  ],
  checks: [
    { name: "settings", status: "fail", found: "PORT: wrong\nHOST: wrong", next: "Correct them." },
    { name: "disk", status: "warn", found: "1 MB of 2 MB free", next: "Free some space." },
    { name: "clock", status: "pass", found: "2026" },
  ],
};

Deno.test("the table has a line a setting and a check, with the next step below", () => {
  const text = doctorText(REPORT);
  assert.match(text, /^ {2}PORT +x \(wrong\) +environment$/m);
  assert.match(
    text,
    /^ {2}ANTHROPIC_API_KEY +a value of 120 characters +\.env, ANTHROPIC_API_KEY_FILE, encrypted$/m,
  );
  assert.match(text, /^ {2}LOG_FILE +- +not set$/m);
  assert.match(text, /^ {2}fail {2}settings +PORT: wrong\n +HOST: wrong\n +-> Correct them\.$/m);
  assert.match(text, /^ {2}pass {2}clock +2026$/m);
  assert.match(text, /1 of 3 checks failed\.$/);
});

Deno.test("the last line says whether FARchat can run", () => {
  const last = (checks: DoctorReport["checks"]) =>
    doctorText({ ...REPORT, checks }).split("\n").at(-1);
  assert.match(last(REPORT.checks.slice(1))!, /can run; 1 of 2 checks have a warning/);
  assert.match(last(REPORT.checks.slice(2))!, /Everything FARchat needs is there/);
});

Deno.test("doctor ends with 0 when nothing fails and 1 when something does; --json prints one document", async () => {
  const folder = await Deno.makeTempDir();
  const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  try {
    const common = ["doctor", "--data", `${folder}/data`, "--json"];
    const env = { ANTHROPIC_BASE_URL: `http://127.0.0.1:${taken.addr.port}` };
    const good = await runCommand([...common, "--port", "0"], env);
    assert.equal(good.code, 0, good.out);
    assert.equal(JSON.parse(good.out).status, "pass");
    const bad = await runCommand([...common, "--port", String(taken.addr.port)], env);
    assert.equal(bad.code, 1);
    const { checks } = JSON.parse(bad.out);
    assert.deepEqual(
      checks.filter(({ status }: { status: string }) => status === "fail")
        .map(({ name }: { name: string }) => name),
      ["port"],
    );
    assert.equal((await runCommand(["doctor", "--colour"])).code, 2);
  } finally {
    taken.close();
    await Deno.remove(folder, { recursive: true });
  }
});
