/** What a running FARchat says of itself to probes, monitors and whoever operates it. Names no path, key or address. */
import process from "node:process";
import { embedderRecord } from "../ingest/embedder_record.ts";
import type { Farchat } from "../farchat.ts";
import { type AnthropicState, anthropicState } from "./anthropic_state.ts";
import { DISK_FULL_BYTES, type DiskSpace, diskSpace } from "./disk.ts";
import { keyAge } from "./key_age.ts";

/** What GET /health says: the seed's fields by their names, and what FARchat has besides. */
export interface Health {
  /** "degraded" when it answers, but not as well as it could; "unhealthy" when the database can't be read. */
  status: "healthy" | "degraded" | "unhealthy";
  /** ISO 8601, UTC. */
  timestamp: string;
  version: string;
  services: {
    database: "healthy" | "unhealthy";
    /** Whether every chunk has its vector. */
    vectors: "complete" | "incomplete" | "none";
    embeddings: "ready" | "loading" | "unavailable";
    /** From a check that costs no tokens, some minutes old at most; "unknown" before the first. */
    anthropic: AnthropicState["status"];
  };
  /** Since the key was made, where API_KEY_CREATED_DATE is set. */
  api_key?: { age_days: number; rotate: boolean };
  uptime_seconds: number;
  requests_total: number;
  errors_total: number;
  /** Errors per request, 0 to 1. */
  error_rate: number;
  /** Percent of all processors that this process used since the last look, 0 to 100. */
  cpu_usage: number;
  /** Percent of the machine's memory in use, 0 to 100. */
  memory_usage: number;
  /** Percent of the data folder's disk in use, 0 to 100; absent where the machine doesn't tell. */
  disk_usage?: number;
  /** Bytes. */
  memory: { rss: number; heap_used: number };
  disk?: DiskSpace;
  answers: { writing: number; waiting: number };
}

/** What GET /readyz looks at; true is good. */
export interface Readiness {
  ready: boolean;
  checks: {
    /** The database can be read. */
    database: boolean;
    /** Its schema is the one this version writes. */
    schema: boolean;
    /** Its vectors were made by the embedder that questions go through. */
    vectors: boolean;
    /** There is room on the disk. */
    disk: boolean;
    /** It was not told to stop. */
    running: boolean;
  };
}

/**
 * Whether requests should be sent here. Anthropic is not asked: without it answers are quoted from the text.
 * `diskOf` looks at the disk of a folder.
 */
export function readiness(farchat: Farchat, diskOf = diskNow): Readiness {
  const { store, embedder, metrics, settings } = farchat;
  const database = isReadable(farchat);
  const checks = {
    database,
    schema: database && holds(() => store.isCurrent()),
    vectors: database && holds(() => {
      store.checkEmbedder(embedderRecord(embedder));
      return true;
    }),
    disk: (diskOf(settings.FARCHAT_DATA)?.free ?? Infinity) >= DISK_FULL_BYTES,
    running: !metrics.stopping,
  };
  return { ready: Object.values(checks).every(Boolean), checks };
}

/** Whether the database can be read. */
export function isReadable({ store }: Farchat): boolean {
  return holds(() => {
    store.counts();
    return true;
  });
}

/** The state of a running FARchat. Cheap: it may be asked every few seconds. */
export function health(farchat: Farchat, diskOf = diskNow): Health {
  const { metrics, settings, embedder, answers } = farchat;
  const { requests, errors } = metrics;
  const readable = isReadable(farchat);
  const anthropic = anthropicState(settings);
  const vectors = readable ? vectorsOf(farchat) : "none";
  const { rss, heapUsed } = Deno.memoryUsage();
  const system = Deno.systemMemoryInfo();
  const disk = diskOf(settings.FARCHAT_DATA);
  const age = keyAge(settings, new Date());
  const degraded = embedder.state === "unavailable" || vectors === "incomplete" ||
    anthropic.status === "unhealthy" || (disk !== undefined && disk.free < DISK_FULL_BYTES);
  return {
    status: !readable ? "unhealthy" : degraded ? "degraded" : "healthy",
    timestamp: new Date().toISOString(),
    version: farchat.version,
    services: {
      database: readable ? "healthy" : "unhealthy",
      vectors,
      embeddings: embedder.state,
      anthropic: anthropic.status,
    },
    ...(age.days === undefined ? {} : { api_key: { age_days: age.days, rotate: age.old } }),
    uptime_seconds: Math.round(metrics.uptimeSeconds),
    requests_total: requests,
    errors_total: errors,
    error_rate: requests === 0 ? 0 : Math.min(1, errors / requests),
    cpu_usage: percent(cpuShare()),
    memory_usage: percent(1 - system.available / system.total),
    ...(disk && { disk_usage: percent(1 - disk.free / disk.total), disk }),
    memory: { rss, heap_used: heapUsed },
    answers: answers.load,
  };
}

function vectorsOf({ store }: Farchat): Health["services"]["vectors"] {
  const { chunks, vectors } = store.counts();
  if (vectors === 0) return "none";
  return vectors < chunks ? "incomplete" : "complete";
}

function holds(check: () => boolean): boolean {
  try {
    return check();
  } catch {
    return false;
  }
}

/** 0.1234 -> 12.3 */
function percent(share: number): number {
  return Math.round(Math.min(1, Math.max(0, share)) * 1000) / 10;
}

/** A look at the disk serves everybody for a second. */
const LOOK_MS = 1000;
let look: { folder: string; at: number; space?: DiskSpace } | undefined;

function diskNow(folder: string): DiskSpace | undefined {
  const now = performance.now();
  if (!look || look.folder !== folder || now - look.at > LOOK_MS) {
    look = { folder, at: now, space: diskSpace(folder) };
  }
  return look.space;
}

let cpu = { at: performance.now(), used: 0, share: 0 };

/** The share of all processors this process used since the last look a second or more ago; at first, since its start. */
function cpuShare(): number {
  const at = performance.now();
  if (cpu.used > 0 && at - cpu.at < LOOK_MS) return cpu.share;
  const { user, system } = process.cpuUsage();
  const used = (user + system) / 1000;
  const ms = cpu.used === 0 ? process.uptime() * 1000 : at - cpu.at;
  cpu = { at, used, share: (used - cpu.used) / Math.max(1, ms) / navigator.hardwareConcurrency };
  return cpu.share;
}
