/** What `farchat doctor` looks at outside the data folder: the model, the network, the clock and the port. */
import { createEmbedder } from "../embed/embedder.ts";
import { embedderRecord } from "../ingest/embedder_record.ts";
import { Problem } from "../problem.ts";
import type { EmbedderRecord } from "../store/types.ts";
import type { AnthropicProbe } from "./anthropic_probe.ts";
import { lockHolder } from "./data_lock.ts";
import type { Check } from "./doctor.ts";
import type { Settings } from "./settings.ts";

/** A clock that is wrong by more than this, in milliseconds, makes certificates and ages doubtful. */
const MAX_SKEW_MS = 5 * 60_000;
/** This FARchat was made in 2026, and no machine of today will run it in 2100. */
const FIRST_YEAR = 2026, LAST_YEAR = 2100;

/** Loads the model and embeds a sentence; also what it would file vectors under. */
export async function checkModel(
  settings: Pick<Settings, "FARCHAT_MODELS_DIR">,
): Promise<{ check: Check; record: EmbedderRecord }> {
  const embedder = createEmbedder({ modelsDir: settings.FARCHAT_MODELS_DIR });
  const record = embedderRecord(embedder);
  const name = "model";
  const started = performance.now();
  try {
    const [vector] = await embedder.embed(["Who may waive certified cost or pricing data?"]);
    const length = Math.hypot(...vector);
    if (vector.length !== embedder.dimensions || Math.abs(length - 1) > 0.01) {
      throw new Problem("The model gave no vector of length 1.", {
        next: "Install FARchat's packages again.",
      });
    }
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    return {
      record,
      check: {
        name,
        status: "pass",
        found: `${embedder.name}, loaded and embeds (${seconds} s)`,
      },
    };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const next = `${error.next} Until then search goes by words alone.`;
    return { record, check: { name, status: "fail", found: error.message, next } };
  } finally {
    await embedder.close();
  }
}

/** Never "fail": FARchat answers without Anthropic. */
export function checkNetwork(
  settings: Pick<Settings, "ANTHROPIC_API_KEY" | "ANTHROPIC_BASE_URL">,
  probe: AnthropicProbe,
): Check {
  const name = "network";
  const { host } = new URL(settings.ANTHROPIC_BASE_URL);
  if (probe.reachable) {
    return { name, status: "pass", found: `${host} answers (status ${probe.status})` };
  }
  const found = `${host} was not reached: ${probe.reason}`;
  if (settings.ANTHROPIC_API_KEY === undefined) {
    return { name, status: "pass", found: `${found}; without a key nothing needs it` };
  }
  return {
    name,
    status: "warn",
    found,
    next:
      "Answers quote the regulation until it is reached. Behind a proxy set HTTPS_PROXY; for a certificate " +
      "of your own set DENO_CERT=FILE, or DENO_TLS_CA_STORE=system.",
  };
}

export function checkClock(now: Date, probe: AnthropicProbe): Check {
  const name = "clock";
  const found = now.toISOString();
  const year = now.getUTCFullYear();
  if (year < FIRST_YEAR || year > LAST_YEAR) {
    return { name, status: "fail", found, next: "Set this machine's clock." };
  }
  const ahead = probe.clockAheadMs;
  if (ahead === undefined) return { name, status: "pass", found };
  if (Math.abs(ahead) <= MAX_SKEW_MS) {
    return { name, status: "pass", found: `${found}, as the other side has it` };
  }
  const minutes = Math.round(Math.abs(ahead) / 60_000);
  return {
    name,
    status: "warn",
    found: `${found}, ${minutes} minutes ${ahead > 0 ? "ahead of" : "behind"} the other side`,
    next: "Set this machine's clock, best by NTP.",
  };
}

export function checkPort(settings: Pick<Settings, "HOST" | "PORT" | "FARCHAT_DATA">): Check {
  const name = "port";
  const { HOST: hostname, PORT: port } = settings;
  if (port === 0) return { name, status: "pass", found: "any that is free" };
  try {
    Deno.listen({ hostname, port }).close();
    return { name, status: "pass", found: `${port} is free at ${hostname}` };
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse && lockHolder(settings.FARCHAT_DATA)) {
      return { name, status: "pass", found: `${port} is in use, by the server that is running` };
    }
    const [found, next] = error instanceof Deno.errors.AddrInUse
      ? [`${port} is in use by another program`, `Stop that, or choose another: --port ${port + 1}`]
      : error instanceof Deno.errors.PermissionDenied
      ? [`this user may not listen at ${port}`, "Choose a port above 1023: --port 8000"]
      : [`${hostname} is no address of this machine`, "Use --host 127.0.0.1, or --host 0.0.0.0."];
    return { name, status: "fail", found, next };
  }
}
