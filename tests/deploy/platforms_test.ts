import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { loadSettings } from "../../lib/ops/settings.ts";
import { repositoryPath } from "../support/shared.ts";
import { read, toml, unknownSettings, yaml } from "./tools.ts";

/** A platform asks these addresses whether FARchat is well. */
function assertRoute(path: string): void {
  assert.ok(statSync(repositoryPath(`routes${path}.ts`)).isFile(), path);
}

Deno.test("railway.toml has keys that Railway knows, one replica, a volume and no overlap of two writers", () => {
  const { build, deploy, ...others } = toml("railway.toml");
  assert.deepEqual(others, {});
  const known = ["builder", "dockerfilePath", "watchPatterns"];
  assert.deepEqual(Object.keys(build).filter((key) => !known.includes(key)), []);
  // https://railway.com/railway.schema.json, as of September 2026.
  const keys = [
    "startCommand",
    "preDeployCommand",
    "numReplicas",
    "healthcheckPath",
    "healthcheckTimeout",
  ];
  keys.push(
    "sleepApplication",
    "restartPolicyType",
    "restartPolicyMaxRetries",
    "cronSchedule",
    "region",
  );
  keys.push(
    "multiRegionConfig",
    "limitOverride",
    "requiredMountPath",
    "overlapSeconds",
    "drainingSeconds",
  );
  assert.deepEqual(Object.keys(deploy).filter((key) => !keys.includes(key)), []);
  assert.equal(build.builder, "DOCKERFILE");
  assert.ok(statSync(repositoryPath(build.dockerfilePath)).isFile());
  assert.equal(deploy.numReplicas, 1);
  assert.equal(deploy.overlapSeconds, 0);
  assert.ok(deploy.drainingSeconds > 10);
  assert.equal(deploy.requiredMountPath, "/data");
  assertRoute(deploy.healthcheckPath);
});

Deno.test("fly.toml keeps one machine with its volume, starts the image as root for it, and has right settings", () => {
  const fly = toml("fly.toml");
  assert.deepEqual(unknownSettings(Object.keys(fly.env)), []);
  const settings = loadSettings({ environment: fly.env });
  assert.equal(settings.FARCHAT_DATA, fly.mounts.destination);
  assert.equal(settings.PORT, fly.http_service.internal_port);
  assert.equal(fly.build.args.RUN_AS, "0:0");
  assert.match(read("Dockerfile"), /^ARG RUN_AS=/m);
  assert.equal(fly.http_service.auto_stop_machines, "off");
  assert.equal(fly.deploy.strategy, "immediate");
  assert.ok(fly.kill_timeout > 10);
  assert.equal(fly.vm.length, 1);
  for (const { path } of fly.http_service.checks) assertRoute(path);
});

Deno.test(".do/app.yaml has one instance of 1 GB, no secret in it, and says what is lost", () => {
  const app = yaml(".do/app.yaml");
  const [service, ...others] = app.services;
  assert.deepEqual(others, []);
  assert.equal(service.instance_count, 1);
  assert.match(service.instance_size_slug, /^apps-s-\d+vcpu-[1-9]\d*gb$/);
  assertRoute(service.health_check.http_path);
  const names = service.envs.map(({ key }: { key: string }) => key);
  assert.deepEqual(unknownSettings(names), []);
  for (const { type, value } of service.envs) assert.ok(type !== "SECRET" || value === undefined);
  const given = service.envs.filter(({ value }: { value?: string }) => value !== undefined);
  loadSettings({
    environment: Object.fromEntries(
      given.map((one: { key: string; value: string }) => [one.key, one.value]),
    ),
  });
  assert.match(read(".do/app.yaml"), /no volumes/);
});

Deno.test("no deployment file names a machine's own path, a token or a registry's host", () => {
  for (
    const path of ["Dockerfile", "docker-compose.yml", "railway.toml", "fly.toml", ".do/app.yaml"]
  ) {
    assert.doesNotMatch(
      read(path),
      /\/work\/|\/root\/main|sk-ant-[a-z0-9]{4}|registry\.|ghcr\.io|gcr\.io|quay\.io/,
      path,
    );
  }
});
