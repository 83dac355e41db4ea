/** Loads a native library to see whether it can be, before SQLite or Node's module loader does. */

/** Errors of the system's loaders in words without a path. */
const REASONS: [RegExp, string][] = [
  // Whether a folder is mounted noexec can't be read from /proc, which Deno allows only with every permission.
  [/failed to map segment|Operation not permitted/i, "programs can't be run from it (noexec)"],
  [/\b(lib[\w+.-]+\.so[\d.]*): cannot open shared object file/, "this machine has no $1"],
  [/version `(GLIBC\w*_[\d.]+)' not found/, "this machine's C library is older than $1"],
];

/** Loads the library for the life of the process. Throws an Error with the reason in words, and the system's as cause. */
export function loadLibrary(path: string): void {
  try {
    Deno.dlopen(path, {});
  } catch (cause) {
    throw new Error(reasonOf(String(cause)), { cause });
  }
}

/** Whether C++'s standard library is what `loadLibrary` missed; the smallest systems have none. */
export function lacksStandardLibrary(error: unknown): boolean {
  return error instanceof Error && error.message.endsWith("has no libstdc++.so.6");
}

/** Why a library could not be loaded, from what the system said. */
export function reasonOf(text: string): string {
  for (const [pattern, words] of REASONS) {
    const found = pattern.exec(text);
    if (found) return words.replace("$1", found[1]);
  }
  return "its files can't be loaded as programs";
}
