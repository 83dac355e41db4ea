/** Logs: LogTape, to standard error and to a rotated file. Questions and answers are never logged. */
import { getRotatingFileSink } from "@logtape/file";
import { configure, getAnsiColorFormatter, jsonLinesFormatter, type Sink } from "@logtape/logtape";
import type { Settings } from "./settings.ts";

/** A log file grows to this many bytes before it is rotated. */
const MAX_FILE_BYTES = 10 * 1024 * 1024;
const FILES_KEPT = 5;

/**
 * Configures the logs of this process, once: readable lines on a terminal, JSON lines elsewhere and in LOG_FILE.
 * Modules then use `getLogger(["farchat", subject])`.
 */
export async function configureLogs(
  settings: Pick<Settings, "LOG_LEVEL" | "LOG_FILE">,
): Promise<void> {
  const sinks: Record<string, Sink> = { stderr: standardError() };
  if (settings.LOG_FILE) {
    sinks.file = getRotatingFileSink(settings.LOG_FILE, {
      formatter: jsonLinesFormatter,
      maxSize: MAX_FILE_BYTES,
      maxFiles: FILES_KEPT,
    });
  }
  await configure({
    reset: true,
    sinks,
    loggers: [
      { category: "farchat", lowestLevel: settings.LOG_LEVEL, sinks: Object.keys(sinks) },
      { category: ["logtape", "meta"], lowestLevel: "warning", sinks: ["stderr"] },
    ],
  });
}

function standardError(): Sink {
  const format = Deno.stderr.isTerminal()
    ? getAnsiColorFormatter({ timestamp: "time" })
    : jsonLinesFormatter;
  const encoder = new TextEncoder();
  return (record) => {
    Deno.stderr.writeSync(encoder.encode(format(record)));
  };
}
