/** Whether a database that was unpacked is one that can be worked with. */
import { isDeepStrictEqual } from "node:util";
import { Problem } from "../../problem.ts";
import { openStore, SCHEMA_VERSION } from "../../store/mod.ts";
import { type BackupCounts, countsOf, type Manifest } from "./manifest.ts";
import { probe } from "./probe.ts";

/**
 * Opens the database at `path`, which nobody else uses, brings it up to date, and looks at all of it: SQLite's
 * integrity check, the counts, the fixed searches. Returns the counts. Throws a `Problem` when something differs from
 * `manifest`, where there is one.
 */
export function checkStore(path: string, manifest?: Manifest): BackupCounts {
  const store = openStore({ path });
  try {
    const findings = store.integrity();
    if (findings.length > 0) {
      throw unusable("its database is damaged", new Error(findings.join("; ")));
    }
    const counts = countsOf(store);
    const found = probe(store);
    if (manifest) {
      if (!isDeepStrictEqual(counts, manifest.counts)) {
        throw unusable("it does not hold as much as when it was made");
      }
      // A newer schema may rank otherwise, and still has to find something.
      const same = manifest.schema === SCHEMA_VERSION
        ? isDeepStrictEqual(found, manifest.probe)
        : (Object.keys(found) as (keyof typeof found)[])
          .every((kind) => found[kind].length > 0 || manifest.probe[kind].length === 0);
      if (!same) throw unusable("a search does not find what it found when it was made");
    }
    return counts;
  } finally {
    store.close();
  }
}

function unusable(what: string, cause?: unknown): Problem {
  return new Problem(`The backup can't be used: ${what}.`, {
    next: "Choose another backup.",
    cause,
  });
}
