import { createHash } from "node:crypto";

export interface StaticFile {
  body: Uint8Array<ArrayBuffer>;
  type: string;
  /** First characters of the content's SHA-256: its ETag, and what `asset` puts into addresses. */
  hash: string;
  modified: number;
}

const TYPES: Record<string, string> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  ico: "image/x-icon",
  jpg: "image/jpeg",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  map: "application/json",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
  webmanifest: "application/manifest+json",
  webp: "image/webp",
  woff2: "font/woff2",
  xml: "application/xml",
};

/**
 * The files of one folder, kept in memory. Only what a walk of the folder finds can be served, so an address
 * can't climb out of it. Names that begin with a dot are left out.
 */
export class StaticDir {
  readonly #dir: string | undefined;
  readonly #watch: boolean;
  readonly #paths = new Map<string, string>();
  readonly #files = new Map<string, StaticFile>();

  constructor(dir: string | undefined, watch: boolean) {
    this.#dir = dir;
    this.#watch = watch;
    this.#walk();
  }

  /** The file at a decoded address such as "/styles.css"; undefined when there is none. */
  get(address: string): StaticFile | undefined {
    if (this.#watch && !this.#paths.has(address)) this.#walk();
    const path = this.#paths.get(address);
    if (path === undefined) return undefined;
    const known = this.#files.get(address);
    if (known && !this.#watch) return known;
    try {
      const modified = Deno.statSync(path).mtime?.getTime() ?? 0;
      if (known?.modified === modified) return known;
      const body = Deno.readFileSync(path);
      const hash = createHash("sha256").update(body).digest("hex").slice(0, 16);
      const extension = address.slice(address.lastIndexOf(".") + 1).toLowerCase();
      const type = TYPES[extension] ?? "application/octet-stream";
      const file = { body, type, hash, modified };
      this.#files.set(address, file);
      return file;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      this.#paths.delete(address);
      return undefined;
    }
  }

  #walk(dir = this.#dir, prefix = "/"): void {
    if (dir === undefined) return;
    let entries: Deno.DirEntry[];
    try {
      entries = [...Deno.readDirSync(dir)];
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return;
      throw error;
    }
    for (const { name, isDirectory, isFile } of entries) {
      if (name.startsWith(".")) continue;
      if (isDirectory) this.#walk(`${dir}/${name}`, `${prefix}${name}/`);
      else if (isFile) this.#paths.set(prefix + name, `${dir}/${name}`);
    }
  }
}
