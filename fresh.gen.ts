// Written by scripts/gen_manifest.ts: run it after adding or removing a route or an island.
import type { SiteOptions } from "fresh";
import type { State } from "./utils.ts";
import * as route0 from "./routes/_app.tsx";
import * as route1 from "./routes/_error.tsx";
import * as route2 from "./routes/_middleware.ts";
import * as route3 from "./routes/about.tsx";
import * as route4 from "./routes/api/v1/chat/[message]/events.ts";
import * as route5 from "./routes/api/v1/chat/[message]/retry.ts";
import * as route6 from "./routes/api/v1/chat/[message]/stop.ts";
import * as route7 from "./routes/api/v1/chat/index.ts";
import * as route8 from "./routes/api/v1/conversations/[id].ts";
import * as route9 from "./routes/api/v1/conversations/index.ts";
import * as route10 from "./routes/api/v1/docs.tsx";
import * as route11 from "./routes/api/v1/documents.ts";
import * as route12 from "./routes/api/v1/openapi.json.ts";
import * as route13 from "./routes/api/v1/search.ts";
import * as route14 from "./routes/api/v1/sections/[regulation]/[number].ts";
import * as route15 from "./routes/api/v1/suggest.ts";
import * as route16 from "./routes/ask.ts";
import * as route17 from "./routes/c/[id]/ask.ts";
import * as route18 from "./routes/c/[id]/delete.ts";
import * as route19 from "./routes/c/[id]/index.tsx";
import * as route20 from "./routes/c/[id]/rename.ts";
import * as route21 from "./routes/c/[id]/retry.ts";
import * as route22 from "./routes/dfars/[number].tsx";
import * as route23 from "./routes/dfars/index.tsx";
import * as route24 from "./routes/docs.ts";
import * as route25 from "./routes/far/[number].tsx";
import * as route26 from "./routes/far/index.tsx";
import * as route27 from "./routes/health.ts";
import * as route28 from "./routes/healthz.ts";
import * as route29 from "./routes/index.tsx";
import * as route30 from "./routes/metrics.ts";
import * as route31 from "./routes/readyz.ts";
import * as route32 from "./routes/search.tsx";
import * as route33 from "./routes/theme.ts";
import * as island0 from "./islands/ask_form.tsx";
import * as island1 from "./islands/conversation.tsx";
import * as island2 from "./islands/copy_links.tsx";
import * as island3 from "./islands/definitions_filter.tsx";
import * as island4 from "./islands/look_up.tsx";
import * as island5 from "./islands/theme_toggle.tsx";

export const manifest: SiteOptions<State> = {
  routes: {
    "_app.tsx": route0,
    "_error.tsx": route1,
    "_middleware.ts": route2,
    "about.tsx": route3,
    "api/v1/chat/[message]/events.ts": route4,
    "api/v1/chat/[message]/retry.ts": route5,
    "api/v1/chat/[message]/stop.ts": route6,
    "api/v1/chat/index.ts": route7,
    "api/v1/conversations/[id].ts": route8,
    "api/v1/conversations/index.ts": route9,
    "api/v1/docs.tsx": route10,
    "api/v1/documents.ts": route11,
    "api/v1/openapi.json.ts": route12,
    "api/v1/search.ts": route13,
    "api/v1/sections/[regulation]/[number].ts": route14,
    "api/v1/suggest.ts": route15,
    "ask.ts": route16,
    "c/[id]/ask.ts": route17,
    "c/[id]/delete.ts": route18,
    "c/[id]/index.tsx": route19,
    "c/[id]/rename.ts": route20,
    "c/[id]/retry.ts": route21,
    "dfars/[number].tsx": route22,
    "dfars/index.tsx": route23,
    "docs.ts": route24,
    "far/[number].tsx": route25,
    "far/index.tsx": route26,
    "health.ts": route27,
    "healthz.ts": route28,
    "index.tsx": route29,
    "metrics.ts": route30,
    "readyz.ts": route31,
    "search.tsx": route32,
    "theme.ts": route33,
  },
  islands: {
    "ask_form.tsx": island0,
    "conversation.tsx": island1,
    "copy_links.tsx": island2,
    "definitions_filter.tsx": island3,
    "look_up.tsx": island4,
    "theme_toggle.tsx": island5,
  },
};
