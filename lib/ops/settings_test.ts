import assert from "node:assert/strict";
import { Problem } from "../problem.ts";
import { encrypt, generateKey } from "./fernet.ts";
import { loadSettings, resolveSettings, VARIABLES } from "./settings.ts";

function problemOf(work: () => unknown): Problem {
  try {
    work();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error("expected a Problem, found none");
}

Deno.test("without any source every setting has its default or is absent", () => {
  const settings = loadSettings();
  assert.equal(settings.PORT, 8000);
  assert.equal(settings.HOST, "127.0.0.1");
  assert.equal(settings.ANTHROPIC_API_KEY, undefined);
  assert.equal(settings.DEBUG, false);
});

Deno.test("a flag beats the environment, and the environment beats .env", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/.env`, "PORT=1111\nHOST=file\nCLAUDE_MODEL=from-file\n");
    const settings = loadSettings({
      flags: { PORT: "3333" },
      environment: { PORT: "2222", HOST: "environment" },
      folder,
    });
    assert.equal(settings.PORT, 3333);
    assert.equal(settings.HOST, "environment");
    assert.equal(settings.CLAUDE_MODEL, "from-file");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("all mistakes are told at once, each with its name, what was found and an example", () => {
  const problem = problemOf(() =>
    loadSettings({ environment: { PORT: "eighty", LOG_LEVEL: "loud", DEBUG: "perhaps" } })
  );
  assert.match(problem.message, /^3 settings are not right/);
  for (const name of ["PORT", "LOG_LEVEL", "DEBUG"]) {
    assert.ok(problem.message.includes(`${name}: expected`));
  }
  assert.match(problem.message, /found "eighty"/);
  assert.match(problem.next, /\.env/);
});

Deno.test("a wrong secret is never repeated in the message", () => {
  const problem = problemOf(() =>
    loadSettings({ environment: { ANTHROPIC_API_KEY: "sk canary" } })
  );
  assert.ok(!problem.message.includes("canary"));
  assert.match(problem.message, /a value of 9 characters/);
});

Deno.test("a secret is read from the file that <NAME>_FILE names, and a missing file is told without its path", async () => {
  const file = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(file, "sk-ant-from-a-file\n");
    assert.equal(
      loadSettings({ environment: { ANTHROPIC_API_KEY_FILE: file } }).ANTHROPIC_API_KEY,
      "sk-ant-from-a-file",
    );
  } finally {
    await Deno.remove(file);
  }
  const problem = problemOf(() => loadSettings({ environment: { ANTHROPIC_API_KEY_FILE: file } }));
  assert.match(problem.message, /ANTHROPIC_API_KEY_FILE/);
  assert.ok(!problem.message.includes(file));
});

Deno.test("an empty value counts as not set", () => {
  assert.equal(loadSettings({ environment: { PORT: " ", ANTHROPIC_API_KEY: "" } }).PORT, 8000);
});

Deno.test(".env.example names every variable and no other", async () => {
  const example = await Deno.readTextFile(new URL("../../.env.example", import.meta.url));
  const named = [...example.matchAll(/^#?\s?([A-Z][A-Z_]+)=/gm)].map((match) => match[1]);
  assert.deepEqual(named.toSorted(), Object.keys(VARIABLES).toSorted());
});

Deno.test("each value comes with its origin: flag, environment, a secret's file, .env, stored, default", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/secret`, "sk-ant-from-a-file");
    await Deno.writeTextFile(
      `${folder}/.env`,
      `LOG_LEVEL=debug\nANTHROPIC_API_KEY_FILE=${folder}/secret\nCLAUDE_MODEL=from-env-file\n`,
    );
    const { rows, settings } = resolveSettings({
      flags: { PORT: "3333" },
      environment: { HOST: "::1" },
      folder,
      stored: { ASK_LIMIT_PER_MINUTE: "7", CLAUDE_MODEL: "stored-model" },
    });
    const row = (name: string) => rows.find((row) => row.name === name)!;
    assert.equal(row("PORT").origin, "flag");
    assert.equal(row("HOST").origin, "environment");
    assert.equal(row("LOG_LEVEL").origin, ".env");
    assert.equal(row("CLAUDE_MODEL").origin, ".env", "what is stored is the weakest");
    assert.equal(row("ASK_LIMIT_PER_MINUTE").origin, "stored");
    assert.equal(settings?.ASK_LIMIT_PER_MINUTE, 7);
    assert.equal(row("DEBUG").origin, "default");
    assert.equal(row("SENTRY_DSN").origin, "not set");
    const key = row("ANTHROPIC_API_KEY");
    assert.deepEqual([key.origin, key.file, key.shown], [".env", true, "a value of 18 characters"]);
    assert.deepEqual(rows.map(({ name }) => name), Object.keys(VARIABLES));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("every secret may come from a file, and one that is set both ways is a mistake", async () => {
  const secrets = Object.entries(VARIABLES).filter(([, made]) => "secret" in made && made.secret);
  assert.ok(secrets.length >= 5);
  const file = await Deno.makeTempFile();
  try {
    for (const [name] of secrets) {
      const value = {
        ENCRYPTION_KEY: generateKey(),
        SENTRY_DSN: "https://key@sentry.example/1",
        KEY_AGE_WEBHOOK: "https://hooks.example/x",
      }[name] ?? "canary-of-a-long-secret";
      await Deno.writeTextFile(file, `${value}\n`);
      const { rows, mistakes } = resolveSettings({ environment: { [`${name}_FILE`]: file } });
      assert.deepEqual(mistakes, []);
      assert.equal(rows.find((row) => row.name === name)?.file, true);
      const both = resolveSettings({ environment: { [`${name}_FILE`]: file, [name]: value } });
      assert.match(both.mistakes.join(), new RegExp(`${name}: expected ${name} or ${name}_FILE`));
      assert.ok(!JSON.stringify(both.rows).includes(value), name);
    }
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("a secret that is a Fernet token is opened with ENCRYPTION_KEY, an older one too", () => {
  const [older, newer] = [generateKey(), generateKey()];
  const token = encrypt("sk-ant-inside", older);
  const load = (keys?: string) =>
    resolveSettings({ environment: { ANTHROPIC_API_KEY: token, ENCRYPTION_KEY: keys } });
  const one = load(older);
  assert.equal(one.settings?.ANTHROPIC_API_KEY, "sk-ant-inside");
  const row = (found: typeof one) => found.rows.find(({ name }) => name === "ANTHROPIC_API_KEY")!;
  assert.deepEqual([row(one).encrypted, row(one).olderKey], [true, false]);
  const rotated = load(`${newer}, ${older}`);
  assert.equal(rotated.settings?.ANTHROPIC_API_KEY, "sk-ant-inside");
  assert.equal(row(rotated).olderKey, true);
  assert.match(load(newer).mistakes.join(), /made with another key.*farchat key encrypt/);
  assert.match(load().mistakes.join(), /ENCRYPTION_KEY was expected/);
  for (const found of [one, rotated, load(newer), load()]) {
    const told = JSON.stringify([found.rows, found.mistakes]);
    for (const secret of [token, older, newer, "inside"]) assert.ok(!told.includes(secret));
  }
});

Deno.test("a token that was cut is told as one, and never sent to Anthropic as a key", () => {
  const key = generateKey();
  const cut = encrypt("sk-ant-inside", key).slice(0, 60);
  const { mistakes } = resolveSettings({
    environment: { ANTHROPIC_API_KEY: cut, ENCRYPTION_KEY: key },
  });
  assert.match(mistakes.join(), /too short/);
});

Deno.test("a stored secret is encrypted or refused; what the start needs can't be stored", () => {
  const key = generateKey();
  const stored = { ANTHROPIC_API_KEY: encrypt("sk-ant-stored", key), PORT: "1", unknown: "x" };
  const settings = loadSettings({ environment: { ENCRYPTION_KEY: key }, stored });
  assert.equal(settings.ANTHROPIC_API_KEY, "sk-ant-stored");
  assert.equal(settings.PORT, 8000);
  const problem = problemOf(() =>
    loadSettings({ stored: { ANTHROPIC_API_KEY: "sk-ant-canary-stored" } })
  );
  assert.match(problem.message, /a stored secret was expected to be encrypted/);
  assert.ok(!problem.message.includes("canary"));
});

Deno.test("what looks like a key in the wrong variable, and a password in an address, are not repeated", () => {
  const { rows, mistakes } = resolveSettings({
    environment: {
      ANTHROPIC_BASE_URL: "https://user:canary@proxy.example",
      PORT: "sk-ant-canary",
      CLAUDE_MODEL: "sk-ant-canary",
    },
  });
  assert.equal(mistakes.length, 2);
  assert.ok(!JSON.stringify([rows, mistakes]).includes("canary"));
});

Deno.test("lists are split at commas, and each item is checked", () => {
  const settings = loadSettings({
    environment: {
      TRUSTED_PROXIES: "127.0.0.1, 10.0.0.0/8,fd00::/8",
      CORS_ORIGINS: "https://a.example,http://b.example:8080",
      ALLOWED_FILE_TYPES: ".PDF, txt",
    },
  });
  assert.deepEqual(settings.TRUSTED_PROXIES, ["127.0.0.1", "10.0.0.0/8", "fd00::/8"]);
  assert.deepEqual(settings.CORS_ORIGINS, ["https://a.example", "http://b.example:8080"]);
  assert.deepEqual(settings.ALLOWED_FILE_TYPES, ["pdf", "txt"]);
  assert.deepEqual(loadSettings().TRUSTED_PROXIES, []);
  for (
    const wrong of [
      { TRUSTED_PROXIES: "10.0.0.0/33" },
      { TRUSTED_PROXIES: "proxy.example" },
      { TRUSTED_PROXIES: "::1/129" },
      { CORS_ORIGINS: "*" },
      { CORS_ORIGINS: "https://a.example/path" },
      { CORS_ORIGINS: "null" },
      { ALLOWED_FILE_TYPES: "../x" },
      { API_KEY_CREATED_DATE: "2026-02-31T" },
      { API_KEY_CREATED_DATE: "yesterday" },
      { ANTHROPIC_BASE_URL: "api.anthropic.com" },
      { METRICS_TOKEN: "short" },
      { ENCRYPTION_KEY: "not-a-key" },
    ]
  ) assert.equal(resolveSettings({ environment: wrong }).mistakes.length, 1, JSON.stringify(wrong));
});

Deno.test("the day of a key is read as Python's isoformat writes it", () => {
  for (const day of ["2026-01-31", "2026-01-31T08:30:00", "2026-01-31 08:30:00.123456+00:00"]) {
    const date = loadSettings({ environment: { API_KEY_CREATED_DATE: day } }).API_KEY_CREATED_DATE;
    assert.equal(date?.getUTCFullYear(), 2026, day);
  }
});

Deno.test("a .env that can't be read is told, and one that is missing is not", async () => {
  const folder = await Deno.makeTempDir();
  try {
    assert.deepEqual(resolveSettings({ folder }).mistakes, []);
    await Deno.mkdir(`${folder}/.env`);
    assert.match(resolveSettings({ folder }).mistakes.join(), /^\.env: expected a file/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
