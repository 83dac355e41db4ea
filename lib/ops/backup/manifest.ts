/** The first file of a backup: what is in it, and how to tell whether it is whole. It holds no setting and no secret. */
import { z } from "zod";
import type { Store } from "../../store/mod.ts";
import { Problem } from "../../problem.ts";

/** The manifest's name in the archive. */
export const MANIFEST = "manifest.json";
/** The database's name in the archive. */
export const DATABASE = "farchat.db";
/** The folder of uploaded files, in the archive and in the data folder. */
export const ORIGINALS = "originals";

/** A manifest is small; more than this is none. */
export const MAX_MANIFEST_BYTES = 64 * 1024 * 1024;

const count = z.number().int().nonnegative();
/** A path below the folder it is unpacked in, on every system. */
const safeName = z.string().refine((name) =>
  name === DATABASE ||
  name.startsWith(`${ORIGINALS}/`) && name.split("/").every(isSafeSegment)
);

const schema = z.object({
  format: z.literal(1),
  /** When the copy was made, ISO 8601 in UTC. */
  created: z.iso.datetime(),
  /** The FARchat that made it. */
  version: z.string().max(100),
  /** The database's schema version. */
  schema: count,
  counts: z.object({
    documents: count,
    sections: z.object({ far: count, dfars: count, uploads: count }),
    chunks: count,
    vectors: count,
    paragraphs: count,
    words: count,
    entries: z.object({ questions: count, briefs: count }),
  }),
  /** What the fixed searches found in the copy; see probe.ts. */
  probe: z.object({
    chunks: z.array(count),
    entries: z.array(count),
    vectors: z.array(count),
  }),
  files: z.array(z.object({
    name: safeName,
    bytes: count,
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  })).min(1),
});

/** What a backup says of itself. */
export type Manifest = z.infer<typeof schema>;
/** A file of a backup, its SHA-256 in hexadecimal. */
export type BackupFile = Manifest["files"][number];
/** How much there is in a backup. */
export type BackupCounts = Manifest["counts"];

/** Reads a manifest; throws a `Problem` for one that no FARchat wrote, or a newer one. */
export function parseManifest(text: string): Manifest {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (cause) {
    throw noManifest(cause);
  }
  const { data, error } = schema.safeParse(found);
  if (!data) {
    if (typeof found === "object" && found && "format" in found && Number(found.format) > 1) {
      throw new Problem(
        "The backup was made by a newer FARchat, in a format this one can't read.",
        {
          next: "Install that version of FARchat, and restore the backup with it.",
        },
      );
    }
    throw noManifest(error);
  }
  const names = data.files.map(({ name }) => name);
  if (data.files[0].name !== DATABASE || new Set(names).size < names.length) throw noManifest();
  return data;
}

/** The counts of a store without its size in bytes, which depends on how it was written. */
export function countsOf(store: Store): BackupCounts {
  const { bytes: _, ...counts } = store.counts();
  return counts;
}

/** No way up, no second drive and no stream of a Windows disk, nothing that a terminal acts on. */
function isSafeSegment(segment: string): boolean {
  return segment !== "" && segment !== "." && segment !== ".." && !/[\\:\p{Cc}]/u.test(segment);
}

function noManifest(cause?: unknown): Problem {
  return new Problem(
    "A backup made by `farchat backup` was expected; the file's manifest is not one.",
    {
      next: "Choose another backup.",
      cause,
    },
  );
}
