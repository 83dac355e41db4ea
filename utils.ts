import { createDefine } from "fresh";
import type { State } from "./lib/web/state.ts";

export type { State };

/** Types the exports of route files by what every request carries. */
export const define = createDefine<State>();
