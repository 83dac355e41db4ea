import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryPath } from "../support/shared.ts";
import { type Document, program, run, testWith, unknownSettings, yaml } from "./tools.ts";

const compose = yaml("docker-compose.yml");
const farchat = compose.services.farchat;
const command = program("docker-compose", "docker-compose config");

async function config(args: string[], env: Record<string, string> = {}): Promise<Document> {
  const { code, output } = await run(command!, [...args, "config"], { cwd: repositoryPath(), env });
  assert.equal(code, 0, output);
  return output;
}

testWith(
  command,
  "docker-compose takes the file, alone, with each profile and with secrets",
  async () => {
    const alone = await config([]);
    assert.match(alone, /^ {2}farchat:$/m);
    assert.match(await config(["--profile", "tls"]), /^ {2}caddy:$/m);
    const monitoring = await config(["--profile", "monitoring"]);
    assert.match(monitoring, /^ {2}prometheus:$/m);
    assert.match(monitoring, /^ {2}grafana:$/m);
    const files = ["-f", "docker-compose.yml", "-f", "deploy/compose/secrets.yml"];
    assert.match(await config(files), /ANTHROPIC_API_KEY_FILE: \/run\/secrets\/anthropic_api_key/);
  },
);

testWith(
  command,
  "variables of .env beside the file change address, limits and kind of image",
  async () => {
    const folder = Deno.makeTempDirSync();
    try {
      mkdirSync(join(folder, "x"));
      writeFileSync(
        join(folder, ".env"),
        "FARCHAT_ADDRESS=0.0.0.0:9000\nFARCHAT_RUNTIME=source\nASK_LIMIT_PER_MINUTE=7\n",
      );
      const made = await config(["--env-file", join(folder, ".env")]);
      assert.match(made, /0\.0\.0\.0:9000:8000/);
      assert.match(made, /RUNTIME: source/);
      assert.match(made, /ASK_LIMIT_PER_MINUTE: '?7'?/);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
);

Deno.test("FARchat runs without rights, on a read-only system, with one volume, and on this machine alone", () => {
  assert.equal(farchat.read_only, true);
  assert.deepEqual(farchat.cap_drop, ["ALL"]);
  assert.deepEqual(farchat.security_opt, ["no-new-privileges:true"]);
  assert.deepEqual(farchat.volumes, ["data:/data"]);
  assert.match(farchat.ports[0], /127\.0\.0\.1:8000\}:8000$/);
  assert.equal(farchat.deploy?.replicas ?? farchat.scale ?? 1, 1);
  assert.ok(parseInt(farchat.stop_grace_period) > 10, "answers have ten seconds to their end");
});

Deno.test("every variable is a setting of FARchat", () => {
  assert.deepEqual(unknownSettings(Object.keys(farchat.environment)), []);
  const secrets = yaml("deploy/compose/secrets.yml");
  assert.deepEqual(unknownSettings(Object.keys(secrets.services.farchat.environment)), []);
  for (const name of secrets.services.farchat.secrets) assert.ok(secrets.secrets[name], name);
});

Deno.test("only Caddy's address is a trusted proxy, and it is in its network", () => {
  const caddy = compose.services.caddy.networks.proxy.ipv4_address;
  assert.equal(farchat.environment.TRUSTED_PROXIES, caddy);
  const [subnet] = compose.networks.proxy.ipam.config;
  assert.ok(caddy.startsWith(subnet.subnet.replace(/\.\d+\/28$/, ".")));
  assert.ok(
    farchat.environment.METRICS_NETWORKS.split(",").includes(
      compose.networks.monitoring.ipam.config[0].subnet,
    ),
  );
});

Deno.test("every file that is mounted is there, and named volumes and networks are declared", () => {
  for (const [name, service] of Object.entries<Document>(compose.services)) {
    for (const volume of service.volumes) {
      const [source] = volume.split(":");
      if (source.startsWith("./")) Deno.statSync(repositoryPath(source));
      else assert.ok(source in compose.volumes, `${name}: ${source}`);
    }
    const networks = Array.isArray(service.networks)
      ? service.networks
      : Object.keys(service.networks);
    for (const network of networks) {
      assert.ok(network === "default" || network in compose.networks, `${name}: ${network}`);
    }
  }
});
