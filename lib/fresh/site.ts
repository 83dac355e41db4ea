import { createHash } from "node:crypto";
import { getMimeType } from "hono/utils/mime";
import type { Middleware, RouteComponent, RouteConfig, RouteHandler } from "./define.ts";
import { registerIsland } from "./render.ts";

/** What a file in the routes folder may export. */
export interface RouteModule<State> {
  // deno-lint-ignore no-explicit-any
  default?: RouteComponent<any, State> | Middleware<State> | Middleware<State>[];
  handler?: RouteHandler<unknown, State>;
  config?: RouteConfig;
}

/** Every module by its path below routes/ and islands/, and the absolute path of the static folder. */
export interface SiteOptions<State> {
  routes: Record<string, RouteModule<State>>;
  islands: Record<string, Record<string, unknown>>;
  staticDir?: string;
}

/** What the bundler says of the files in static/islands/: the chunks a file imports are preloaded with it. */
export interface IslandBundle {
  client: string;
  islands: Record<string, string>;
  imports: Record<string, string[]>;
}

type StaticFile = { body: Uint8Array<ArrayBuffer>; type: string; hash: string };

/** What an app serves besides its code: static files, by address and kept in memory, and islands. */
export class Site {
  readonly bundle: IslandBundle | undefined;
  /** By address, such as "/styles.css". No address can climb out of the folder. */
  readonly files = new Map<string, StaticFile>();

  constructor({ islands, staticDir }: Pick<SiteOptions<never>, "islands" | "staticDir">) {
    if (staticDir) this.#read(staticDir, "/");
    const bundle = this.files.get("/islands/manifest.json");
    this.bundle = bundle && JSON.parse(new TextDecoder().decode(bundle.body));
    for (const [path, module] of Object.entries(islands)) {
      const name = path.replace(/\.\w+$/, "");
      for (const exported in module) registerIsland(module[exported], name, exported);
    }
  }

  #read(dir: string, address: string): void {
    for (const { name, isDirectory } of Deno.readDirSync(dir)) {
      if (name.startsWith(".")) continue;
      if (isDirectory) this.#read(`${dir}/${name}`, `${address}${name}/`);
      else {
        const body = Deno.readFileSync(`${dir}/${name}`);
        const hash = createHash("sha256").update(body).digest("hex").slice(0, 16);
        const type = getMimeType(name) ?? "application/octet-stream";
        this.files.set(address + name, { body, type, hash });
      }
    }
  }
}
