import { VERSION } from "../lib/version.ts";

/** `farchat version`: prints the version and what it runs on. */
export function versionCommand(_args: string[]): Promise<number> {
  console.log(`FARchat ${VERSION} (Deno ${Deno.version.deno}, ${Deno.build.target})`);
  return Promise.resolve(0);
}
