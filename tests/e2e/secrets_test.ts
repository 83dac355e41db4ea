/**
 * No secret ever comes out. Every secret is planted as a canary in a running server; pages, errors, the API, probes,
 * metrics and commands are driven, with an API that repeats the key in its errors and with every detail switched on;
 * then everything that came out, and every byte that was written, is searched for them.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { encrypt, generateKey } from "../../lib/ops/fernet.ts";
import { VARIABLES } from "../../lib/ops/settings.ts";
import { miniCorpus } from "../support/mini_corpus.ts";
import { runCommand, startFarchat } from "../support/running_farchat.ts";

const mark = () => crypto.randomUUID().replaceAll("-", "");

/** Whoever is asked, as Anthropic, Sentry or a webhook: it repeats the key it was given. */
function outside() {
  const bodies: string[] = [];
  const keys: string[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      // A report to Sentry is addressed with Sentry's own DSN; all else in it is searched.
      if (!pathname.startsWith("/api/")) bodies.push(await request.text());
      else bodies.push((await request.text()).replace(/"dsn":"[^"]*"/, ""));
      const key = request.headers.get("authorization")?.replace("Bearer ", "");
      if (key === undefined) return new Response("{}");
      if (request.method === "POST") keys.push(key);
      return Response.json({
        type: "error",
        error: { type: "authentication_error", message: `invalid key: ${key}` },
      }, { status: 401 });
    },
  );
  return {
    host: `127.0.0.1:${server.addr.port}`,
    bodies,
    /** The keys that questions came with. */
    keys,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function plant(host: string) {
  const encryptionKey = generateKey();
  const key = `sk-ant-${mark()}`;
  const token = encrypt(key, encryptionKey);
  const [metrics, sentry, hook] = [mark(), mark(), mark()];
  return {
    env: {
      ANTHROPIC_API_KEY: token,
      ENCRYPTION_KEY: encryptionKey,
      ANTHROPIC_BASE_URL: `http://${host}`,
      API_KEY_CREATED_DATE: "2020-01-01",
      KEY_AGE_WEBHOOK: `http://${host}/${hook}`,
      METRICS_TOKEN: metrics,
      SENTRY_DSN: `http://${sentry}@${host}/1`,
      DEBUG: "true",
      LOG_LEVEL: "DEBUG",
      LOG_QUESTIONS: "true",
    } as Record<string, string>,
    canaries: { key, token, encryptionKey, metrics, sentry, hook } as Record<string, string>,
  };
}

/** Every answer to every kind of request, headers and all. */
async function drive(url: string, metricsToken: string): Promise<string[]> {
  const out: string[] = [];
  const get = async (path: string, init?: RequestInit) => {
    const response = await fetch(url + path, { redirect: "manual", ...init });
    out.push(`${path} ${response.status}`, JSON.stringify([...response.headers]));
    out.push(await response.text());
  };
  const json = (body: unknown): RequestInit => ({
    method: "POST",
    headers: { "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  for (
    const path of [
      "/",
      "/far",
      "/far/15",
      "/far/15.403-4",
      "/far/99.999",
      "/search?q=certified+cost+or+pricing+data",
      "/c/not-a-conversation",
      "/nowhere",
      "/.env",
      "/static/../.env",
      "/about",
      "/docs",
      "/healthz",
      "/readyz",
      "/health",
      "/metrics",
      "/api/v1/openapi.json",
      "/api/v1/search?q=cost",
      "/api/v1/search?k=-1",
      "/api/v1/sections/far/99.999",
      "/api/v1/nowhere",
    ]
  ) await get(path);
  await get("/metrics", { headers: { authorization: `Bearer ${metricsToken}` } });
  await get("/metrics", { headers: { authorization: "Bearer wrong" } });
  const question = "When do I need certified cost or pricing data?";
  await get("/api/v1/chat", json({ question }));
  await get("/api/v1/chat", json({ question, stream: false }));
  await get("/api/v1/chat", json("{not json"));
  await get("/api/v1/chat", json({ question: "" }));
  await get("/ask", {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", origin: url },
    body: new URLSearchParams({ question }),
  });
  // Health looks at Anthropic behind the request; the second time it tells what it found.
  await get("/health");
  return out;
}

async function filesIn(folder: string): Promise<[string, string][]> {
  const files: [string, string][] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) files.push(...await filesIn(path));
    else {
      files.push([path, latin1(await Deno.readFile(path))]);
      if (path.endsWith(".gz")) {
        const file = await Deno.open(path);
        const plain = file.readable.pipeThrough(new DecompressionStream("gzip"));
        files.push([`${path} inside`, latin1(await new Response(plain).bytes())]);
      }
    }
  }
  return files;
}

/** Byte for byte, so that nothing is lost in decoding. */
function latin1(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}

Deno.test("no secret comes out in pages, errors, the API, probes, metrics, logs, reports, doctor, backups or any file", async () => {
  await using double = outside();
  const { env, canaries } = plant(double.host);
  const secrets = Object.entries(VARIABLES).filter(([, made]) => "secret" in made && made.secret);
  for (const [name] of secrets) assert.ok(env[name], `plant a canary for the secret ${name}`);

  const folder = await Deno.makeTempDir({ prefix: "farchat_secrets_" });
  try {
    const data = join(folder, "data");
    const commandEnv = { ...env, LOG_FILE: join(data, "logs", "farchat.log") };
    const seen: [string, string][] = [];
    const see = (where: string, text: string) => void seen.push([where, text]);

    await using farchat = await startFarchat({
      data,
      from: await miniCorpus(),
      env: commandEnv,
    });
    (await drive(farchat.url, env.METRICS_TOKEN)).forEach((text, i) => see(`answer ${i}`, text));
    for (
      const args of [
        ["doctor"],
        ["doctor", "--json"],
        ["key", "status"],
        ["key", "status", "--json"],
        ["search", "cost", "--json"],
        ["ask", "When do I need certified cost or pricing data?", "--json"],
        ["backup", "--to", join(data, "backup.tar.gz"), "--json"],
        ["help"],
      ]
    ) {
      const own = ["key", "help"].includes(args[0]) ? args : [...args, "--data", data];
      const { out, err, code } = await runCommand(own, commandEnv);
      assert.notEqual(code, 2, `${args.join(" ")}: ${err}`);
      see(args.join(" "), out);
      see(`${args.join(" ")} (standard error)`, err);
    }
    const broken = await runCommand(["doctor", "--data", data], {
      ...commandEnv,
      ENCRYPTION_KEY: generateKey(),
      METRICS_TOKEN: `${env.METRICS_TOKEN} with a space`,
      SENTRY_DSN: `${env.SENTRY_DSN} no address`,
      KEY_AGE_WEBHOOK: `ftp:${env.KEY_AGE_WEBHOOK}`,
    });
    assert.equal(broken.code, 1);
    see("doctor with wrong settings", broken.out + broken.err);

    await farchat.stop();
    see("standard error of the server", farchat.lines.join("\n"));
    for (const [path, text] of await filesIn(data)) see(path, text);
    double.bodies.forEach((text, i) => see(`what was sent outside ${i}`, text));

    const answers = seen.filter(([where]) => where.startsWith("answer")).map(([, text]) => text);
    assert.ok(answers.some((text) => text.includes("event: done")), "an answer was written");
    assert.ok(double.keys.includes(canaries.key), "the key was in use");
    assert.ok(double.bodies.some((text) => text.includes("anthropic_key_old")), "webhook told");
    assert.ok(seen.some(([where]) => where.endsWith("backup.tar.gz inside")), "a backup was made");
    assert.ok(seen.some(([where]) => where.endsWith("farchat.db")), "the database was read");
    assert.ok(seen.some(([where]) => where.includes("farchat.log")), "a log was written");
    const leaks = seen.flatMap(([where, text]) =>
      Object.entries(canaries).filter(([, canary]) => text.includes(canary))
        .map(([name, canary]) => {
          const at = text.indexOf(canary);
          return `${name} in ${where}: ...${text.slice(Math.max(0, at - 120), at)}[HERE]`;
        })
    );
    assert.deepEqual(leaks, []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
