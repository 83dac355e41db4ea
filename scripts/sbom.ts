/**
 * The software bill of materials of what a release carries, as CycloneDX 1.6 JSON on standard output:
 *
 *     deno task sbom > farchat.cdx.json
 *
 * It lists the npm packages that package.json's dependencies lead to in deno.lock, each with its licence and the checksum
 * that the lock file holds, and Deno. Packages for development are not in a release, and not in the list.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import manifest from "../package.json" with { type: "json" };

const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** The parts of deno.lock (version 5) that are read here. */
export interface LockFile {
  specifiers: Record<string, string>;
  npm: Record<string, {
    integrity?: string;
    dependencies?: string[];
    optionalDependencies?: string[];
  }>;
}

/** A package of the list. */
export interface Component {
  type: "library" | "platform";
  "bom-ref": string;
  name: string;
  version: string;
  purl?: string;
  hashes?: { alg: "SHA-512"; content: string }[];
  licenses?: { license: { name: string } }[] | { expression: string }[];
}

/**
 * The packages that `wanted` (name to version) leads to, by the lock file, sorted by name. Throws for one that the lock
 * file does not hold.
 */
export function lockedPackages(
  lock: LockFile,
  wanted: Record<string, string>,
): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const visit = (key: string) => {
    if (found.has(key)) return;
    const entry = lock.npm[key];
    if (!entry) throw new Error(`deno.lock: expected the package ${key}, found none`);
    const next = [...entry.dependencies ?? [], ...entry.optionalDependencies ?? []]
      .map((name) => resolveKey(lock, name));
    found.set(key, next);
    next.forEach(visit);
  };
  for (const [name, version] of Object.entries(wanted)) {
    const resolved = lock.specifiers[`npm:${name}@${version}`];
    if (!resolved) throw new Error(`deno.lock: expected npm:${name}@${version}, found none`);
    visit(`${name}@${resolved}`);
  }
  return new Map([...found].sort(([a], [b]) => a < b ? -1 : 1));
}

/** A dependency is written without its version where the lock file has but one of that name. */
function resolveKey(lock: LockFile, dependency: string): string {
  const alias = /^.+@npm:(.+)$/.exec(dependency)?.[1] ?? dependency;
  if (lock.npm[alias]) return alias;
  const keys = Object.keys(lock.npm).filter((key) => splitKey(key).name === alias);
  if (keys.length === 1) return keys[0];
  throw new Error(`deno.lock: expected one package for ${dependency}, found ${keys.length}`);
}

/** `@scope/name@1.2.3_peer@4.5.6` in its name and its version; peers are no part of a version. */
export function splitKey(key: string): { name: string; version: string } {
  const at = key.indexOf("@", 1);
  return { name: key.slice(0, at), version: key.slice(at + 1).replace(/_.*$/, "") };
}

/** The bill of materials as an object. */
export function billOfMaterials(lock: LockFile): Record<string, unknown> {
  const packages = lockedPackages(lock, manifest.dependencies);
  const ref = (key: string) => purl(splitKey(key));
  const components = new Map<string, Component>();
  for (const key of packages.keys()) components.set(ref(key), component(key, lock));
  const root = `pkg:generic/farchat@${manifest.version}`;
  const links = new Map<string, Set<string>>();
  for (const [key, next] of packages) {
    const set = links.get(ref(key)) ?? new Set();
    next.forEach((one) => set.add(ref(one)));
    links.set(ref(key), set);
  }
  const direct = Object.entries(manifest.dependencies).map(([name, version]) =>
    ref(`${name}@${lock.specifiers[`npm:${name}@${version}`]}`)
  );
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      component: {
        type: "application",
        "bom-ref": root,
        name: manifest.name,
        version: manifest.version,
        licenses: [{ license: { id: manifest.license } }],
      },
    },
    components: [
      ...components.values(),
      { type: "platform", "bom-ref": "deno", name: "deno", version: Deno.version.deno },
    ],
    dependencies: [
      { ref: root, dependsOn: [...direct, "deno"].sort() },
      ...[...links].map(([ref, next]) => ({ ref, dependsOn: [...next].sort() })),
    ],
  };
}

function component(key: string, lock: LockFile): Component {
  const { name, version } = splitKey(key);
  const digest = /^sha512-(.+)$/.exec(lock.npm[key].integrity ?? "")?.[1];
  const licence = licenceOf(key, name);
  return {
    type: "library",
    "bom-ref": purl({ name, version }),
    name,
    version,
    purl: purl({ name, version }),
    ...(digest && {
      hashes: [{ alg: "SHA-512" as const, content: hexadecimal(digest) }],
    }),
    ...(licence && { licenses: [{ license: { name: licence } }] }),
  };
}

/** A package URL (https://github.com/package-url/purl-spec): the @ of a scope is escaped. */
function purl({ name, version }: { name: string; version: string }): string {
  return `pkg:npm/${name.replace(/^@/, "%40")}@${version}`;
}

function hexadecimal(base64: string): string {
  return Array.from(atob(base64), (c) => c.charCodeAt(0).toString(16).padStart(2, "0")).join("");
}

/** What the installed package says of its licence; undefined for one of another system, which is not installed. */
function licenceOf(key: string, name: string): string | undefined {
  // Deno names the folder with or without the peers.
  for (const folder of [key, `${name}@${splitKey(key).version}`]) {
    const place = join(ROOT, "node_modules", ".deno", folder.replaceAll("/", "+"));
    const path = join(place, "node_modules", name, "package.json");
    if (!existsSync(path)) continue;
    const { license } = JSON.parse(readFileSync(path, "utf8"));
    return typeof license === "string" ? license : license?.type;
  }
  return undefined;
}

if (import.meta.main) {
  const lock = JSON.parse(readFileSync(join(ROOT, "deno.lock"), "utf8")) as LockFile;
  console.log(JSON.stringify(billOfMaterials(lock), null, 2));
}
