/** For tests of backups: a small data folder, and archives put together by hand, right or wrong. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { openStore } from "../../store/mod.ts";
import {
  chunked,
  EMBEDDER,
  manySections,
  newDocument,
  newSection,
} from "../../store/test_store.ts";
import { backUp } from "./backup.ts";
import { DATABASE, MANIFEST, type Manifest } from "./manifest.ts";
import { BLOCK, readTarHeader, TAR_END, tarHeader, tarPadding } from "./tar.ts";

/** A data folder with a database of some sections, a setting and two uploaded files. */
export function makeData(folder: string, label = "first"): string {
  const data = join(folder, "data");
  mkdirSync(join(data, "originals", "deeper"), { recursive: true });
  writeFileSync(join(data, "originals", "report.pdf"), `the report of ${label}`);
  writeFileSync(join(data, "originals", "deeper", "memo.txt"), "a memo");
  const store = openStore({ path: join(data, DATABASE) });
  store.setEmbedder(EMBEDDER);
  store.documents.replace(newDocument(), [
    chunked(newSection("15.403", ["A contract for widgets."]), 5),
    ...manySections(40, 2),
  ]);
  store.settings.set("label", label);
  store.close();
  return data;
}

/** A backup of the data folder, made at a fixed time. */
export async function makeBackup(folder: string, data: string, name = "backup.tar.gz") {
  const store = openStore({ path: join(data, DATABASE) });
  try {
    const to = join(folder, name);
    return await backUp({ store, data, to, now: new Date("2026-01-31T02:30:00Z") });
  } finally {
    store.close();
  }
}

/** A setting in the database of a data folder. */
export function settingOf(data: string, key: string): string | undefined {
  const store = openStore({ path: join(data, DATABASE) });
  try {
    return store.settings.get(key);
  } finally {
    store.close();
  }
}

/** An entry of an archive; `type` is tar's. */
export interface Entry {
  name: string;
  bytes: Uint8Array;
  type?: string;
}

/** What is in an archive. */
export function entriesOf(path: string): Entry[] {
  const tar = gunzipSync(readFileSync(path));
  const entries: Entry[] = [];
  for (let at = 0;;) {
    const header = readTarHeader(tar.subarray(at, at + BLOCK));
    if (!header) return entries;
    const start = at + BLOCK;
    const bytes = new Uint8Array(tar.subarray(start, start + header.bytes));
    entries.push({ name: header.name, bytes });
    at = start + header.bytes + tarPadding(header.bytes);
  }
}

/** Writes an archive of these entries, whatever they are. */
export function writeEntries(
  path: string,
  entries: Entry[],
  after: Uint8Array = new Uint8Array(0),
): void {
  const blocks = entries.flatMap(({ name, bytes, type }) => {
    const header = tarHeader({ name, bytes: bytes.length }, 0);
    if (type) retype(header, type);
    return [header, bytes, new Uint8Array(tarPadding(bytes.length))];
  });
  writeFileSync(path, gzipSync(Buffer.concat([...blocks, TAR_END, after])));
}

/** The archive with another manifest, which `change` makes of the true one. */
export function withManifest(
  entries: Entry[],
  // deno-lint-ignore no-explicit-any
  change: (manifest: any) => unknown,
): Entry[] {
  const manifest: Manifest = JSON.parse(new TextDecoder().decode(entries[0].bytes));
  const changed = change(manifest) ?? manifest;
  return [{ name: MANIFEST, bytes: bytesOf(JSON.stringify(changed)) }, ...entries.slice(1)];
}

export const bytesOf = (text: string) => new TextEncoder().encode(text);

/** How the manifest names a file. */
export function described(name: string, bytes: Uint8Array) {
  return { name, bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}

function retype(header: Uint8Array, type: string): void {
  header[156] = type.charCodeAt(0);
  header.fill(0x20, 148, 156);
  const sum = header.reduce((a, b) => a + b, 0);
  header.set(bytesOf(sum.toString(8).padStart(6, "0") + "\0 "), 148);
}
