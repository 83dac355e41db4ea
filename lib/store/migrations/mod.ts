/** Every migration, in order. A new one goes to the end; one that was released is never edited. */
import type { Migration } from "../migrate.ts";
import { initial } from "./001_initial.ts";

export const MIGRATIONS: readonly Migration[] = [initial];
