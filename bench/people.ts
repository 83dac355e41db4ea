/** The people of the load benches, who are a process of their own, and what the server says of itself meanwhile. */
import { repositoryPath } from "../tests/support/shared.ts";

/** Every connection is another client behind a proxy, each with limits of its own. */
export const LOAD_ENV = { TRUSTED_PROXIES: "127.0.0.1", LOG_LEVEL: "WARNING" };

/** What people found. */
export interface Load {
  scenario: string;
  requests: number;
  perSecond: number;
  /** Milliseconds, as the others. */
  p50: number;
  p95: number;
  p99: number;
  worst: number;
  failed: number;
  statuses: Record<string, number>;
}

/** Runs load_child.ts: so many people at once, for so many seconds. Throws when it fails. */
export async function people(
  url: string,
  scenario: string,
  connections: number,
  seconds: number,
): Promise<Load> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--quiet", "--no-prompt", "--allow-net=127.0.0.1", "--allow-env"]
      .concat("--allow-read", "--allow-sys", repositoryPath("bench/load_child.ts"))
      .concat(url, scenario, String(connections), String(seconds)),
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** Waits for the model, and until everything that comes only once has come. */
export async function warm(url: string): Promise<void> {
  for (let i = 0; i < 10; i++) {
    const response = await fetch(`${url}/api/v1/search?q=when+are+cost+or+pricing+data+required`);
    await response.arrayBuffer();
  }
}

/** The server's memory (RSS) in MB. */
export async function memory(url: string): Promise<number> {
  const health = await (await fetch(`${url}/health`)).json();
  return Math.round(health.memory.rss / 1e6);
}
