/** What watches a serving process and can wait until its first pages are out. */
import { getLogger } from "@logtape/logtape";
import type { Farchat } from "../farchat.ts";
import { errorFacts, reportError, useTracker } from "./errors.ts";

/** How long errors may take to reach Sentry when the process ends, in milliseconds. */
const SEND_MS = 2000;

export interface ProcessWatch {
  /** Sends what is not yet sent, and watches no more. */
  close(): Promise<void>;
}

/**
 * Loads the metrics, and Sentry where SENTRY_DSN is set. Errors that no request and no answer is told of are counted,
 * logged and reported from now on, and the process goes on: other people's answers are being written in it.
 */
export function watchProcess(farchat: Farchat): ProcessWatch {
  const log = getLogger(["farchat", "process"]);
  const onRejection = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    const { reason } = event;
    farchat.metrics.errors++;
    farchat.metrics.error(reason);
    // It may come from anywhere, so its message may repeat a question.
    log.error("nobody handled {name}", {
      name: reason instanceof Error ? reason.name : typeof reason,
      error: errorFacts(reason, !farchat.settings.LOG_QUESTIONS),
    });
    reportError(reason, { id: crypto.randomUUID(), endpoint: "process", words: true });
  };
  globalThis.addEventListener("unhandledrejection", onRejection);
  void farchat.metrics.load();
  const tracker = farchat.settings.SENTRY_DSN
    ? import("./sentry.ts").then(({ sentryTracker }) => sentryTracker(farchat.settings))
    : Promise.resolve(undefined);
  const used = tracker.then(useTracker, (error) => {
    useTracker(undefined);
    log.warn("Sentry is not used: {name}", { name: error instanceof Error ? error.name : "error" });
  });
  return {
    async close() {
      globalThis.removeEventListener("unhandledrejection", onRejection);
      await used;
      await (await tracker.catch(() => undefined))?.close(SEND_MS);
      useTracker(undefined);
    },
  };
}
