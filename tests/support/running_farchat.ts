/**
 * FARchat as people run it: `main.ts` as a process of its own with the permissions of deno.json's tasks, in a data
 * folder of its own that goes away with it. Use it with `await using`: nothing is left running when a test fails.
 */
import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { TextLineStream } from "./lines.ts";
import { repositoryPath } from "./shared.ts";
import { VARIABLES } from "../../lib/ops/settings.ts";

/** How long a start may take on a machine that has much else to do, in milliseconds. */
const START_MS = 120_000;

export interface FarchatOptions {
  /** Folder with a prepared database; the server gets a copy. */
  from?: string;
  /** Use this data folder itself, and leave it there. */
  data?: string;
  env?: Record<string, string>;
  /** What takes the place of the task's `--allow-net`. */
  net?: string;
  /** Gives another command line in place of this one (Deno and its arguments), such as one that limits it. */
  wrap?: (command: string[]) => string[];
}

/** A server that listens. */
export interface RunningFarchat extends AsyncDisposable {
  url: string;
  data: string;
  /** From the start of the process to its banner, in milliseconds. */
  startedMs: number;
  /** What it wrote to standard error so far, by line. */
  lines: string[];
  /** Resolves with the first line, past or to come, that matches. Rejects when the process ends without one. */
  line(pattern: RegExp): Promise<string>;
  /** SIGTERM, and waits for the end: what `docker stop` does. Returns the exit code. */
  stop(): Promise<number>;
  /** SIGKILL: what a power cut does. */
  kill(): Promise<void>;
}

/** A run of the command line that has ended. */
export interface Finished {
  code: number;
  out: string;
  err: string;
}

/** A run of the command line that goes on. */
export interface Running {
  lines: string[];
  line(pattern: RegExp): Promise<string>;
  signal(name: Deno.Signal): void;
  finished: Promise<Finished>;
}

// A test that throws before it cleans up, or a run that is cut off, must not leave a server behind.
const children = new Set<Deno.ChildProcess>();
globalThis.addEventListener("unload", () => {
  for (const child of children) kill(child, "SIGKILL");
});

/** Starts the server and waits for its banner. */
export async function startFarchat(options: FarchatOptions = {}): Promise<RunningFarchat> {
  const folder = Deno.makeTempDirSync({ prefix: "farchat_e2e_" });
  const data = options.data ?? join(folder, "farchat_data");
  if (options.from) cpSync(options.from, data, { recursive: true });
  const args = [...taskArguments("start", data, options.net), "--data", data, "--port", "0"];
  const began = performance.now();
  const child = spawn(args, folder, {
    RATE_LIMIT_PER_MINUTE: "100000",
    ASK_LIMIT_PER_MINUTE: "100000",
    ...options.env,
  }, options.wrap);
  void child.stdout.cancel();
  const heard = listen(child);
  const remove = () => existsSync(folder) && Deno.removeSync(folder, { recursive: true });
  const end = async (signal: Deno.Signal) => {
    kill(child, signal);
    const { code } = await child.status;
    await heard.ended;
    children.delete(child);
    return code;
  };
  let banner: string;
  let listening: number;
  const late = setTimeout(() => kill(child, "SIGKILL"), START_MS);
  try {
    banner = await heard.line(/^FARchat {2}\S+ at http/);
    listening = performance.now();
  } catch (error) {
    await end("SIGKILL");
    remove();
    throw error;
  } finally {
    clearTimeout(late);
  }
  return {
    url: /http\S+/.exec(banner)![0],
    data,
    startedMs: listening - began,
    lines: heard.lines,
    line: heard.line,
    stop: () => end("SIGTERM"),
    kill: async () => void await end("SIGKILL"),
    async [Symbol.asyncDispose]() {
      await end("SIGKILL");
      remove();
    },
  };
}

/**
 * One server for all tests of a file: started before the first, ended after the last. Gives a function that gives the
 * server, for use inside the tests.
 */
export function sharedFarchat(
  options: () => FarchatOptions | Promise<FarchatOptions>,
): () => RunningFarchat {
  let running: RunningFarchat | undefined;
  Deno.test.beforeAll(async () => {
    running = await startFarchat(await options());
  });
  Deno.test.afterAll(async () => {
    await running?.[Symbol.asyncDispose]();
  });
  return () => running!;
}

/** Starts `farchat COMMAND ...` with the permissions of the task `farchat`. */
export function startCommand(args: string[], env: Record<string, string> = {}): Running {
  const child = spawn([...taskArguments("farchat"), ...args], repositoryPath(), env);
  const heard = listen(child);
  const finish = async (): Promise<Finished> => {
    const out = await new Response(child.stdout).text();
    const { code } = await child.status;
    await heard.ended;
    children.delete(child);
    return { code, out, err: heard.lines.join("\n") };
  };
  return {
    lines: heard.lines,
    line: heard.line,
    signal: (name) => kill(child, name),
    finished: finish(),
  };
}

/** Runs `farchat COMMAND ...` to its end. */
export function runCommand(args: string[], env?: Record<string, string>): Promise<Finished> {
  return startCommand(args, env).finished;
}

/** What deno.json's task hands to Deno, from "run" to its last word; the data folder and network as given. */
function taskArguments(task: "start" | "farchat", data?: string, net?: string): string[] {
  const { tasks } = JSON.parse(Deno.readTextFileSync(repositoryPath("deno.json")));
  const [deno, ...args] = (tasks[task].command as string).split(/\s+/);
  if (deno !== "deno") throw new Error(`expected the task ${task} to run deno, found ${deno}`);
  return args.map((word) => {
    if (word === "main.ts") return repositoryPath("main.ts");
    if (data && word === "--allow-write=farchat_data") return `--allow-write=${data}`;
    if (net && word === "--allow-net") return `--allow-net=${net}`;
    return word;
  });
}

function spawn(
  args: string[],
  cwd: string,
  env: Record<string, string>,
  wrap: FarchatOptions["wrap"] = (command) => command,
): Deno.ChildProcess {
  const [program, ...words] = wrap([Deno.execPath(), ...args]);
  // What the developer has set for an own FARchat is none of a test's business. An empty value counts as not set.
  const unset = Object.keys(VARIABLES).flatMap((name) => [name, `${name}_FILE`]);
  const child = new Deno.Command(program, {
    args: words,
    cwd,
    env: { ...Object.fromEntries(unset.map((name) => [name, ""])), NO_COLOR: "1", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  children.add(child);
  return child;
}

function listen(child: Deno.ChildProcess) {
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  let over = false;
  const wake = () => waiting.forEach((look) => look());
  const read = async () => {
    const text = child.stderr.pipeThrough(new TextDecoderStream());
    for await (const line of text.pipeThrough(new TextLineStream())) {
      lines.push(line);
      wake();
    }
    over = true;
    wake();
  };
  const line = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const found = lines.find((line) => pattern.test(line));
        if (found === undefined && !over) return;
        waiting.delete(look);
        if (found !== undefined) return resolve(found);
        reject(new Error(`the process ended without a line ${pattern}:\n${lines.join("\n")}`));
      };
      waiting.add(look);
      look();
    });
  return { lines, line, ended: read() };
}

function kill(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch {
    // It has ended already.
  }
}
