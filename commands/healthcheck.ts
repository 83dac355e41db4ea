/** `farchat healthcheck`: asks a server whether it is ready; for containers and load balancers. */
import { parseArgs } from "node:util";
import { z } from "zod";
import { loadSettings, processSources } from "../lib/ops/settings.ts";

/** A server that takes longer is not well, in milliseconds. */
const TIMEOUT_MS = 5000;

const Answer = z.object({
  status: z.enum(["ready", "not ready"]),
  checks: z.record(z.string(), z.boolean()),
});

/**
 * 0 when the server at --url, or the one that HOST and PORT name on this machine, is ready; 1 when it is not or does
 * not answer. Says why in a line, with --json in a document.
 */
export async function healthcheckCommand(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { url: { type: "string" }, json: { type: "boolean" } },
  });
  const base = values.url ?? localUrl();
  const { ready, says, checks } = await check(base);
  if (values.json) console.log(JSON.stringify({ ready, checks, says }));
  else (ready ? console.log : console.error)(says);
  return ready ? 0 : 1;
}

/** A server that listens at every address of the machine also does at the loopback one. */
function localUrl(): string {
  const { HOST, PORT } = loadSettings(processSources());
  const host = { "0.0.0.0": "127.0.0.1", "::": "[::1]" }[HOST] ??
    (HOST.includes(":") ? `[${HOST}]` : HOST);
  return `http://${host}:${PORT}`;
}

interface Found {
  ready: boolean;
  says: string;
  checks?: Record<string, boolean>;
}

async function check(base: string): Promise<Found> {
  if (!URL.canParse(base) || !/^https?:$/.test(new URL(base).protocol)) {
    return { ready: false, says: "Expected an address such as http://127.0.0.1:8000." };
  }
  try {
    const response = await fetch(new URL("/readyz", base), {
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const answer = Answer.safeParse(await response.json().catch(() => undefined));
    if (!answer.success) {
      return { ready: false, says: "Something answers there, but it is not FARchat." };
    }
    const { status, checks } = answer.data;
    const failed = Object.keys(checks).filter((name) => !checks[name]);
    return response.ok && status === "ready"
      ? { ready: true, says: "FARchat is ready.", checks }
      : { ready: false, says: `FARchat is not ready: ${failed.join(", ")}.`, checks };
  } catch (error) {
    const late = error instanceof Error && error.name === "TimeoutError";
    return {
      ready: false,
      says: late
        ? `FARchat did not answer within ${TIMEOUT_MS / 1000} seconds.`
        : "FARchat does not answer there.",
    };
  }
}
