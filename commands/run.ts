import { Problem } from "../lib/problem.ts";

/** A subcommand: takes the words after its name and returns the exit code (0 done, 1 failed, 2 wrong usage). */
export type Command = (args: string[]) => Promise<number>;

const SUMMARIES: Record<string, string> = {
  serve: "serve    [--host 127.0.0.1] [--port 8000] [--data ./farchat_data]",
  ingest: "ingest   PATH...  [--collection far|dfars|uploads]   files, folders, .xml.gz, .zip",
  search: 'search   "QUERY" [-k 10] [--json]',
  ask: 'ask      "QUESTION" [--json]',
  eval: "eval     FILE.jsonl [-k 10] [--json]",
  key:
    "key      encrypt [--current] | status [--json] | generate    the secret comes from standard input",
  doctor: "doctor   [--data ./farchat_data] [--json]",
  backup: "backup   [--to FOLDER|FILE.tar.gz] [--json]         also while a server runs",
  restore: "restore  FILE [--json]                              stop the server first",
  verify: "verify   FILE [--json]",
  openapi: "openapi",
  healthcheck: "healthcheck [--url http://127.0.0.1:8000] [--json]",
  version: "version",
};

/** What `farchat help` prints. */
export function usage(commands: Record<string, Command>): string {
  const lines = Object.keys(commands).map((name) => `    farchat ${SUMMARIES[name] ?? name}`);
  return [
    "FARchat answers questions about the FAR and the DFARS and cites each statement to the paragraph.",
    "",
    ...lines,
    "",
    "Every flag has a variable in the environment or in .env (see .env.example). --json prints one JSON document",
    "on standard output. Exit codes: 0 done, 1 failed, 2 wrong usage.",
  ].join("\n");
}

/**
 * Runs the command that the first word names and returns its exit code. A `Problem` that reaches here is printed
 * with its next step; a parse error of the flags counts as wrong usage.
 */
export async function runCommand(
  args: string[],
  commands: Record<string, Command>,
): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || ["help", "--help", "-h"].includes(name)) {
    console.log(usage(commands));
    return name === undefined ? 2 : 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    console.error(`farchat: expected a command, found ${JSON.stringify(name)}.\n`);
    console.error(usage(commands));
    return 2;
  }
  if (rest.includes("--help") || rest.includes("-h")) {
    console.log(`farchat ${SUMMARIES[name] ?? name}`);
    return 0;
  }
  try {
    return await command(rest);
  } catch (error) {
    return report(name, error);
  }
}

function report(name: string, error: unknown): number {
  if (error instanceof Problem) {
    console.error(`farchat ${name}: ${error.message}\n${error.next}`);
    return 1;
  }
  if (isUsageError(error)) {
    console.error(`farchat ${name}: ${error.message}\nUsage: farchat ${SUMMARIES[name] ?? name}`);
    return 2;
  }
  throw error;
}

/** node:util parseArgs marks its errors with these codes. */
function isUsageError(error: unknown): error is Error {
  return error instanceof Error && "code" in error &&
    String(error.code).startsWith("ERR_PARSE_ARGS_");
}
