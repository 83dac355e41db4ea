import assert from "node:assert/strict";
import { Problem } from "../problem.ts";
import { loadSettings, VARIABLES } from "./settings.ts";

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
