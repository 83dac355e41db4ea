import assert from "node:assert/strict";
import { join } from "node:path";
import { lacksStandardLibrary, loadLibrary, reasonOf } from "./load_library.ts";

Deno.test("what the system's loader says is told in words, without a path", () => {
  const said: [string, RegExp][] = [
    [
      "Could not open library: /home/x/vec0.so: failed to map segment from shared object",
      /noexec/,
    ],
    [
      "Could not open library: libstdc++.so.6: cannot open shared object file: No such file or directory",
      /^this machine has no libstdc\+\+\.so\.6$/,
    ],
    [
      "/lib/libc.so.6: version `GLIBC_2.28' not found (required by /home/x/libonnxruntime.so.1)",
      /C library is older than GLIBC_2\.28/,
    ],
    ["/home/x/vec0.so: invalid ELF header", /can't be loaded/],
  ];
  for (const [text, expected] of said) {
    assert.match(reasonOf(text), expected);
    assert.ok(!reasonOf(text).includes("/home"));
  }
});

Deno.test("a missing standard library is told from other reasons", () => {
  const missing = (name: string) => new Error(reasonOf(`${name}: cannot open shared object file`));
  assert.ok(lacksStandardLibrary(missing("libstdc++.so.6")));
  assert.ok(!lacksStandardLibrary(missing("libgomp.so.1")));
});

Deno.test("a file that is no library is refused with the system's words as the cause", () => {
  const folder = Deno.makeTempDirSync();
  try {
    Deno.writeTextFileSync(join(folder, "no.so"), "no library");
    assert.throws(() => loadLibrary(join(folder, "no.so")), (error: Error) => {
      assert.ok(!error.message.includes(folder));
      assert.ok(String(error.cause).includes("no.so"));
      return true;
    });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
