/** What file systems refuse, in words for people. */
import { Problem } from "../../problem.ts";

const FULL = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);
const FORBIDDEN = new Set(["EACCES", "EPERM", "EROFS"]);

/**
 * The error as a `Problem` that says what could not be done with `what` ("the backup"); a `Problem` is given back as
 * it came, and what no disk says too. The original is the cause.
 */
export function diskProblem(error: unknown, what: string): unknown {
  if (error instanceof Problem || !(error instanceof Error)) return error;
  const code = "code" in error ? String(error.code) : "";
  const words = error.message;
  if (FULL.has(code) || /no space left|quota exceeded|file too large/i.test(words)) {
    return new Problem(`The disk is full: ${what} could not be written.`, {
      next:
        "Free some space or choose a folder on another disk; what was written of it was removed.",
      status: 507,
      cause: error,
    });
  }
  if (error.name === "NotCapable") {
    return new Problem(`Deno does not let FARchat use the folder of ${what}.`, {
      next: "Allow it with --allow-read and --allow-write, or choose a folder in the data folder.",
      status: 500,
      cause: error,
    });
  }
  if (FORBIDDEN.has(code) || /permission denied|read-only/i.test(words)) {
    return new Problem(`This user may not read or write ${what} there.`, {
      next: "Choose another folder, or give this user the right to write there.",
      status: 500,
      cause: error,
    });
  }
  if (["ENOENT", "ENOTDIR", "EISDIR", "ELOOP"].includes(code)) {
    return new Problem(`Expected ${what} to be there, found nothing that can be read.`, {
      next: "Check the name; `farchat backup` prints it when it has made one.",
      cause: error,
    });
  }
  return error;
}

/** Runs `work`, with what the disk refuses as Problems. */
export async function withDiskProblems<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw diskProblem(error, what);
  }
}
