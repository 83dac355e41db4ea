/** What tests of deployment files use: programs that may be missing, and files read. */
import { readFileSync } from "node:fs";
import { parse as parseToml } from "smol-toml";
import { parse as parseYaml, parseAllDocuments } from "yaml";
import { VARIABLES } from "../../lib/ops/settings.ts";
import { repositoryPath } from "../support/shared.ts";

/** A run of a program that has ended. */
export interface Ended {
  code: number;
  /** Standard output and error. */
  output: string;
}

/** Runs a program to its end. */
export async function run(
  command: string,
  args: string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<Ended> {
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    ...options,
  }).output();
  const decoder = new TextDecoder();
  return { code, output: decoder.decode(stdout) + decoder.decode(stderr) };
}

/** Where a program is, looked for where administrators' programs are too; undefined and a line that says so otherwise. */
export function program(name: string, what: string): string | undefined {
  for (const folder of ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/bin"]) {
    try {
      if (Deno.statSync(`${folder}/${name}`).isFile) return `${folder}/${name}`;
    } catch {
      // Not there.
    }
  }
  console.log(`no ${name} on this machine: ${what} is left out`);
  return undefined;
}

/** A test that needs a program, and is left out without it. */
export function testWith(
  name: string | undefined,
  title: string,
  work: (command: string) => void | Promise<void>,
): void {
  Deno.test({ name: title, ignore: name === undefined, fn: () => work(name!) });
}

/** The text of a file of the repository. */
export function read(path: string): string {
  return readFileSync(repositoryPath(path), "utf8");
}

// deno-lint-ignore no-explicit-any -- the files' shape is what the tests are about
export type Document = any;

/** A YAML file of the repository. */
export function yaml(path: string): Document {
  return parseYaml(read(path), { strict: true, uniqueKeys: true });
}

/** Every document of a YAML text. */
export function yamlDocuments(text: string): Document[] {
  return parseAllDocuments(text).map((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    return document.toJS();
  });
}

/** A TOML file of the repository. */
export function toml(path: string): Document {
  return parseToml(read(path));
}

/** Which of these names of variables are no settings of FARchat, nor what the system or its runtime reads. */
export function unknownSettings(names: string[]): string[] {
  const others = ["HOME", "TMPDIR", "ORT_DISABLE_TELEMETRY", "DENO_NO_UPDATE_CHECK"];
  return names.filter((name) =>
    !Object.hasOwn(VARIABLES, name) && !others.includes(name) &&
    !(name.endsWith("_FILE") && (VARIABLES as Document)[name.slice(0, -5)]?.secret)
  );
}
