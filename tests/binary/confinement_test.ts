/** What the executable needs of a machine, and what it does not reach for. Linux. */
import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { binaryTest, EXECUTABLE, Machine } from "./machine.ts";

const QUESTION = "When are certified cost or pricing data required?";
const isLinux = Deno.build.os === "linux";
const isRoot = isLinux && Deno.uid() === 0;

function has(program: string): boolean {
  return ["/usr/bin", "/bin", "/usr/sbin"].some((folder) => existsSync(join(folder, program)));
}

/** Whether this process may mount file systems, in a name space of its own. */
function mayMount(): boolean {
  if (!isRoot || !has("unshare")) return false;
  const { code } = new Deno.Command("unshare", {
    args: ["-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"],
    stderr: "null",
  }).outputSync();
  return code === 0;
}

if (isLinux && has("strace")) {
  binaryTest("it opens no connection of its own and looks no name up", async (machine) => {
    const traced = machine.folder("strace");
    const log = join(traced, "calls");
    const server = await machine.serve([], {
      under: ["strace", "-f", "-qq", "-e", "trace=connect,sendto,sendmsg,socket", "-o", log],
    });
    const answer = await fetch(`${server.url}/api/v1/chat`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ question: QUESTION, stream: false }),
    });
    assert.equal(answer.status, 200);
    assert.match(await answer.text(), /15\.403/);
    await fetch(`${server.url}/far/15.403-4`).then((page) => page.text());
    // strace passes no signal on to what it traces.
    const children = Deno.readTextFileSync(`/proc/${server.pid}/task/${server.pid}/children`);
    Deno.kill(Number(children.trim().split(" ")[0]), "SIGTERM");
    await server.stop().catch(() => {});
    const calls = Deno.readTextFileSync(log);
    assert.match(calls, /socket\(AF_INET, SOCK_STREAM/, "the trace has the listening socket");
    const outward = calls.split("\n").filter((line) =>
      /\b(connect|sendto|sendmsg)\(/.test(line) && /AF_INET|sin_addr|sin6_addr/.test(line)
    );
    assert.deepEqual(outward, []);
  });
}

/** Runs a script of sh as root in a mount name space of its own, with the executable at $1. */
async function inNamespace(machine: Machine, script: string, args: string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command("unshare", {
    args: ["-m", "-n", "sh", "-ec", script, "sh", machine.executable, ...args],
    cwd: "/",
    clearEnv: true,
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" },
  }).output();
  const text = new TextDecoder();
  assert.equal(code, 0, text.decode(stderr));
  return text.decode(stdout);
}

if (EXECUTABLE !== undefined && mayMount()) {
  binaryTest("a system with nothing but the C library searches by meaning", async (machine) => {
    const system = machine.folder("system");
    const copy = (path: string) => {
      mkdirSync(join(system, dirname(path)), { recursive: true });
      copyFileSync(path, join(system, path));
    };
    // What the executable itself is linked with: glibc's parts and the compiler's run-time support.
    const { stdout } = await new Deno.Command("ldd", { args: [EXECUTABLE!] }).output();
    const libraries = [...new TextDecoder().decode(stdout).matchAll(/(\/\S+) \(0x/g)].map((m) =>
      m[1]
    );
    assert.ok(libraries.length >= 3 && libraries.length < 12);
    assert.ok(!libraries.some((path) => basename(path).startsWith("libstdc++")));
    libraries.forEach(copy);
    for (const folder of ["proc", "dev", "opt", "data"]) mkdirSync(join(system, folder));
    Deno.chmodSync(join(system, "data"), 0o777);
    copyFileSync(machine.executable, join(system, "opt", "farchat"));
    const out = await inNamespace(
      machine,
      `mount -t proc proc "$2/proc"; mount --bind /dev "$2/dev"; c=$(command -v chroot)
       exec env -i "$c" --userspec=65534:65534 "$2" /opt/farchat search "$3" --json --data /data/farchat`,
      [system, QUESTION],
    );
    const { usedVectors, sections } = JSON.parse(out);
    assert.equal(usedVectors, true);
    assert.ok(sections.length > 0);
  });

  binaryTest("where the cache is mounted noexec the data folder serves", async (machine) => {
    const out = await inNamespace(
      machine,
      `mount -t tmpfs -o noexec,mode=1777 tmpfs "$2"; cd "$3"
       exec env -i XDG_CACHE_HOME="$2" "$(command -v setpriv)" --reuid=65534 --regid=65534 --clear-groups \\
         "$1" search "$4" --json`,
      [machine.folder("noexec"), machine.home, QUESTION],
    );
    assert.equal(JSON.parse(out).usedVectors, true);
    assert.ok(existsSync(join(machine.home, "farchat_data", "cache")));
  });
}
