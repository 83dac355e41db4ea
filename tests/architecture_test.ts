/** The arrows of the design: routes -> lib subjects -> store -> regulation. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { repositoryPath } from "./support/shared.ts";

const ROOT = repositoryPath();
const FOLDERS = ["lib", "routes", "islands", "components", "commands"];

function sourceFiles(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sourceFiles(path);
    return /\.tsx?$/.test(name) ? [path] : [];
  });
}

const files = FOLDERS.flatMap((folder) => sourceFiles(join(ROOT, folder)));

interface Import {
  from: string;
  to: string;
  typeOnly: boolean;
}

const imports: Import[] = files.flatMap((file) => {
  const text = readFileSync(file, "utf8");
  const found = [
    ...text.matchAll(/(?:import|export)\s+(type\s+)?(?:[^"';]*?\sfrom\s+)?"(\.{1,2}\/[^"]+)"/g),
    ...text.matchAll(/import\((\s*)"(\.{1,2}\/[^"]+)"\)/g),
  ];
  return found.map((match) => ({
    from: relative(ROOT, file),
    to: relative(ROOT, join(dirname(file), match[2])),
    typeOnly: match[1]?.trim() === "type",
  }));
});

const isTest = (path: string) => /(_test\.tsx?$|\/test_[^/]*$)/.test(path);
const inFolder = (path: string, folder: string) => path.startsWith(`${folder}/`);

function turnedRound(from: string, allowed: (to: string, typeOnly: boolean) => boolean): string[] {
  return imports
    .filter((link) => inFolder(link.from, from) && !isTest(link.from))
    .filter((link) => !inFolder(link.to, from) && !allowed(link.to, link.typeOnly))
    .map((link) => `${link.from} imports ${link.to}`);
}

Deno.test("the imports of the source are found at all", () => {
  assert.ok(imports.length > 100, `${imports.length} imports`);
});

Deno.test("lib never imports routes, islands, components or commands", () => {
  const wrong = imports.filter((link) =>
    inFolder(link.from, "lib") && !isTest(link.from) &&
    ["routes", "islands", "components", "commands"].some((folder) => inFolder(link.to, folder))
  );
  assert.deepEqual(wrong, []);
});

Deno.test("lib/regulation knows no other subject", () => {
  assert.deepEqual(turnedRound("lib/regulation", (to) => to === "lib/problem.ts"), []);
});

Deno.test("lib/store knows the regulation, and of the other subjects only types", () => {
  const allowed = (to: string, typeOnly: boolean) =>
    to === "lib/problem.ts" || inFolder(to, "lib/regulation") || typeOnly;
  assert.deepEqual(turnedRound("lib/store", allowed), []);
});

Deno.test("lib/fresh knows nothing of FARchat", () => {
  assert.deepEqual(turnedRound("lib/fresh", () => false), []);
});

Deno.test("only lib/store knows SQL", () => {
  const sql =
    /node:sqlite|\b(?:SELECT\s+[\w*(].*\sFROM|INSERT\s+INTO|DELETE\s+FROM|CREATE\s+TABLE)\b/;
  const wrong = files.filter((file) =>
    !isTest(file) && !inFolder(relative(ROOT, file), "lib/store") &&
    sql.test(readFileSync(file, "utf8"))
  ).map((file) => relative(ROOT, file));
  assert.deepEqual(wrong, []);
});

Deno.test("islands are small: they import components and pure modules, never the store or the server", () => {
  const wrong = imports.filter((link) =>
    inFolder(link.from, "islands") && !link.typeOnly && !isTest(link.from) &&
    ["lib/store", "lib/ingest", "lib/embed", "lib/retrieve", "lib/ops", "routes"].some((folder) =>
      inFolder(link.to, folder)
    )
  );
  assert.deepEqual(wrong, []);
});
