/** Which of the site's addresses are treated differently. */

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
