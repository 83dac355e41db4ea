/**
 * Logs: LogTape, to standard error and to rotated files. Every line of a request has its id. Questions and answers
 * are logged only with LOG_QUESTIONS, secrets never.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { mkdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { getRotatingFileSink } from "@logtape/file";
import {
  configure,
  dispose,
  getAnsiColorFormatter,
  getJsonLinesFormatter,
  getLevelFilter,
  getLogger,
  type LogRecord,
  type Sink,
  type TextFormatter,
  withFilter,
} from "@logtape/logtape";
import { Problem } from "../problem.ts";
import { redaction, secretsOf } from "./log_redaction.ts";
import type { Settings } from "./settings.ts";

/** A log file grows to this many bytes before it is rotated. */
export const MAX_FILE_BYTES = 10 * 1024 * 1024;
/** Older files of a log that are kept beside the current one, of the errors more: as the seed has it. */
export const FILES_KEPT = 5;
export const ERROR_FILES_KEPT = 10;

/** Requests are logged here, apart from what the application says. */
export const ACCESS = ["farchat", "access"];

/** Lines wait this long for others before they are written; errors don't. */
const FLUSH_MS = 1000;

/**
 * Configures the logs of this process, once: readable lines on a terminal, JSON lines elsewhere. With LOG_FILE also
 * three files in its folder: that one with what the application says, access.log with the requests and errors.log.
 * Modules use `getLogger(["farchat", subject])`. `write` stands in for standard error in tests. Throws a `Problem` where the files can't be written.
 */
export async function configureLogs(
  settings: Pick<Settings, "LOG_LEVEL" | "LOG_FILE"> & Partial<Settings>,
  write: (line: string) => void = toStandardError,
): Promise<void> {
  hideInLogs(settings);
  const redact = redaction({
    secrets: hidden,
    words: settings.LOG_QUESTIONS === true,
  });
  const json = getJsonLinesFormatter({ properties: "flatten" });
  const line = once((record) => json(redact(record)));
  const terminal = terminalFormatter();
  const lineForPeople = Deno.stderr.isTerminal()
    ? (record: LogRecord) => terminal(redact(record))
    : line;
  const sinks: Record<string, Sink> = {
    stderr: (record) => write(lineForPeople(record)),
    ...(settings.LOG_FILE ? fileSinks(settings.LOG_FILE, line) : {}),
  };
  const has = (...names: string[]) => names.filter((name) => name in sinks);
  await configure({
    reset: true,
    sinks,
    contextLocalStorage: new AsyncLocalStorage(),
    loggers: [
      {
        category: "farchat",
        lowestLevel: settings.LOG_LEVEL,
        sinks: has("stderr", "file", "errors"),
      },
      {
        category: ACCESS,
        lowestLevel: settings.LOG_LEVEL,
        sinks: has("stderr", "access"),
        parentSinks: "override",
      },
      { category: ["logtape", "meta"], lowestLevel: "warning", sinks: ["stderr"] },
    ],
  });
  if (settings.DEBUG && settings.ENVIRONMENT === "production") {
    getLogger(["farchat", "web"]).warn(
      "DEBUG is on: pages show visitors the details of errors. Turn it off in production.",
    );
  }
}

/** Writes the lines that wait for others to their files; nothing is logged after it. */
export async function endLogs(): Promise<void> {
  await dispose();
}

const hidden: string[] = [];

/** Takes the secrets of these settings out of every line from now on, wherever they stand in it. */
export function hideInLogs(settings: Partial<Settings>): void {
  for (const secret of secretsOf(settings)) if (!hidden.includes(secret)) hidden.push(secret);
}

function fileSinks(path: string, formatter: TextFormatter): Record<string, Sink> {
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) path = join(path, "farchat.log");
    const folder = dirname(path);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const options = {
      formatter,
      maxSize: MAX_FILE_BYTES,
      maxFiles: FILES_KEPT,
      flushInterval: FLUSH_MS,
    };
    return {
      file: getRotatingFileSink(path, options),
      access: getRotatingFileSink(join(folder, "access.log"), options),
      errors: withFilter(
        getRotatingFileSink(join(folder, "errors.log"), {
          ...options,
          maxFiles: ERROR_FILES_KEPT,
          bufferSize: 0,
        }),
        getLevelFilter("error"),
      ),
    };
  } catch (cause) {
    throw new Problem(
      "Expected LOG_FILE in a folder that FARchat may write, found one it may not.",
      {
        next: "Choose another, such as LOG_FILE=./farchat_data/logs/farchat.log, or leave it out.",
        cause,
      },
    );
  }
}

/** Several sinks write the same line, one after the other. */
function once(format: TextFormatter): TextFormatter {
  let last: LogRecord | undefined;
  let text = "";
  return (record) => {
    if (record !== last) {
      text = format(record);
      last = record;
    }
    return text;
  };
}

/** Lines for people, with the beginning of the request's id. */
function terminalFormatter(): TextFormatter {
  return getAnsiColorFormatter({
    timestamp: "time",
    format({ timestamp, level, category, message, record: { properties } }) {
      const id = typeof properties.requestId === "string"
        ? ` \x1b[2m${properties.requestId.slice(0, 8)}\x1b[0m`
        : "";
      return `${timestamp} ${level} ${category}: ${message}${id}`;
    },
  });
}

const encoder = new TextEncoder();

function toStandardError(line: string): void {
  Deno.stderr.writeSync(encoder.encode(line));
}
