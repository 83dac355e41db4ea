/** `deno run restore_child.ts BACKUP DATA`: restores, and is killed at some moment of it. */
import { restoreBackup } from "../../lib/ops/backup/mod.ts";

const [file, data] = Deno.args;
const say = (word: string) => Deno.stdout.writeSync(new TextEncoder().encode(word + "\n"));
say("begun");
await restoreBackup({ file, data });
say("restored");
