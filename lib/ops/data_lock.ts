/**
 * One server a data folder: a file lock of the operating system, which ends with the process however it ends, so
 * that nothing is to be cleaned up after a kill. Commands such as `ingest` don't take it and work beside a server.
 */
import { join } from "node:path";
import { getLogger } from "@logtape/logtape";
import { Problem } from "../problem.ts";

/** The name of the lock file in the data folder. It stays there; only the lock on it counts. */
export const LOCK_FILE = "farchat.lock";

/** How often and how long to wait for a lock, in milliseconds: another process may only be looking at it. */
const TRIES = 5;
const WAIT_MS = 50;

/** Who holds a lock, as far as it says. */
export interface LockHolder {
  pid?: number;
  host?: string;
  /** ISO 8601. */
  since?: string;
}

/** A lock that is held. */
export interface DataLock {
  /** Gives it up; may be called twice. */
  release(): void;
}

/**
 * Takes the folder for this process. Throws a `Problem` that says who has it, and one where the folder can't be
 * written. A file system without locks is told in the log, and then nothing is locked.
 */
export async function lockDataFolder(folder: string): Promise<DataLock> {
  const file = openLockFile(folder);
  try {
    for (let i = 1; !file.tryLockSync(true); i++) {
      if (i === TRIES) throw taken(readHolder(folder));
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    }
  } catch (error) {
    if (error instanceof Problem) {
      file.close();
      throw error;
    }
    getLogger(["farchat", "store"]).warn(
      "the file system of the data folder knows no locks; never start two servers on it: {error}",
      { error: String(error) },
    );
  }
  writeHolder(file);
  let held = true;
  return {
    release() {
      if (!held) return;
      held = false;
      file.close();
    },
  };
}

/** Who has locked the folder now; undefined when nobody has, or where that can't be found out. */
export function lockHolder(folder: string): LockHolder | undefined {
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(join(folder, LOCK_FILE), { read: true });
  } catch {
    return undefined;
  }
  try {
    // A shared lock: two that look at the same time don't see each other.
    return file.tryLockSync(false) ? undefined : readHolder(folder);
  } catch {
    return undefined;
  } finally {
    file.close();
  }
}

function openLockFile(folder: string): Deno.FsFile {
  try {
    return Deno.openSync(join(folder, LOCK_FILE), {
      read: true,
      write: true,
      create: true,
      mode: 0o600,
    });
  } catch (cause) {
    throw new Problem("Expected a data folder that can be written, found one that can't.", {
      next:
        "Give FARchat write access to its data folder, or choose another with --data FOLDER or FARCHAT_DATA.",
      status: 500,
      cause,
    });
  }
}

function taken(holder: LockHolder): Problem {
  const here = holder.host === undefined || holder.host === Deno.hostname();
  const who = [
    holder.pid !== undefined && `process ${holder.pid}${here ? "" : ` on ${holder.host}`}`,
    holder.since !== undefined && `since ${holder.since}`,
  ].filter(Boolean).join(", ");
  return new Problem(
    `Another FARchat is serving this data folder${
      who ? ` (${who})` : ""
    }; two at once are not possible.`,
    {
      next:
        "Use that one, or stop it first; or give this one a folder of its own: farchat serve --data FOLDER",
      status: 409,
    },
  );
}

function writeHolder(file: Deno.FsFile): void {
  const holder: LockHolder = {
    pid: Deno.pid,
    host: Deno.hostname(),
    since: new Date().toISOString(),
  };
  try {
    file.truncateSync(0);
    file.writeSync(new TextEncoder().encode(JSON.stringify(holder) + "\n"));
  } catch {
    // A full disk: the lock holds without a word about who has it.
  }
}

function readHolder(folder: string): LockHolder {
  try {
    const { pid, host, since } = JSON.parse(Deno.readTextFileSync(join(folder, LOCK_FILE)));
    return {
      pid: typeof pid === "number" ? pid : undefined,
      host: typeof host === "string" ? host : undefined,
      since: typeof since === "string" ? since : undefined,
    };
  } catch {
    return {};
  }
}
