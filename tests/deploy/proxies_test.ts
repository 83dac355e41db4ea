import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadSettings } from "../../lib/ops/settings.ts";
import { repositoryPath } from "../support/shared.ts";
import { program, read, run, testWith } from "./tools.ts";

const nginx = program("nginx", "nginx's check of its configuration, and streaming through it");
const caddy = program("caddy", "Caddy's check of its configuration, and streaming through it");

/** Time between two events of the server behind the proxy, in milliseconds: much longer than a proxy takes. */
const PAUSE_MS = 400;

testWith(
  caddy,
  "Caddy takes the configuration, which is written as Caddy writes it",
  async (command) => {
    const file = repositoryPath("deploy/proxy/Caddyfile");
    const folder = Deno.makeTempDirSync();
    const env = { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
    const valid = await run(command, ["validate", "--adapter", "caddyfile", "--config", file], {
      env,
    });
    assert.equal(valid.code, 0, valid.output);
    const copy = join(folder, "Caddyfile");
    writeFileSync(copy, read("deploy/proxy/Caddyfile"));
    await run(command, ["fmt", "--overwrite", copy], { env });
    assert.equal(Deno.readTextFileSync(copy), read("deploy/proxy/Caddyfile"));
    Deno.removeSync(folder, { recursive: true });
  },
);

testWith(
  caddy,
  "through Caddy an answer comes as it is written, and /metrics does not come at all",
  async (command) => {
    await using upstream = server();
    const folder = Deno.makeTempDirSync();
    const port = freePort();
    // Without a certificate, and without the ports 80 and 443 or an administration port.
    const text = "{\n\tadmin off\n\tauto_https off\n}\n" + read("deploy/proxy/Caddyfile");
    writeFileSync(join(folder, "Caddyfile"), text);
    await using _proxy = await start(
      command,
      ["run", "--adapter", "caddyfile", "--config", join(folder, "Caddyfile")],
      port,
      {
        FARCHAT_SITE: `http://127.0.0.1:${port}`,
        FARCHAT_UPSTREAM: `127.0.0.1:${upstream.port}`,
        HOME: folder,
        XDG_DATA_HOME: folder,
        XDG_CONFIG_HOME: folder,
      },
    );
    await assertStreams(`http://127.0.0.1:${port}`);
    Deno.removeSync(folder, { recursive: true });
  },
);

testWith(
  nginx,
  "through nginx an answer comes as it is written, and /metrics does not come at all",
  async (command) => {
    await using upstream = server();
    const folder = Deno.makeTempDirSync();
    const port = freePort();
    await certificate(folder);
    const site = read("deploy/proxy/nginx.conf")
      .replace("server 127.0.0.1:8000;", `server 127.0.0.1:${upstream.port};`)
      .replaceAll("/etc/ssl/farchat/", `${folder}/`)
      .replace("listen 80;", `listen 127.0.0.1:${freePort()};`)
      .replace("listen [::]:80;", "")
      .replace("listen 443 ssl http2;", `listen 127.0.0.1:${port} ssl http2;`)
      .replace("listen [::]:443 ssl http2;", "");
    writeFileSync(join(folder, "site.conf"), site);
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
      .map((name) => `${name}_temp_path ${folder}/${name};`).join(" ");
    writeFileSync(
      join(folder, "nginx.conf"),
      `daemon off; user root; pid ${folder}/pid; error_log stderr; events {}\n` +
        `http { access_log off; ${temporary} include ${folder}/site.conf; }\n`,
    );
    const args = ["-c", join(folder, "nginx.conf"), "-p", folder];
    const valid = await run(command, ["-t", ...args]);
    assert.equal(valid.code, 0, valid.output);
    await using _proxy = await start(command, args, port);
    const cert = Deno.readTextFileSync(join(folder, "fullchain.pem"));
    using client = Deno.createHttpClient({ caCerts: [cert] });
    await assertStreams(`https://localhost:${port}`, client);
    Deno.removeSync(folder, { recursive: true });
  },
);

Deno.test("both proxies take uploads of the largest size", () => {
  const { MAX_FILE_SIZE_MB } = loadSettings();
  const sizes = [
    /client_max_body_size (\d+)m;/.exec(read("deploy/proxy/nginx.conf")),
    /max_size (\d+)MB/.exec(read("deploy/proxy/Caddyfile")),
  ];
  for (const size of sizes) assert.ok(Number(size![1]) > MAX_FILE_SIZE_MB);
});

/** Four events with pauses between: they must not come together at the end. */
async function assertStreams(base: string, client?: Deno.HttpClient): Promise<void> {
  const response = await fetch(`${base}/api/v1/chat`, {
    method: "POST",
    body: "{}",
    headers: { "accept-encoding": "gzip" },
    client,
  });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-encoding"), null, "a stream is not compressed");
  assert.equal(response.headers.get("x-seen-proto"), new URL(base).protocol.slice(0, -1));
  const times: number[] = [];
  let text = "";
  for await (const bytes of response.body!) {
    text += new TextDecoder().decode(bytes);
    times.push(performance.now());
  }
  assert.equal(text.match(/data: \d/g)?.length, 4, text);
  assert.ok(
    times.at(-1)! - times[0] > 2 * PAUSE_MS,
    `all came within ${times.at(-1)! - times[0]} ms`,
  );
  const metrics = await fetch(`${base}/metrics`, { client });
  await metrics.body?.cancel();
  assert.equal(metrics.status, 404);
  const page = await fetch(`${base}/far`, { client });
  assert.equal(await page.text(), "a page");
}

/** A server that streams as FARchat does, slowly. */
function server(): AsyncDisposable & { port: number } {
  const made = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const { pathname } = new URL(request.url);
    if (pathname !== "/api/v1/chat") {
      return new Response(pathname === "/metrics" ? "secret" : "a page");
    }
    const body = new ReadableStream({
      async start(controller) {
        for (let index = 1; index <= 4; index++) {
          controller.enqueue(new TextEncoder().encode(`event: text\ndata: ${index}\n\n`));
          await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
        }
        controller.close();
      },
    });
    return new Response(body, {
      headers: {
        "content-type": "text/event-stream",
        "x-seen-proto": request.headers.get("x-forwarded-proto") ?? "",
      },
    });
  });
  return { port: made.addr.port, [Symbol.asyncDispose]: () => made.shutdown() };
}

/** Starts a proxy and waits until it listens. */
async function start(
  command: string,
  args: string[],
  port: number,
  env: Record<string, string> = {},
): Promise<AsyncDisposable> {
  const child = new Deno.Command(command, {
    args,
    env,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const log = new Response(child.stderr).text();
  const end = async () => {
    try {
      child.kill("SIGTERM");
    } catch {
      // It has ended already.
    }
    await child.status;
    return await log;
  };
  for (let left = 100; left > 0; left--) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return { [Symbol.asyncDispose]: async () => void await end() };
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error(`${command} does not listen: ${await end()}`);
}

async function certificate(folder: string): Promise<void> {
  const { code, output } = await run("openssl", [
    ...[
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-days",
      "2",
    ],
    ...["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
    ...["-addext", "basicConstraints=critical,CA:FALSE"],
    ...["-keyout", join(folder, "privkey.pem"), "-out", join(folder, "fullchain.pem")],
  ]);
  assert.equal(code, 0, output);
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  return port;
}
