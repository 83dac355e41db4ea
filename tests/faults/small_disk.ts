/** A disk of a few megabytes: a tmpfs in a mount namespace of one process, which goes away with it. */

/** Whether this machine lets a test have one; Linux does, unless it forbids user namespaces. */
export async function canHaveSmallDisk(): Promise<boolean> {
  if (Deno.build.os !== "linux") return false;
  const folder = Deno.makeTempDirSync();
  try {
    const [program, ...args] = onSmallDisk(folder, 1, ["true"]);
    return (await new Deno.Command(program, { args, stderr: "null" }).output()).success;
  } catch {
    return false;
  } finally {
    Deno.removeSync(folder);
  }
}

/**
 * The command line that runs `command` with a disk of `megabytes` at `folder`; `before` is a shell script that runs
 * first, in the same namespace, with the folder as $1.
 */
export function onSmallDisk(
  folder: string,
  megabytes: number,
  command: string[],
  before = "",
): string[] {
  const script = `set -e
    mount -t tmpfs -o size=${megabytes}m tmpfs "$1"
    ${before}
    shift
    exec "$@"`;
  return ["unshare", "--map-root-user", "--mount", "sh", "-c", script, "sh", folder, ...command];
}
