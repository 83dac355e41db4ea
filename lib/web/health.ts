import type { Farchat } from "../farchat.ts";
import { countersOf } from "./counters.ts";

/** What GET /health says. Names no path, key or address. */
export interface Health {
  /** "degraded" when it answers, but searches words only. */
  status: "healthy" | "degraded" | "unhealthy";
  /** ISO 8601, UTC. */
  timestamp: string;
  version: string;
  services: {
    database: "healthy" | "unhealthy";
    /** Whether every chunk has its vector. */
    vectors: "complete" | "incomplete" | "none";
    embeddings: "ready" | "loading" | "unavailable";
    anthropic: "configured" | "not configured";
  };
  uptime_seconds: number;
  requests_total: number;
  errors_total: number;
  /** Errors per request, 0 to 1. */
  error_rate: number;
  /** Bytes. */
  memory: { rss: number; heap_used: number };
  answers: { writing: number; waiting: number };
}

/** Whether the database can be read. */
export function isReadable({ store }: Farchat): boolean {
  try {
    store.counts();
    return true;
  } catch {
    return false;
  }
}

/** The state of a running FARchat. Cheap: it may be asked every few seconds. */
export function health(farchat: Farchat): Health {
  const { started, requests, errors } = countersOf(farchat);
  const readable = isReadable(farchat);
  const embeddings = farchat.embedder.state;
  const { rss, heapUsed } = Deno.memoryUsage();
  return {
    status: !readable ? "unhealthy" : embeddings === "unavailable" ? "degraded" : "healthy",
    timestamp: new Date().toISOString(),
    version: farchat.version,
    services: {
      database: readable ? "healthy" : "unhealthy",
      vectors: readable ? vectorsOf(farchat) : "none",
      embeddings,
      anthropic: farchat.settings.ANTHROPIC_API_KEY ? "configured" : "not configured",
    },
    uptime_seconds: Math.round((Date.now() - started) / 1000),
    requests_total: requests,
    errors_total: errors,
    error_rate: requests === 0 ? 0 : Math.min(1, errors / requests),
    memory: { rss, heap_used: heapUsed },
    answers: farchat.answers.load,
  };
}

function vectorsOf({ store }: Farchat): Health["services"]["vectors"] {
  const { chunks, vectors } = store.counts();
  if (vectors === 0) return "none";
  return vectors < chunks ? "incomplete" : "complete";
}
