import assert from "node:assert/strict";
import { decrypt, encrypt, generateKey } from "../lib/ops/fernet.ts";
import { VARIABLES } from "../lib/ops/settings.ts";
import { repositoryPath } from "../tests/support/shared.ts";
import { keyStatus } from "./key.ts";

const KEY = "sk-ant-canary-of-the-command";

/** Runs `farchat key ...` as a process with something on its standard input. */
async function run(args: string[], stdin = "", env: Record<string, string> = {}) {
  const unset = Object.keys(VARIABLES).flatMap((name) => [name, `${name}_FILE`]);
  const folder = await Deno.makeTempDir();
  try {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "-A", repositoryPath("main.ts"), "key", ...args],
      cwd: folder,
      env: { ...Object.fromEntries(unset.map((name) => [name, ""])), NO_COLOR: "1", ...env },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    // A command that refuses its words has ended before it reads.
    await writer.write(new TextEncoder().encode(stdin)).catch(() => {});
    await writer.close().catch(() => {});
    const { code, stdout, stderr } = await child.output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { code, out: text(stdout).trim(), err: text(stderr) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("key encrypt makes a token of standard input that ENCRYPTION_KEY opens, and prints nothing else", async () => {
  const key = generateKey();
  const { code, out, err } = await run(["encrypt"], `${KEY}\n`, { ENCRYPTION_KEY: key });
  assert.equal(code, 0, err);
  assert.equal(decrypt(out, [key]), KEY);
  assert.equal(err, "");
});

Deno.test("key encrypt --current moves the key that is set to the first of several keys", async () => {
  const [older, newer] = [generateKey(), generateKey()];
  const { code, out } = await run(["encrypt", "--current"], "", {
    ANTHROPIC_API_KEY: encrypt(KEY, older),
    ENCRYPTION_KEY: `${newer},${older}`,
  });
  assert.equal(code, 0);
  assert.equal(decrypt(out, [newer]), KEY);
});

Deno.test("a key on the command line is refused without repeating it, and no ENCRYPTION_KEY is told with the next step", async () => {
  const words = await run(["encrypt", KEY]);
  assert.equal(words.code, 2);
  assert.ok(!(words.out + words.err).includes("canary"));
  const none = await run(["encrypt"], KEY);
  assert.equal(none.code, 1);
  assert.match(none.err, /farchat key generate/);
  assert.ok(!(none.out + none.err).includes("canary"));
});

Deno.test("key generate makes a key of the form that ENCRYPTION_KEY wants", async () => {
  const { out } = await run(["generate"]);
  assert.equal(decrypt(encrypt("x", out), [out]), "x");
});

Deno.test("key status tells presence, encryption, origin, age and rotation, and no part of the key", async () => {
  const [older, newer] = [generateKey(), generateKey()];
  const token = encrypt(KEY, older);
  const now = new Date("2026-06-01T00:00:00Z");
  const environment = {
    ANTHROPIC_API_KEY: token,
    ENCRYPTION_KEY: `${newer},${older}`,
    API_KEY_CREATED_DATE: "2026-01-01",
  };
  assert.deepEqual(keyStatus({ environment }, now), {
    present: true,
    encrypted: true,
    older_encryption_key: true,
    from: "environment",
    created: "2026-01-01T00:00:00.000Z",
    age_days: 151,
    old: true,
    mistake: undefined,
  });
  assert.equal(keyStatus({}, now).present, false);
  const { out } = await run(["status"], "", environment);
  assert.match(out, /is set \(environment\), encrypted\. It is \d+ days old, more than 90/);
  for (const secret of [KEY, token, older, newer]) assert.ok(!out.includes(secret));
  const wrong = await run(["status"], "", { ...environment, ENCRYPTION_KEY: newer });
  assert.match(wrong.out, /made with another key/);
  assert.ok(!wrong.out.includes(token));
});
