/** A FARchat tried as an operator would: from an empty folder to its end. */
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Outcome } from "./checks.ts";

/** How long a start may take, in milliseconds. */
const START_MS = 90_000;

/** A program and its first words: dist/farchat, or Deno with main.ts. */
export type Program = [command: string, ...args: string[]];

/**
 * Serves from an empty folder, waits until `healthcheck` says that it is ready, asks a question that is answered, reads a
 * page, /health and /metrics, makes a backup and verifies it, and ends the server with SIGTERM. Says what went wrong first.
 */
export async function smokeTest(program: Program): Promise<Outcome> {
  const folder = Deno.makeTempDirSync({ prefix: "farchat_smoke_" });
  const data = join(folder, "data");
  mkdirSync(data);
  const port = freePort();
  const env = {
    HOST: "127.0.0.1",
    PORT: String(port),
    FARCHAT_DATA: data,
    HOME: folder,
    NO_COLOR: "1",
    ANTHROPIC_API_KEY: "",
    BACKUP_SCHEDULE: "off",
  };
  const [command, ...words] = program;
  const start = (args: string[]) =>
    new Deno.Command(command, {
      args: [...words, ...args],
      cwd: folder,
      env,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    });
  const run = async (...args: string[]) => {
    const { code, stderr } = await start(args).output();
    if (code !== 0) throw new Error(`${args[0]} ended with ${code}: ${decode(stderr).trim()}`);
  };
  await run("version");
  const server = start(["serve"]).spawn();
  const log = new Response(server.stderr).text();
  void server.stdout.cancel();
  let ended = false;
  const status = server.status.then((status) => {
    ended = true;
    return status;
  });
  try {
    const end = Date.now() + START_MS;
    for (;;) {
      const { code, stderr } = await start(["healthcheck"]).output();
      if (code === 0) break;
      if (ended) throw new Error(`the server ended: ${(await log).trim()}`);
      if (Date.now() > end) throw new Error(`it is not healthy: ${decode(stderr).trim()}`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    const url = `http://127.0.0.1:${port}`;
    for (const path of ["/", "/health", "/metrics", "/far/15.403-1"]) {
      const response = await fetch(url + path);
      await response.body?.cancel();
      if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    }
    const response = await fetch(`${url}/api/v1/chat`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        question: "When are certified cost or pricing data required?",
        stream: false,
      }),
    });
    const answer = await response.json();
    if (!response.ok || !answer.answer) {
      throw new Error(`a question got ${response.status} and no answer`);
    }
    await run("backup", "--to", join(folder, "backups"));
    await run("verify", join(folder, "backups", readdirSync(join(folder, "backups"))[0]));
    if (!existsSync(join(data, "farchat.db"))) {
      throw new Error("there is no database in the data folder");
    }
    server.kill("SIGTERM");
    const { code } = await status;
    if (code !== 0) {
      throw new Error(`after SIGTERM the server ended with ${code}: ${(await log).trim()}`);
    }
    return { result: "pass" };
  } finally {
    if (!ended) server.kill("SIGKILL");
    await status;
    await log;
    Deno.removeSync(folder, { recursive: true });
  }
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  return port;
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
