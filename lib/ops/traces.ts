/**
 * Spans of OpenTelemetry, which Deno sends where OTEL_DENO=true (docs/tracing.md); elsewhere they cost next to
 * nothing. No attribute holds a question, an answer or a key.
 */
import { type Attributes, type Span, SpanStatusCode, trace } from "@opentelemetry/api";
import { VERSION } from "../version.ts";

const tracer = trace.getTracer("farchat", VERSION);

/** Runs `work` as a span below the current one. A failure is marked with the name of its error alone. */
export function inSpan<T>(
  name: string,
  attributes: Attributes,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  return tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      const message = error instanceof Error ? error.name : typeof error;
      span.setStatus({ code: SpanStatusCode.ERROR, message });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** A span that is over, from times in milliseconds since 1970. */
export function pastSpan(name: string, start: number, end: number): void {
  tracer.startSpan(name, { startTime: start }).end(end);
}

/** The span of the request itself, made by Deno; undefined where nothing is traced. */
export function requestSpan(): Span | undefined {
  const span = trace.getActiveSpan();
  return span?.isRecording() ? span : undefined;
}
