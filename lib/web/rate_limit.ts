import { HttpError, type Middleware } from "fresh";
import { type ClientRateLimitInfo, rateLimiter, type Store } from "hono-rate-limiter";
import { Problem } from "../problem.ts";
import { type Bindings, fromHono } from "./hono.ts";
import { isAsking, isProbe } from "./paths.ts";
import type { State } from "./state.ts";

const WINDOW_MS = 60_000;

/** Above this many clients the ended windows are swept; the store that comes with the limiter needs a timer. */
const SWEEP_AT = 1000;

/** Counts of one window a client, in memory. */
export class WindowStore implements Store {
  readonly #clients = new Map<string, { totalHits: number; resetTime: Date }>();

  increment(key: string): ClientRateLimitInfo {
    const now = Date.now();
    let client = this.#clients.get(key);
    if (!client || client.resetTime.getTime() <= now) {
      if (this.#clients.size >= SWEEP_AT) this.#sweep(now);
      client = { totalHits: 0, resetTime: new Date(now + WINDOW_MS) };
      this.#clients.set(key, client);
    }
    client.totalHits++;
    return { ...client };
  }

  decrement(key: string): void {
    const client = this.#clients.get(key);
    if (client && client.totalHits > 0) client.totalHits--;
  }

  resetKey(key: string): void {
    this.#clients.delete(key);
  }

  /** Clients remembered. */
  get size(): number {
    return this.#clients.size;
  }

  #sweep(now: number): void {
    for (const [key, { resetTime }] of this.#clients) {
      if (resetTime.getTime() <= now) this.#clients.delete(key);
    }
  }
}

const limiters = new WeakMap<object, Middleware<State>[]>();

/**
 * Limits the requests of one client (network address) a minute, questions more strictly than pages: the settings
 * RATE_LIMIT_PER_MINUTE and ASK_LIMIT_PER_MINUTE. One too many gets 429 with Retry-After.
 */
export function rateLimits(): Middleware<State>[] {
  return [0, 1].map((which) => (ctx) => {
    const { farchat } = ctx.state;
    let made = limiters.get(farchat);
    if (!made) {
      const { RATE_LIMIT_PER_MINUTE, ASK_LIMIT_PER_MINUTE } = farchat.settings;
      made = [
        limiter(RATE_LIMIT_PER_MINUTE, "requests", (_, path) => isProbe(path)),
        limiter(ASK_LIMIT_PER_MINUTE, "questions", (method, path) => !isAsking(method, path)),
      ];
      limiters.set(farchat, made);
    }
    return made[which](ctx);
  });
}

function limiter(
  limit: number,
  what: string,
  skip: (method: string, path: string) => boolean,
): Middleware<State> {
  return fromHono(rateLimiter<{ Bindings: Bindings }>({
    windowMs: WINDOW_MS,
    limit,
    standardHeaders: false,
    store: new WindowStore(),
    skip: (c) => skip(c.req.method, c.req.path),
    keyGenerator: ({ env: { info } }) => clientOf(info.remoteAddr),
    handler: (c) => {
      const { resetTime } = c.get("rateLimit" as never) as { resetTime: Date };
      const seconds = Math.max(1, Math.ceil((resetTime.getTime() - Date.now()) / 1000));
      const problem = new Problem(`Expected at most ${limit} ${what} a minute, found more.`, {
        next: `Wait ${seconds} seconds and try again.`,
        status: 429,
      });
      const headers = { "Retry-After": String(seconds) };
      throw new HttpError(429, problem.message, { cause: problem, headers });
    },
  }));
}

/** An IPv6 client has a whole /64 of addresses to itself, so that is what counts. */
function clientOf(address: Deno.Addr): string {
  if (!("hostname" in address)) return "local";
  const { hostname } = address;
  if (!hostname.includes(":") || hostname.startsWith("::ffff:")) return hostname;
  return hostname.split(":").slice(0, 4).join(":");
}
