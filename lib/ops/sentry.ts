/**
 * Errors to Sentry, or to what speaks its protocol. The library takes long to load: import this module only where
 * SENTRY_DSN is set. Its own integrations are left out, because they add requests, cookies, addresses and console
 * lines; and what is sent is put together anew, so that a later version of the library can't add any either.
 */
import {
  createTransport,
  type DenoClient,
  type DenoOptions,
  type ErrorEvent,
  init,
  linkedErrorsIntegration,
  Scope,
  type StackFrame,
} from "@sentry/deno";
import { VERSION } from "../version.ts";
import type { ErrorPlace, ErrorTracker } from "./errors.ts";
import { secretsOf, textCleaner } from "./log_redaction.ts";
import type { Settings } from "./settings.ts";

/** The folder of the code, which is left out of what is sent. */
const ROOT = new URL("../../", import.meta.url).href;

/** A tracker that sends to SENTRY_DSN; undefined where it is not set. */
export function sentryTracker(settings: Settings): ErrorTracker | undefined {
  if (!settings.SENTRY_DSN) return undefined;
  const clean = textCleaner(secretsOf(settings));
  const client = init({
    dsn: settings.SENTRY_DSN,
    environment: settings.ENVIRONMENT,
    release: `farchat@${VERSION}`,
    defaultIntegrations: false,
    integrations: [linkedErrorsIntegration()],
    skipOpenTelemetrySetup: true,
    sendClientReports: false,
    transport,
    maxBreadcrumbs: 0,
    beforeSend: (event) => safe(event, clean),
  }) as DenoClient;
  return {
    report(error, place) {
      client.captureException(error, { originalException: error }, scopeOf(place));
    },
    async close(ms) {
      await client.close(ms);
    },
  };
}

/** As the library's own, which leaves the bodies of answers unread: a connection stays open for each of them. */
const transport: NonNullable<DenoOptions["transport"]> = (options) =>
  createTransport(options, async ({ body }) => {
    const response = await fetch(options.url, {
      method: "POST",
      headers: options.headers,
      body: body as BodyInit,
    });
    await response.body?.cancel();
    return {
      statusCode: response.status,
      headers: {
        "x-sentry-rate-limits": response.headers.get("X-Sentry-Rate-Limits"),
        "retry-after": response.headers.get("Retry-After"),
      },
    };
  });

function scopeOf({ id, endpoint, method, words }: ErrorPlace): Scope {
  const scope = new Scope();
  scope.setTags({ error_id: id, endpoint, ...(method && { method }), ...(words && { words }) });
  return scope;
}

/** The event with nothing in it but where and what the error was. */
function safe(event: ErrorEvent, clean: (text: string) => string): ErrorEvent {
  const { words, ...tags } = event.tags ?? {};
  return {
    type: undefined,
    event_id: event.event_id,
    timestamp: event.timestamp,
    platform: event.platform,
    level: event.level,
    release: event.release,
    environment: event.environment,
    tags,
    exception: {
      values: event.exception?.values?.map(({ type, value, stacktrace }) => ({
        type,
        // The message may repeat what somebody asked.
        value: words ? "" : clean(value ?? ""),
        stacktrace: { frames: stacktrace?.frames?.map(frameOf) },
      })),
    },
  };
}

function frameOf({ filename, function: name, lineno, colno, in_app }: StackFrame): StackFrame {
  return { filename: placeOf(filename), function: name, lineno, colno, in_app };
}

/** A file's path below the code's folder; of others the name alone. */
function placeOf(filename = ""): string {
  const root = ROOT.replace("file://", "");
  for (const start of [ROOT, root]) {
    if (filename.startsWith(start)) return filename.slice(start.length);
  }
  return filename.split("/").at(-1)!;
}
