import { createHash, timingSafeEqual } from "node:crypto";
import { HttpError } from "fresh";
import { Problem } from "../problem.ts";
import { inNetworks } from "./networks.ts";
import type { State } from "./state.ts";

/**
 * Throws unless the request may read the metrics: it has METRICS_TOKEN as its bearer token, or comes from one of
 * METRICS_NETWORKS. What an unknown proxy passed on comes from nowhere.
 */
export function checkMetricsAccess(req: Request, { farchat, client }: State): void {
  const { METRICS_TOKEN: token, METRICS_NETWORKS: networks } = farchat.settings;
  const given = /^Bearer +(\S+)$/i.exec(req.headers.get("Authorization") ?? "")?.[1];
  if (token !== undefined && given !== undefined && same(given, token)) return;
  if (!client.hidden && inNetworks(networks)(client.address)) return;
  const status = token === undefined ? 403 : 401;
  const problem = new Problem(
    "Expected the bearer token for metrics, or an address that may read them; found neither.",
    { next: "Set METRICS_TOKEN or METRICS_NETWORKS, see docs/metrics.md.", status },
  );
  throw new HttpError(status, problem.message, {
    cause: problem,
    headers: status === 401 ? { "WWW-Authenticate": 'Bearer realm="metrics"' } : undefined,
  });
}

/** Whether two texts are the same, in a time that does not tell where they differ. */
function same(a: string, b: string): boolean {
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
