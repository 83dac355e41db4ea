/** What `farchat doctor` says of the files an executable unpacks. */
import { isExecutable, unpacked } from "../native/mod.ts";
import { Problem } from "../problem.ts";
import type { Check } from "./doctor.ts";

/** Whether the native files and the model could be unpacked and are whole, and where; nothing for the sources. */
export function checkExecutable(): Check[] {
  if (!isExecutable()) return [];
  const name = "unpacked files";
  try {
    const folders = (["vectors", "onnxruntime", "model"] as const).map(unpacked);
    const places = [...new Set(folders.map((folder) => folder.replace(/[/\\][^/\\]+$/, "")))];
    return [{ name, status: "pass", found: `whole, in ${places.join(" and ")}` }];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return [{ name, status: "fail", found: error.message, next: error.next }];
  }
}
