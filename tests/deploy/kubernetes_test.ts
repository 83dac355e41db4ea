import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import manifest from "../../package.json" with { type: "json" };
import { loadSettings } from "../../lib/ops/settings.ts";
import { repositoryPath } from "../support/shared.ts";
import {
  type Document,
  program,
  read,
  run,
  testWith,
  unknownSettings,
  yaml,
  yamlDocuments,
} from "./tools.ts";

const FOLDER = "deploy/kubernetes";
const kustomization = yaml(`${FOLDER}/kustomization.yaml`);
const files: string[] = kustomization.resources;
const objects = files.map((name) => yaml(`${FOLDER}/${name}`));
const readers = yamlDocuments(read("deploy/kubernetes-readers/readers.yaml"));

function kind(name: string): Document {
  const found = objects.filter((object) => object.kind === name);
  assert.equal(found.length, 1, name);
  return found[0];
}

/** Where kubernetes-types has the type of an object. */
function typeOf({ apiVersion, kind }: Document): { module: string; type: string } {
  const module = apiVersion === "v1" ? "core/v1" : apiVersion.replace(".k8s.io", "");
  return { module: `kubernetes-types/${module}.d.ts`, type: kind };
}

Deno.test("every object has the fields that Kubernetes knows, of the right type, and no other", async () => {
  const all = [...objects, yaml(`${FOLDER}/secret.example.yaml`), ...readers];
  // The type checker refuses a field that an object literal has too much, as the API server's strict validation does.
  const lines = all.map((object, index) => {
    const { module, type } = typeOf(object);
    return `import type { ${type} as Type${index} } from "${module}";\n` +
      `export const object${index}: Type${index} = ${JSON.stringify(object, null, 1)};\n`;
  });
  const path = await Deno.makeTempFile({
    dir: repositoryPath("tests/deploy"),
    prefix: ".objects_",
    suffix: ".ts",
  });
  try {
    await Deno.writeTextFile(path, lines.join("\n"));
    const right = await run(Deno.execPath(), ["check", "--quiet", path], { cwd: repositoryPath() });
    assert.equal(right.code, 0, right.output);
    const wrong = lines.join("\n").replace('"readinessProbe"', '"readynessProbe"');
    await Deno.writeTextFile(path, wrong);
    const found = await run(Deno.execPath(), ["check", "--quiet", path], { cwd: repositoryPath() });
    assert.notEqual(found.code, 0, "a misspelt field is found");
    assert.match(found.output, /readynessProbe/);
  } finally {
    await Deno.remove(path);
  }
});

const kubectl = program("kubectl", "kubectl kustomize");
testWith(kubectl, "kustomize puts the folders together", async (command) => {
  const { code, output } = await run(command, ["kustomize", repositoryPath(FOLDER)]);
  assert.equal(code, 0, output);
  assert.equal(yamlDocuments(output).length, objects.length);
  assert.match(output, new RegExp(`image: farchat:${manifest.version}\n`));
  const more = await run(command, ["kustomize", repositoryPath(`${FOLDER}-readers`)]);
  assert.equal(more.code, 0, more.output);
  const deployments = yamlDocuments(more.output).filter(({ kind }) => kind === "Deployment");
  const writer = deployments.find(({ metadata }) => metadata.name === "farchat");
  assert.ok(writer.spec.template.spec.volumes.some(({ name }: Document) => name === "backups"));
});

Deno.test("every file of the folder is in the kustomization, but for the example of a secret", () => {
  const there = readdirSync(repositoryPath(FOLDER)).filter((name) => name.endsWith(".yaml"));
  assert.deepEqual(
    there.filter((name) => !files.includes(name)).sort(),
    ["kustomization.yaml", "secret.example.yaml"],
  );
});

Deno.test("one pod writes: a single replica, the old one ends first, and no autoscaler", () => {
  const { spec } = kind("Deployment");
  assert.equal(spec.replicas, 1);
  assert.equal(spec.strategy.type, "Recreate");
  assert.ok(objects.every(({ kind }) => kind !== "HorizontalPodAutoscaler"));
  assert.deepEqual(kind("PersistentVolumeClaim").spec.accessModes, ["ReadWriteOnce"]);
  assert.equal(kind("PodDisruptionBudget").spec.maxUnavailable, 1, "a node can be drained");
});

Deno.test("the pod has no rights, a read-only system and no account, as the restricted standard asks", () => {
  for (
    const { spec } of [
      kind("Deployment"),
      ...readers.filter(({ kind }) => kind === "Deployment"),
    ]
  ) {
    const pod = spec.template.spec;
    assert.equal(pod.automountServiceAccountToken, false);
    assert.equal(pod.securityContext.runAsNonRoot, true);
    assert.equal(pod.securityContext.runAsUser, 10001);
    assert.equal(pod.securityContext.seccompProfile.type, "RuntimeDefault");
    for (const container of [...pod.containers, ...pod.initContainers ?? []]) {
      assert.deepEqual(container.securityContext, {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      assert.ok(container.resources.limits.memory && container.resources.requests.memory);
    }
  }
});

Deno.test("probes, services, the ingress and selectors name what there is", () => {
  const { spec } = kind("Deployment");
  const labels = spec.template.metadata.labels;
  const [container] = spec.template.spec.containers;
  const ports = container.ports.map(({ name }: Document) => name);
  for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"]) {
    assert.ok(ports.includes(container[probe].httpGet.port));
    // The routes of the web layer.
    Deno.statSync(repositoryPath(`routes${container[probe].httpGet.path}.ts`));
  }
  assert.equal(
    container.livenessProbe.httpGet.path,
    "/healthz",
    "a sick database is no reason to restart",
  );
  for (
    const selector of [
      spec.selector.matchLabels,
      kind("Service").spec.selector,
      kind("PodDisruptionBudget").spec.selector.matchLabels,
      kind("NetworkPolicy").spec.podSelector.matchLabels,
    ]
  ) assert.deepEqual(selector, labels);
  assert.ok(ports.includes(kind("Service").spec.ports[0].targetPort));
  const { backend } = kind("Ingress").spec.rules[0].http.paths[0];
  assert.equal(backend.service.name, kind("Service").metadata.name);
  assert.equal(backend.service.port.name, kind("Service").spec.ports[0].name);
  const volumes = spec.template.spec.volumes.map(({ name }: Document) => name);
  assert.deepEqual(container.volumeMounts.map(({ name }: Document) => name), volumes);
  assert.equal(
    spec.template.spec.volumes[0].persistentVolumeClaim.claimName,
    kind("PersistentVolumeClaim").metadata.name,
  );
  assert.equal(spec.template.spec.serviceAccountName, kind("ServiceAccount").metadata.name);
});

Deno.test("answers pass the ingress unbuffered, and uploads of the largest size fit", () => {
  const notes = kind("Ingress").metadata.annotations;
  assert.equal(notes["nginx.ingress.kubernetes.io/proxy-buffering"], "off");
  const { MAX_FILE_SIZE_MB } = loadSettings();
  assert.ok(parseInt(notes["nginx.ingress.kubernetes.io/proxy-body-size"]) > MAX_FILE_SIZE_MB);
});

Deno.test("the settings of the config map are right, and secrets come from the secret", () => {
  const { data } = kind("ConfigMap");
  assert.deepEqual(unknownSettings(Object.keys(data)), []);
  assert.equal(loadSettings({ environment: data }).FARCHAT_DATA, "/data");
  const [container] = kind("Deployment").spec.template.spec.containers;
  const secret = yaml(`${FOLDER}/secret.example.yaml`);
  for (const { name, valueFrom } of container.env) {
    assert.deepEqual(unknownSettings([name]), []);
    assert.equal(valueFrom.secretKeyRef.name, secret.metadata.name);
    assert.ok(valueFrom.secretKeyRef.key in secret.stringData);
    assert.equal(valueFrom.secretKeyRef.optional, true, "FARchat runs without a key");
  }
});
