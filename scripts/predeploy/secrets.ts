/** Looks for secrets in what git would publish. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Outcome } from "./checks.ts";

/** What secrets look like. Each needs its full length, so that examples with dots in them are none. */
const SECRETS: [kind: string, pattern: RegExp][] = [
  ["an Anthropic key", /sk-ant-(api|admin|sid)\d\d-[\w-]{60,}/],
  [
    "a private key",
    /-----BEGIN (RSA |EC |OPENSSH |ENCRYPTED )?PRIVATE KEY-----\n[A-Za-z0-9+/=\n]{60,}/,
  ],
  ["an AWS key", /\b(AKIA|ASIA)[A-Z0-9]{16}\b/],
  ["a GitHub token", /\b(gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{60,})\b/],
  ["an npm token", /\bnpm_[A-Za-z0-9]{36}\b|_authToken\s*=\s*[\w-]{20,}/],
  [
    "a password in an address",
    /\bhttps?:\/\/[\w.%-]+:(?!\$|[A-Z_]+@|\.\.\.)[^\s/@"'`{}]{8,}@[\w.-]+\.[a-z]{2,}/,
  ],
];

/** Names of files that hold secrets; an example without any is told by its ending. */
const SECRET_FILES =
  /(^|\/)(\.env(\.(?!example$)\w+)?|[\w.-]+\.(pem|p12|pfx|key)|id_(rsa|ed25519)|\.npmrc|secrets\/.+)$/;

const LARGEST = 5 * 1024 * 1024;

/** A secret that was found; never the secret itself. */
export interface Finding {
  path: string;
  line?: number;
  kind: string;
}

/** The secrets in these files of `root`. */
export function findSecrets(root: string, paths: string[]): Finding[] {
  return paths.flatMap((path): Finding[] => {
    if (SECRET_FILES.test(path)) return [{ path, kind: "a file for secrets" }];
    const full = join(root, path);
    const stat = statSync(full, { throwIfNoEntry: false });
    if (!stat?.isFile() || stat.size > LARGEST) return [];
    const text = readFileSync(full, "latin1");
    return SECRETS.flatMap(([kind, pattern]) => {
      const at = text.search(pattern);
      return at < 0 ? [] : [{ path, line: text.slice(0, at).split("\n").length, kind }];
    });
  });
}

/** The check over all files that git tracks. */
export async function checkSecrets(root: string): Promise<Outcome> {
  const { success, stdout } = await new Deno.Command("git", {
    args: ["ls-files", "-z"],
    cwd: root,
  }).output();
  if (!success) return { result: "left out", note: "this is no git repository" };
  const findings = findSecrets(root, new TextDecoder().decode(stdout).split("\0").filter(Boolean));
  if (findings.length === 0) return { result: "pass" };
  const list = findings.map(({ path, line, kind }) => `${path}${line ? `:${line}` : ""}: ${kind}`);
  return { result: "fail", note: list.join("; ") };
}
