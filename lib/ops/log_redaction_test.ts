import assert from "node:assert/strict";
import type { LogRecord } from "@logtape/logtape";
import fc from "fast-check";
import { redaction, secretsOf, textCleaner } from "./log_redaction.ts";
import { loadSettings } from "./settings.ts";

const CANARY = "canary-7f3a9c1e";

function record(properties: Record<string, unknown>, ...message: unknown[]): LogRecord {
  return {
    category: ["farchat"],
    level: "info",
    timestamp: 0,
    rawMessage: "",
    message: message.length > 0 ? message : ["something"],
    properties,
  };
}

const written = (made: LogRecord) => JSON.stringify([made.message, made.properties]);

Deno.test("a known secret is taken out wherever it stands", () => {
  const redact = redaction({ secrets: [CANARY] });
  const error = new TypeError(`no host ${CANARY}`, { cause: new Error(CANARY) });
  fc.assert(fc.property(
    fc.constantFrom<unknown>(
      CANARY,
      `before ${CANARY} after`,
      [CANARY],
      { a: { b: [{ c: CANARY }] } },
      error,
      { error },
      new URL(`https://example.gov/${CANARY}`),
    ),
    fc.string({ minLength: 1 }),
    (value, name) => {
      const made = redact(record({ [name]: value }, "failed: ", value, ` ${CANARY}`));
      assert.ok(!written(made).includes(CANARY), written(made));
    },
  ));
});

Deno.test("what looks like a secret is taken out, and what is under a secret's name", () => {
  const redact = redaction();
  const texts = [
    "sk-ant-api03-Zz9_x-y",
    "gAAAAABlQx8sPZ3yIu0w1cJkqg3m9Zr2n4bT6vYxWq8eRtUuIiOoPpAaSsDdFfGg==",
    "Authorization: Bearer abcdef0123456789",
    "Cookie: farchat_browser=0123456789abcdef",
    "postgres://admin:hunter2hunter@db.example.gov/x",
  ];
  for (const text of texts) {
    const made = written(redact(record({ note: text }, "got ", text, "")));
    assert.doesNotMatch(made, /Zz9_x|ABlQx8s|abcdef01|01234567|hunter2/, text);
  }
  for (
    const name of [
      "apiKey",
      "ENCRYPTION_KEY",
      "token",
      "x-api-key",
      "Cookie",
      "password",
      "SENTRY_DSN",
    ]
  ) {
    assert.ok(!written(redact(record({ [name]: CANARY }))).includes(CANARY), name);
    assert.ok(!written(redact(record({ deep: { [name]: CANARY } }))).includes(CANARY), name);
    const made = redact(record({ [name]: CANARY }, "it is ", CANARY, ""));
    assert.ok(!written(made).includes(CANARY), `${name} in the message`);
  }
});

Deno.test("numbers and plain facts stay as they are", () => {
  const facts = { inputTokens: 12, tokens: 3, status: 200, ok: true, path: "/far/15.403-1" };
  assert.deepEqual(redaction()(record(facts)).properties, facts);
});

Deno.test("errors keep name, message, stack and cause; a circle in an object ends", () => {
  const circle: Record<string, unknown> = { name: "a" };
  circle.self = circle;
  const error = new RangeError("too long", { cause: new Error("why") });
  const { properties } = redaction()(record({ error, circle }));
  const made = properties.error as Record<string, Record<string, string>>;
  assert.equal(made.name, "RangeError");
  assert.equal(made.message, "too long");
  assert.match(String(made.stack), /RangeError: too long\n\s+at /);
  assert.equal(made.cause.message, "why");
  assert.ok(JSON.stringify(properties.circle).length < 500);
});

Deno.test("the secrets of the settings are known by value, several keys each", () => {
  const keys = ["a".repeat(43) + "=", "b".repeat(43) + "="];
  const settings = loadSettings({
    flags: {
      ANTHROPIC_API_KEY: "sk-ant-canary-1",
      METRICS_TOKEN: "metrics-canary-123",
      ENCRYPTION_KEY: keys.join(),
    },
  });
  const secrets = secretsOf(settings);
  for (const secret of ["sk-ant-canary-1", "metrics-canary-123", ...keys]) {
    assert.ok(secrets.includes(secret), secret);
  }
  const clean = textCleaner(secrets);
  assert.equal(clean("GET /?t=metrics-canary-123"), "GET /?t=[redacted]");
});
