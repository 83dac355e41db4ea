/** Unpacks what the first word describes into the folder that the second names: one of several starts at once. */
import process from "node:process";
import { unpack } from "./unpack.ts";

const [packed, cache] = Deno.args;
unpack(JSON.parse(Deno.readTextFileSync(packed)), "model", [cache], process.getuid?.() ?? null);
