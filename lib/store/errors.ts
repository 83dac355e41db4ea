/** What SQLite says, in words for people. */
import { Problem } from "../problem.ts";

/** Result codes of https://sqlite.org/rescode.html that people can do something about. */
const BUSY = 5, LOCKED = 6, READONLY = 8, IOERR = 10, CORRUPT = 11, FULL = 13, CANTOPEN = 14;
const NOTADB = 26;

/** The messages of sqlite3_errstr: Deno gives no code with errors of `exec` and of opening a file. */
const MESSAGES: [RegExp, number][] = [
  [/database (table |schema )?is locked/i, BUSY],
  [/readonly database/i, READONLY],
  [/disk I\/O error/i, IOERR],
  [/malformed|database corruption|corrupt/i, CORRUPT],
  [/database or disk is full/i, FULL],
  [/unable to open database/i, CANTOPEN],
  [/not a database/i, NOTADB],
];

const DAMAGED = {
  message: "The database file is damaged: a FARchat database was expected.",
  next:
    "Restore a backup with `farchat restore FILE`, or move the file away and run `farchat ingest` again.",
  status: 500,
};

const KNOWN = new Map<number, { message: string; next: string; status: number }>([
  [BUSY, {
    message: "The database is busy: another FARchat command is writing to it.",
    next: "Try again in a moment.",
    status: 503,
  }],
  [READONLY, {
    message: "The database cannot be written to: its file or folder is read-only.",
    next: "Give FARchat write access to its data folder, or choose another one with --data.",
    status: 500,
  }],
  [IOERR, {
    message: "The disk reported an error while the database was read or written.",
    next: "Check the disk and the free space of the data folder, then start FARchat again.",
    status: 500,
  }],
  [CORRUPT, DAMAGED],
  [FULL, {
    message: "The disk is full: the database could not grow.",
    next: "Free some space on the disk of the data folder and try again; nothing was stored half.",
    status: 507,
  }],
  [CANTOPEN, {
    message: "The database file could not be opened.",
    next: "Check that the data folder exists and that FARchat may read and write in it (--data).",
    status: 500,
  }],
  [NOTADB, {
    message: "The file is not a database: a FARchat database was expected.",
    next:
      "Restore a backup with `farchat restore FILE`, or move the file away or choose another data folder with --data, then run `farchat ingest` again.",
    status: 500,
  }],
]);
KNOWN.set(LOCKED, KNOWN.get(BUSY)!);

/** The primary SQLite result code of an error, 1 when SQLite gave no better one, undefined for other errors. */
export function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  if (code !== "ERR_SQLITE_ERROR") return undefined;
  // The low byte is the primary code, the others say more about it.
  if (typeof errcode === "number" && (errcode & 0xff) > 1) return errcode & 0xff;
  return MESSAGES.find(([pattern]) => pattern.test(error.message))?.[1] ?? 1;
}

/** True for "somebody else is writing". */
export function isBusy(error: unknown): boolean {
  const cause = error instanceof Problem ? error.cause : error;
  const code = sqliteCode(cause);
  return code === BUSY || code === LOCKED;
}

/**
 * The error to throw: SQLite's errors become Problems without path, SQL or values; everything else (a Problem,
 * a programming mistake) is given back as it came. The original is the `cause`, which is for logs only.
 */
export function asProblem(error: unknown): unknown {
  if (error instanceof Error && error.name === "NotCapable") {
    return new Problem("Deno does not let FARchat use the database file.", {
      next:
        "Start FARchat with its tasks, or allow --allow-ffi, and --allow-read and --allow-write for the data folder.",
      status: 500,
      cause: error,
    });
  }
  const code = sqliteCode(error);
  if (code === undefined) return error;
  const known = KNOWN.get(code) ?? {
    message: "The database could not do what was asked.",
    next: "Try again; if it stays so, run `farchat doctor` and look at the log.",
    status: 500,
  };
  return new Problem(known.message, { next: known.next, status: known.status, cause: error });
}

/** For damage that SQLite does not see. */
export function damaged(): Problem {
  const { message, next, status } = DAMAGED;
  return new Problem(message, { next, status });
}

/** For a file that is something else. */
export function notADatabase(): Problem {
  const { message, next, status } = KNOWN.get(NOTADB)!;
  return new Problem(message, { next, status });
}
