/**
 * A machine as the executable meets it: a folder of its own that can't be written, an empty working folder, an
 * unprivileged user, and nothing in the environment but what a test puts there.
 */
import { chmodSync, chownSync, copyFileSync, linkSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { TextLineStream } from "../support/lines.ts";

/** The executable that `deno task test:binary` names; the tests here are left out without one. */
export const EXECUTABLE = Deno.env.get("FARCHAT_BINARY");

/** `nobody` on Debian. */
const NOBODY = 65534;

const isRoot = Deno.build.os !== "windows" && Deno.uid() === 0;

/** How long a start may take on a machine that has much else to do, in milliseconds. */
const START_MS = 60_000;

export interface Finished {
  code: number;
  out: string;
  err: string;
}

export interface Served {
  url: string;
  pid: number;
  /** Milliseconds from the start of the process to its banner. */
  startMs: number;
  lines: string[];
  /** Sends SIGTERM and returns the exit code. */
  stop(): Promise<number>;
}

export interface RunOptions {
  env?: Record<string, string>;
  cwd?: string;
  /** Words before the executable: another program that starts it, such as strace. */
  under?: string[];
}

/** Registers a test that needs the executable. */
export function binaryTest(name: string, work: (machine: Machine) => Promise<void>): void {
  Deno.test({
    name,
    ignore: EXECUTABLE === undefined,
    // The browser's driver keeps timers and pipes beyond a test.
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      await using machine = new Machine();
      await work(machine);
    },
  });
}

export class Machine implements AsyncDisposable {
  /** Everything of this machine. */
  readonly root = Deno.makeTempDirSync({ prefix: "farchat_binary_" });
  /** Where the executable is: nobody may write here. */
  readonly bin = join(this.root, "bin");
  readonly executable = join(this.bin, "farchat");
  /** The working folder, empty at the start and the user's own. */
  readonly home: string;
  readonly #children = new Set<Deno.ChildProcess>();

  constructor(executable = EXECUTABLE!) {
    chmodSync(this.root, 0o755);
    mkdirSync(this.bin);
    this.home = this.folder("empty");
    try {
      linkSync(executable, this.executable);
    } catch {
      copyFileSync(executable, this.executable);
    }
    chmodSync(this.bin, 0o555);
  }

  /** A new folder that the user may write in. */
  folder(name: string): string {
    const path = join(this.root, name);
    mkdirSync(path, { recursive: true });
    if (isRoot) chownSync(path, NOBODY, NOBODY);
    return path;
  }

  /** Runs a command of FARchat to its end. */
  async run(args: string[], options: RunOptions = {}): Promise<Finished> {
    const child = this.#spawn(args, options);
    const [out, err, { code }] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.status,
    ]);
    this.#children.delete(child);
    return { code, out, err };
  }

  /** Whether a search by meaning runs, and the first section it finds. */
  async search(query: string, args: string[] = [], options: RunOptions = {}) {
    const { code, out, err } = await this.run(["search", query, "--json", ...args], options);
    if (code !== 0) throw new Error(`search ended with ${code}: ${err}`);
    const { usedVectors, sections } = JSON.parse(out);
    return { usedVectors, first: sections[0]?.number as string | undefined, err };
  }

  /** Starts the server at a free port and waits for its banner. */
  async serve(args: string[] = [], options: RunOptions = {}): Promise<Served> {
    const started = performance.now();
    const child = this.#spawn(["serve", "--port", "0", ...args], options);
    void child.stdout.cancel();
    const lines: string[] = [];
    const url = Promise.withResolvers<string>();
    const heard = (async () => {
      const text = child.stderr.pipeThrough(new TextDecoderStream());
      for await (const line of text.pipeThrough(new TextLineStream())) {
        lines.push(line);
        const found = /^FARchat {2}\S+ at (http\S+)/.exec(line);
        if (found) url.resolve(found[1]);
      }
      url.reject(new Error(`the server ended:\n${lines.join("\n")}`));
    })();
    const late = setTimeout(() => child.kill("SIGKILL"), START_MS);
    try {
      await url.promise;
    } finally {
      clearTimeout(late);
    }
    return {
      url: await url.promise,
      pid: child.pid,
      startMs: performance.now() - started,
      lines,
      stop: async () => {
        child.kill("SIGTERM");
        const { code } = await child.status;
        await heard;
        this.#children.delete(child);
        return code;
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) {
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended.
      }
      await child.status;
    }
    chmodSync(this.bin, 0o755);
    Deno.removeSync(this.root, { recursive: true });
  }

  #spawn(args: string[], { env = {}, cwd = this.home, under = [] }: RunOptions) {
    const user = isRoot
      ? ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups", "--"]
      : [];
    const [program, ...words] = [...under, ...user, this.executable, ...args];
    const child = new Deno.Command(program, {
      args: words,
      cwd,
      // Not even PATH; programs that start it are found by this process's.
      clearEnv: true,
      env: under.length > 0 || isRoot ? { PATH: "/usr/bin:/bin:/usr/sbin:/sbin", ...env } : env,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#children.add(child);
    return child;
  }
}

/** Every file below a folder by its path from there. */
export function filesBelow(folder: string, way = ""): string[] {
  return [...Deno.readDirSync(join(folder, way))].flatMap(({ name, isDirectory }) => {
    const path = way ? `${way}/${name}` : name;
    return isDirectory ? filesBelow(folder, path) : [path];
  }).sort();
}

/** Resident memory of a process in megabytes, where the system tells (Linux). */
export function residentMegabytes(pid: number): number | undefined {
  try {
    const text = Deno.readTextFileSync(`/proc/${pid}/status`);
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(text)?.[1]) * 1024 / 1e6);
  } catch {
    return undefined;
  }
}
