/**
 * A folder that stands in for a server: releases, data and a service that is started and stopped as systemd would. The
 * releases are this repository's FARchat, so every process is a real one.
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { repositoryPath } from "../support/shared.ts";

/** A run of a script that has ended. */
export interface Run {
  code: number;
  /** Standard error. */
  log: string;
}

/** What a release does in place of serving; without it, it serves. */
export type Fault =
  /** It ends at once. */
  | "ends"
  /** It brings the database to a schema that no FARchat knows, and ends. */
  | "changes the database and ends"
  /** It listens, and is never ready. */
  | "is never ready";

export class Machine implements AsyncDisposable {
  readonly folder = Deno.makeTempDirSync({ prefix: "farchat_deploy_" });
  readonly root = join(this.folder, "opt");
  readonly data = join(this.folder, "data");
  readonly url: string;
  readonly #env: Record<string, string>;

  constructor() {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr as Deno.NetAddr;
    listener.close();
    this.url = `http://127.0.0.1:${port}`;
    mkdirSync(this.data);
    const settings = join(this.folder, "farchat.env");
    writeFileSync(settings, `# settings\nHOST=127.0.0.1\nPORT=${port}\nBACKUP_SCHEDULE=off\n`);
    const service = this.#script("service", SERVICE);
    this.#env = {
      FARCHAT_ROOT: this.root,
      FARCHAT_DATA: this.data,
      FARCHAT_ENV: settings,
      FARCHAT_USER: "no-such-user-here",
      FARCHAT_START: `${service} start`,
      FARCHAT_STOP: `${service} stop`,
      FARCHAT_FAILED: `${service} failed`,
      FARCHAT_HEALTH_SECONDS: "60",
      PID_FILE: join(this.folder, "pid"),
      SERVICE_LOG: join(this.folder, "service.log"),
      PORT: String(port),
      HOST: "127.0.0.1",
      NO_COLOR: "1",
    };
  }

  /** Makes an artifact of a release; its `version` says so. */
  artifact(version: string, fault?: Fault): string {
    const folder = join(this.folder, `artifact-${version}`);
    mkdirSync(folder, { recursive: true });
    const path = join(folder, "farchat");
    writeFileSync(path, release(version, fault));
    chmodSync(path, 0o755);
    return path;
  }

  /** Packs an artifact as a release does, with its checksum beside it. */
  async pack(artifact: string): Promise<string> {
    const folder = dirname(artifact);
    const name = "farchat-x86_64-unknown-linux-gnu.tar.gz";
    const script = `tar -czf ${name} farchat && sha256sum ${name} >SHA256SUMS`;
    await new Deno.Command("sh", { args: ["-c", script], cwd: folder }).output();
    return join(folder, name);
  }

  deploy(artifact: string, env: Record<string, string> = {}): Promise<Run> {
    return this.#run("deploy/deploy.sh", [artifact], env);
  }

  rollback(...args: string[]): Promise<Run> {
    return this.#run("deploy/rollback.sh", args);
  }

  /** The version of the release that a link names. */
  link(name: "current" | "previous"): string | undefined {
    const path = join(this.root, name);
    return existsSync(path) || isLink(path)
      ? basename(readlinkSync(path)).replace(/-[0-9a-f]{8}$/, "")
      : undefined;
  }

  /** The process that serves. */
  pid(): number {
    return Number(readFileSync(this.#env.PID_FILE, "utf8"));
  }

  /** What the servers wrote. */
  serviceLog(): string {
    return readFileSync(this.#env.SERVICE_LOG, "utf8");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#command(join(this.folder, "service"), ["stop"], {});
    Deno.removeSync(this.folder, { recursive: true });
  }

  #run(script: string, args: string[], env: Record<string, string> = {}): Promise<Run> {
    return this.#command(repositoryPath(script), args, env);
  }

  async #command(path: string, args: string[], env: Record<string, string>): Promise<Run> {
    const { code, stderr } = await new Deno.Command(path, {
      args,
      env: { ...this.#env, ...env },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).output();
    return { code, log: new TextDecoder().decode(stderr) };
  }

  #script(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    chmodSync(path, 0o755);
    return path;
  }
}

function isLink(path: string): boolean {
  try {
    readlinkSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Starts what the link `current` names, as the unit's ExecStart does; stops it with SIGTERM and waits. */
const SERVICE = `#!/bin/bash
case $1 in
  start)
    "$FARCHAT_ROOT/current/farchat" serve --data "$FARCHAT_DATA" >>"$SERVICE_LOG" 2>&1 </dev/null &
    echo $! >"$PID_FILE"
    ;;
  stop)
    [ -f "$PID_FILE" ] || exit 0
    kill -TERM "$(cat "$PID_FILE")" 2>/dev/null
    for _ in $(seq 300); do
      kill -0 "$(cat "$PID_FILE")" 2>/dev/null || exit 0
      sleep 0.1
    done
    kill -KILL "$(cat "$PID_FILE")"
    ;;
  failed) ! kill -0 "$(cat "$PID_FILE")" 2>/dev/null ;;
esac
`;

function release(version: string, fault?: Fault): string {
  const run =
    `"${Deno.execPath()}" run --no-prompt --allow-net --allow-read --allow-write --allow-env ` +
    `--allow-ffi --allow-sys --config "${repositoryPath("deno.json")}"`;
  return `#!/bin/bash
case $1 in
  version) echo "FARchat ${version} (a test's release)"; exit 0 ;;
  serve)
${fault ? FAULTS[fault] : ""}
    ;;
esac
exec ${run} "${repositoryPath("main.ts")}" "$@"
`;
}

const FAULTS: Record<Fault, string> = {
  "ends": "exit 1",
  "changes the database and ends": `    "${Deno.execPath()}" eval --no-config '
      const { DatabaseSync } = await import("node:sqlite");
      const db = new DatabaseSync(Deno.env.get("FARCHAT_DATA") + "/farchat.db");
      db.exec("PRAGMA user_version = 9999");
      db.close();
    '
    exit 1`,
  "is never ready":
    `    exec "${Deno.execPath()}" eval --no-config 'Deno.serve({ hostname: "127.0.0.1", port: Number(Deno.env.get("PORT")) },
      () => new Response("{}", { status: 503 }))'`,
};
