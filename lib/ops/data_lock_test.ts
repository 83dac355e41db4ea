import assert from "node:assert/strict";
import { join } from "node:path";
import { Problem } from "../problem.ts";
import { LOCK_FILE, lockDataFolder, lockHolder } from "./data_lock.ts";

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a folder is locked once: the second is told who has it and what to do", () =>
  inFolder(async (folder) => {
    const lock = await lockDataFolder(folder);
    await assert.rejects(lockDataFolder(folder), (error: Problem) => {
      assert.ok(error instanceof Problem);
      assert.match(error.message, new RegExp(`process ${Deno.pid}, since \\d{4}-`));
      assert.match(error.next, /--data FOLDER/);
      assert.ok(!error.message.includes(folder));
      return true;
    });
    lock.release();
    lock.release();
    (await lockDataFolder(folder)).release();
  }));

Deno.test("who holds it is seen without taking it, and nobody when it is free", () =>
  inFolder(async (folder) => {
    assert.equal(lockHolder(folder), undefined);
    const lock = await lockDataFolder(folder);
    assert.equal(lockHolder(folder)?.pid, Deno.pid);
    lock.release();
    assert.equal(lockHolder(folder), undefined);
  }));

Deno.test("a lock file that says nothing readable still locks, and is written anew by the next", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, LOCK_FILE), "[[".repeat(500));
    const lock = await lockDataFolder(folder);
    assert.equal(lockHolder(folder)?.pid, Deno.pid);
    await Deno.writeTextFile(join(folder, LOCK_FILE), "?");
    await assert.rejects(lockDataFolder(folder), /Another FARchat is serving this data folder;/);
    lock.release();
  }));

Deno.test("a process that was killed leaves no lock behind", () =>
  inFolder(async (folder) => {
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        "eval",
        `import { lockDataFolder } from ${
          JSON.stringify(new URL("./data_lock.ts", import.meta.url).href)
        };
         globalThis.lock = await lockDataFolder(${JSON.stringify(folder)});
         console.log("held");
         setInterval(() => {}, 1000);`,
      ],
      stdout: "piped",
    }).spawn();
    const reader = child.stdout.getReader();
    await reader.read();
    assert.equal(lockHolder(folder)?.pid, child.pid);
    child.kill("SIGKILL");
    await child.status;
    await reader.cancel();
    const lock = await lockDataFolder(folder);
    lock.release();
  }));

Deno.test("a folder that isn't there is told as one that can't be written", () =>
  inFolder(async (folder) => {
    await assert.rejects(lockDataFolder(join(folder, "missing")), /can be written/);
  }));
