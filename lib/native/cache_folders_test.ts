import assert from "node:assert/strict";
import { cacheFolders } from "./cache_folders.ts";

const linux = { os: "linux" as const, temporary: "/tmp", uid: 1000 };

Deno.test("the setting alone counts where it is set", () => {
  const variables = { FARCHAT_CACHE_DIR: "/var/cache/farchat", HOME: "/home/ann" };
  assert.deepEqual(cacheFolders({ ...linux, variables }), ["/var/cache/farchat"]);
});

Deno.test("else the user's cache, the data folder and a folder of the user's below the temporary one", () => {
  assert.deepEqual(
    cacheFolders({ ...linux, variables: { HOME: "/home/ann", FARCHAT_DATA: "/data" } }),
    ["/home/ann/.cache/farchat", "/data/cache", "/tmp/farchat-1000"],
  );
  assert.deepEqual(
    cacheFolders({ ...linux, variables: { HOME: "/home/ann", XDG_CACHE_HOME: "/fast" } }),
    ["/fast/farchat", "/tmp/farchat-1000"],
  );
  assert.deepEqual(
    cacheFolders({ ...linux, os: "darwin", variables: { HOME: "/Users/ann" } })[0],
    "/Users/ann/Library/Caches/farchat",
  );
});

Deno.test("a service without a home has its data folder and the temporary one", () => {
  assert.deepEqual(cacheFolders({ ...linux, variables: { HOME: " ", FARCHAT_DATA: "/data" } }), [
    "/data/cache",
    "/tmp/farchat-1000",
  ]);
});
