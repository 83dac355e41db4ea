import type { ComponentType } from "preact";
import type { HandlerByMethod, HandlerFn, Middleware, RouteConfig } from "./define.ts";
import type { RouteComponent } from "./define.ts";
import { registerIslands } from "./render.ts";
import { StaticDir } from "./static_dir.ts";

/** What a file in the routes folder may export. */
export interface RouteModule<State> {
  // deno-lint-ignore no-explicit-any
  default?: RouteComponent<any, State> | Middleware<State> | Middleware<State>[];
  handler?: HandlerFn<unknown, State> | HandlerByMethod<unknown, State>;
  handlers?: HandlerFn<unknown, State> | HandlerByMethod<unknown, State>;
  middleware?: Middleware<State> | Middleware<State>[];
  config?: RouteConfig;
}

/** Every module of the site by its path below routes/ and islands/, imported statically. */
export interface Manifest<State> {
  routes: Record<string, RouteModule<State>>;
  islands: Record<string, Record<string, unknown>>;
}

/** What the bundler says of its output; file names are relative to static/islands/. */
export interface IslandBundle {
  client: string;
  islands: Record<string, string>;
  /** The chunks a file imports at once, to be preloaded with it. */
  imports: Record<string, string[]>;
}

export interface SiteOptions<State> extends Manifest<State> {
  /** The folder of static files, absolute. */
  staticDir?: string;
  /** In development changed static files are noticed while it runs. */
  mode?: "development" | "production";
}

/** What an app serves besides its code: static files, islands and their bundle. */
export class Site {
  readonly files: StaticDir;
  readonly bundle: IslandBundle | undefined;

  constructor(options: Omit<SiteOptions<unknown>, "routes">) {
    this.files = new StaticDir(options.staticDir, options.mode === "development");
    const manifest = this.files.get("/islands/manifest.json");
    this.bundle = manifest && JSON.parse(new TextDecoder().decode(manifest.body));
    for (const [path, module] of Object.entries(options.islands)) {
      const name = path.replace(/\.\w+$/, "");
      for (const [exported, component] of Object.entries(module)) {
        if (typeof component === "function") {
          registerIslands(component as ComponentType, { file: name, exported });
        }
      }
    }
  }
}
