/** Which of the site's addresses are treated differently. */
import type { State } from "./state.ts";

/** The API answers problems as JSON. */
export function isApi(pathname: string): boolean {
  return pathname === "/api" || pathname.startsWith("/api/");
}

/** Probes of whoever operates the server: never limited, no cookie. */
export function isProbe(pathname: string): boolean {
  return ["/healthz", "/readyz", "/health", "/metrics"].includes(pathname);
}

/** Requests that have an answer written, which costs more than a page: they have a limit of their own. */
export function isAsking(method: string, pathname: string): boolean {
  return method === "POST" &&
    /^\/(ask|c\/[^/]+(\/(ask|retry))?|api\/v1\/chat(\/[^/]+\/retry)?)\/?$/.test(pathname);
}

/** Requests that hold what somebody asks or writes, so that an error's message may repeat it. */
export function hasWords(method: string, url: URL): boolean {
  return !["GET", "HEAD"].includes(method) || url.search !== "";
}

/** The address for logs and metrics: a route's pattern, "static" or "unmatched", never the path itself. */
export function endpointOf(
  { route, state }: { route: string | null; state: Pick<State, "endpoint"> },
  status = 404,
): string {
  return state.endpoint ?? route ?? (status < 400 ? "static" : "unmatched");
}
