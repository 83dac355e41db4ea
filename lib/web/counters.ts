/** What a running server has done so far. */
export interface Counters {
  /** When it started, in milliseconds since 1970. */
  started: number;
  /** Requests for pages and the API; static files and probes are not counted. */
  requests: number;
  /** Those that failed for a reason of the server's own (5xx). */
  errors: number;
}

const counters = new WeakMap<object, Counters>();

/** The counters of one FARchat; they begin at the first call. */
export function countersOf(farchat: object): Counters {
  let found = counters.get(farchat);
  if (!found) counters.set(farchat, found = { started: Date.now(), requests: 0, errors: 0 });
  return found;
}
