import { HttpError, type Middleware } from "fresh";
import { Problem } from "../problem.ts";
import { clientKey } from "./networks.ts";
import { isAsking, isProbe } from "./paths.ts";
import type { State } from "./state.ts";

const WINDOW_MS = 60_000;

/** From this many clients on, ended windows are swept. */
const SWEEP_AT = 1000;

/** One client's window. */
interface Window {
  hits: number;
  /** When it ends, in milliseconds since 1970. */
  ends: number;
}

/** Counts requests by client, in memory, in windows of a minute that begin with a client's first request. */
export class Windows {
  readonly #clients = new Map<string, Window>();
  #sweepAt = SWEEP_AT;

  /** Counts one more. */
  add(key: string, now: number = Date.now()): Window {
    let client = this.#clients.get(key);
    // A window that ends too late was begun before the clock was set back.
    if (!client || client.ends <= now || client.ends > now + WINDOW_MS) {
      if (this.#clients.size >= this.#sweepAt) this.#sweep(now);
      this.#clients.set(key, client = { hits: 0, ends: now + WINDOW_MS });
    }
    client.hits++;
    return client;
  }

  /** Clients remembered. */
  get size(): number {
    return this.#clients.size;
  }

  /** Only when twice as many are there as after the last one: else, with many clients, each new one would sweep. */
  #sweep(now: number): void {
    for (const [key, { ends }] of this.#clients) if (ends <= now) this.#clients.delete(key);
    this.#sweepAt = Math.max(SWEEP_AT, 2 * this.#clients.size);
  }
}

type Limit = "requests" | "questions";

const windows = new WeakMap<object, Record<Limit, Windows>>();

/**
 * Limits the requests of one client a minute, questions more strictly than pages: the settings
 * RATE_LIMIT_PER_MINUTE and ASK_LIMIT_PER_MINUTE. Responses tell what is left (RateLimit-Limit, -Remaining, -Reset in
 * seconds, of questions where it is one); one too many gets 429 with Retry-After.
 */
export function rateLimits(): Middleware<State> {
  return async (ctx) => {
    const { pathname } = ctx.url;
    if (isProbe(pathname)) return await ctx.next();
    let limits = count(ctx.state, "requests");
    if (isAsking(ctx.req.method, pathname)) limits = count(ctx.state, "questions");
    try {
      const response = await ctx.next();
      for (const name in limits) response.headers.set(name, limits[name]);
      return response;
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      const headers = new Headers(error.headers);
      for (const name in limits) headers.set(name, limits[name]);
      throw new HttpError(error.status, error.message, { cause: error.cause, headers });
    }
  };
}

/** Counts the request and returns what its response tells. Throws an HttpError (429) for one too many. */
function count({ farchat, client }: State, what: Limit): Record<string, string> {
  const { settings, metrics } = farchat;
  const limit = what === "requests"
    ? settings.RATE_LIMIT_PER_MINUTE
    : settings.ASK_LIMIT_PER_MINUTE;
  let counted = windows.get(farchat);
  if (!counted) {
    windows.set(farchat, counted = { requests: new Windows(), questions: new Windows() });
  }
  const { hits, ends } = counted[what].add(clientKey(client.address));
  const seconds = Math.max(1, Math.ceil((ends - Date.now()) / 1000));
  const headers = {
    "RateLimit-Limit": String(limit),
    "RateLimit-Remaining": String(Math.max(0, limit - hits)),
    "RateLimit-Reset": String(seconds),
  };
  if (hits <= limit) return headers;
  metrics.limited(what);
  const problem = new Problem(`Expected at most ${limit} ${what} a minute, found more.`, {
    next: `Wait ${seconds} seconds and try again.`,
    status: 429,
  });
  throw new HttpError(429, problem.message, {
    cause: problem,
    headers: { ...headers, "Retry-After": String(seconds) },
  });
}
