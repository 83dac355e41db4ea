import { isIP } from "node:net";
import { inNetworks, plainAddress } from "./networks.ts";

/** Who sent a request. */
export interface Client {
  /** The network address, or "local" where there is none (a socket file). */
  address: string;
  /** It came by TLS, to this server or to a proxy that is believed. */
  secure: boolean;
  /** A proxy that is not in TRUSTED_PROXIES passed it on, so `address` is the proxy's. */
  hidden: boolean;
}

/** An address that lies in front of the addresses of proxies is believed up to this many of them. */
const MOST_PROXIES = 20;

/** What proxies add to a request. */
const FORWARDED = ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"];

/**
 * Reads who sent a request. X-Forwarded-For and X-Forwarded-Proto are believed only from the networks `trusted`:
 * the client is the last address in the list that is not a trusted proxy's, because whoever sends a request may
 * write anything before that. The last word of X-Forwarded-Proto counts, for the same reason.
 */
export function clientReader(
  trusted: readonly string[],
): (req: Request, remote: Deno.Addr) => Client {
  const isTrusted = inNetworks(trusted);
  return (req, remote) => {
    const direct = "hostname" in remote ? plainAddress(remote.hostname) : "local";
    const secure = req.url.startsWith("https:");
    if (!isTrusted(direct)) {
      const hidden = FORWARDED.some((name) => req.headers.has(name));
      return { address: direct, secure, hidden };
    }
    const proto = req.headers.get("X-Forwarded-Proto")?.split(",").at(-1)?.trim().toLowerCase();
    return {
      address: behind(req.headers.get("X-Forwarded-For"), direct, isTrusted),
      secure: secure || proto === "https",
      hidden: false,
    };
  };
}

function behind(
  list: string | null,
  direct: string,
  isTrusted: (address: string) => boolean,
): string {
  let client = direct;
  for (const entry of (list ?? "").split(",").slice(-MOST_PROXIES).reverse()) {
    const address = plainAddress(entry.trim());
    if (isIP(address) === 0) break; // "unknown", or made up
    client = address;
    if (!isTrusted(address)) break;
  }
  return client;
}
