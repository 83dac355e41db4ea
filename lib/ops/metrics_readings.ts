/** The values that are read when somebody asks for the metrics; docs/metrics.md describes them. */
import process from "node:process";
import type { Farchat } from "../farchat.ts";
import { lastBackup } from "./backup/last_backup.ts";
import { health, readiness } from "./health.ts";
import { keyAge } from "./key_age.ts";
import type { Reading } from "./metrics_registry.ts";

/** Everything that is known just now; what is not known is not among it. */
export function metricsReadings(farchat: Farchat, now: number = Date.now()): Reading[] {
  return [...processReadings(farchat), ...stateReadings(farchat), ...dataReadings(farchat, now)];
}

function processReadings({ metrics }: Farchat): Reading[] {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = Deno.memoryUsage();
  return [
    {
      name: "process_cpu_seconds_total",
      help: "Processor seconds this process used.",
      value: (user + system) / 1e6,
    },
    { name: "process_resident_memory_bytes", help: "Memory of this process.", value: rss },
    {
      name: "process_start_time_seconds",
      help: "When this process started, in seconds since 1970.",
      value: metrics.started / 1000,
    },
    { name: "farchat_heap_used_bytes", help: "JavaScript objects.", value: heapUsed },
  ];
}

function stateReadings(farchat: Farchat): Reading[] {
  const { settings, version, embedder, ingestionQueue } = farchat;
  const { answers, services, disk } = health(farchat);
  const age = keyAge(settings, new Date());
  const { anthropic } = services;
  return [
    {
      name: "farchat_build_info",
      help: "What runs.",
      value: 1,
      labels: {
        version,
        deno: Deno.version.deno,
        embedder: embedder.name,
        model: settings.ANTHROPIC_API_KEY ? settings.CLAUDE_MODEL : "",
      },
    },
    {
      name: "farchat_ready",
      help: "1 when /readyz says ready.",
      value: Number(readiness(farchat).ready),
    },
    {
      name: "farchat_embedder_ready",
      help: "1 when questions are searched by meaning.",
      value: Number(embedder.state === "ready"),
    },
    {
      name: "farchat_answers_in_progress",
      help: "Answers being written.",
      value: answers.writing,
    },
    {
      name: "farchat_answer_queue_length",
      help: "Answers that wait for their turn.",
      value: answers.waiting,
    },
    ...one("farchat_ingestion_queue_length", "Files that wait to be ingested.", ingestionQueue?.()),
    ...one("farchat_disk_free_bytes", "Of the disk with the data folder.", disk?.free),
    ...one("farchat_disk_size_bytes", "Of the disk with the data folder.", disk?.total),
    ...one("farchat_api_key_age_days", "Days since the Anthropic key was made.", age.days),
    ...one(
      "farchat_anthropic_up",
      "1 when the last check of the Messages API went well.",
      { healthy: 1, unhealthy: 0 }[anthropic as string],
    ),
  ];
}

function dataReadings({ store, settings }: Farchat, now: number): Reading[] {
  try {
    const { sections, chunks, vectors, bytes } = store.counts();
    const made = lastBackup(settings.FARCHAT_DATA)?.made;
    return [
      { name: "farchat_database_size_bytes", help: "Of the database.", value: bytes },
      { name: "farchat_chunks", help: "Pieces of text.", value: chunks },
      { name: "farchat_vectors", help: "Those found by meaning.", value: vectors },
      ...Object.entries(sections).map(([collection, value]) => ({
        name: "farchat_sections",
        help: "Sections that can be read.",
        value,
        labels: { collection },
      })),
      ...(["far", "dfars"] as const).flatMap((collection) => {
        const times = store.documents.list(collection).map(({ ingested }) => ingested);
        return times.length === 0 ? [] : [{
          name: "farchat_sync_age_seconds",
          help: "Since the official text was last loaded.",
          value: secondsSince(Math.max(...times), now),
          labels: { collection },
        }];
      }),
      ...one(
        "farchat_backup_age_seconds",
        "Since the newest backup.",
        made && secondsSince(Date.parse(made), now),
      ),
    ];
  } catch {
    return []; // farchat_ready is 0 then
  }
}

function one(name: string, help: string, value: number | "" | undefined): Reading[] {
  return typeof value === "number" ? [{ name, help, value }] : [];
}

/** A clock that was set back makes nothing younger than now. */
function secondsSince(then: number, now: number): number {
  return Math.max(0, (now - then) / 1000);
}
