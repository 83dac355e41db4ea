/**
 * Carries out the Dockerfile's steps in chroots, on a machine of Debian without a container engine, as root:
 *
 *     debootstrap --variant=minbase bookworm BASE
 *     deno run -A tests/deploy/dockerfile_steps.ts BASE FOLDER [NAME=VALUE build arguments]
 *
 * Each stage becomes a folder in FOLDER; the last is called "image". BASE stands for every base image, with this
 * machine's node in it for node's. Environment variables of the build are this machine's (a mirror, its certificates).
 */
import { type Copy, DockerfileParser, type From } from "dockerfile-ast";
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { repositoryPath } from "../support/shared.ts";
import { contextFiles } from "./docker_context.ts";

const [base, folder, ...given] = Deno.args;
if (!base || !folder) throw new Error("usage: dockerfile_steps.ts BASE FOLDER [NAME=VALUE ...]");
const buildArguments = new Map(
  given.map((one) => one.split(/=(.*)/s).slice(0, 2) as [string, string]),
);
/** What of this machine's environment the build needs to reach its mirror. */
const MIRROR = Object.entries(Deno.env.toObject()).filter(([name]) =>
  /^(npm_config_|NPM_CONFIG_|.*_proxy$|.*_PROXY$|SSL_CERT_|NODE_EXTRA_CA_CERTS$|DENORT_BIN$|DENO_TLS)/
    .test(name)
);

class Stage {
  readonly root: string;
  readonly env: Record<string, string> = {};
  workdir = "/";
  user = "0:0";
  constructor(root: string, from?: Stage) {
    this.root = root;
    if (from) Object.assign(this, { env: { ...from.env }, workdir: from.workdir, user: from.user });
  }
}

const stages = new Map<string, Stage>();
const globals: Record<string, string> = {};

for (const text of stagesOf(Deno.readTextFileSync(repositoryPath("Dockerfile")))) build(text);

/** The stages that the last one needs, as BuildKit does. */
function stagesOf(text: string): string[] {
  const file = DockerfileParser.parse(text);
  for (const arg of file.getInitialARGs()) {
    const property = arg.getProperty()!;
    globals[property.getName()] = buildArguments.get(property.getName()) ?? property.getValue() ??
      "";
  }
  const lines = text.split("\n");
  const froms = file.getFROMs();
  const parts = froms.map((from, index) => ({
    from,
    name: from.getBuildStage() ?? "image",
    text: lines.slice(
      from.getRange().start.line,
      froms[index + 1]?.getRange().start.line ?? lines.length,
    ).join("\n"),
  }));
  const needed = new Set(["image"]);
  for (const part of parts.toReversed()) {
    if (!needed.has(part.name)) continue;
    needed.add(expand(part.from.getImage()!, globals));
    for (const [, stage] of part.text.matchAll(/--from=(\w+)/g)) needed.add(stage);
  }
  return parts.filter((part) => needed.has(part.name)).map((part) => part.text);
}

function build(text: string): void {
  const file = DockerfileParser.parse(text);
  const args: Record<string, string> = {};
  let stage!: Stage;
  for (const instruction of file.getInstructions()) {
    const keyword = instruction.getKeyword();
    const words = () =>
      instruction.getArguments().map((word) => expand(word.getValue(), { ...args, ...stage.env }));
    if (keyword === "FROM") {
      stage = from(instruction as From);
      continue;
    }
    console.log(
      `${stage.root.split("/").at(-1)}: ${
        instruction.getTextContent().replace(/\s+/g, " ").slice(0, 110)
      }`,
    );
    if (keyword === "ARG") {
      const [name, value] = instruction.getArgumentsContent()!.split(/=(.*)/s);
      args[name] = buildArguments.get(name) ?? globals[name] ?? value ?? "";
    } else if (keyword === "ENV") {
      for (const word of words()) {
        const [name, value] = word.split(/=(.*)/s);
        stage.env[name] = value.replace(/^"|"$/g, "");
      }
    } else if (keyword === "WORKDIR") {
      stage.workdir = words()[0];
      mkdirSync(join(stage.root, stage.workdir), { recursive: true });
    } else if (keyword === "USER") stage.user = words()[0];
    else if (keyword === "COPY") copy(stage, instruction as Copy);
    else if (keyword === "RUN") {
      const shell = instruction.getArgumentsContent()!.replace(/^(--\S+\s+(\\\n\s*)?)+/, "");
      run(stage, shell, args);
    }
  }
  writeFileSync(
    `${stage.root}.json`,
    JSON.stringify({ env: stage.env, user: stage.user, workdir: stage.workdir }),
  );
}

function from(instruction: From): Stage {
  const image = expand(instruction.getImage()!, globals);
  const name = instruction.getBuildStage() ?? "image";
  const root = join(folder, name);
  const parent = stages.get(image);
  console.log(`${name}: FROM ${image}`);
  if (existsSync(root)) rmSync(root, { recursive: true });
  host("cp", "--archive", "--reflink=auto", parent?.root ?? base, root);
  const stage = new Stage(root, parent);
  if (image.startsWith("node:")) {
    for (const path of ["/usr/bin/node", "/usr/lib/node_modules/npm"]) {
      mkdirSync(dirname(root + path), { recursive: true });
      cpSync(path, root + path, { recursive: true });
    }
    host("ln", "-sf", "../lib/node_modules/npm/bin/npm-cli.js", `${root}/usr/bin/npm`);
    // node's image is made of more than minbase.
    run(
      stage,
      "apt-get update -qq && apt-get install -y -qq --no-install-recommends libstdc++6 >/dev/null",
      {},
    );
  }
  stages.set(name, stage);
  return stage;
}

function copy(stage: Stage, instruction: Copy): void {
  const flags = Object.fromEntries(
    instruction.getFlags().map((flag) => [flag.getName(), flag.getValue() ?? ""]),
  );
  const paths = instruction.getArguments().map((word) => word.getValue());
  const target = paths.pop()!;
  const place = join(stage.root, target.startsWith("/") ? target : join(stage.workdir, target));
  for (const source of paths) {
    const isContext = !flags.from;
    if (isContext && source === ".") {
      for (const path of contextFiles(repositoryPath())) {
        put(repositoryPath(path), join(place, path));
      }
      continue;
    }
    const path = isContext ? repositoryPath(source) : join(stages.get(flags.from)!.root, source);
    const isFolder = Deno.statSync(path).isDirectory;
    put(path, isFolder || !target.endsWith("/") ? place : join(place, source));
    if (flags.chmod) host("chmod", flags.chmod, place);
  }
}

function put(source: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  host("cp", "--archive", "--no-target-directory", source, target);
}

/** Runs a step in the stage, with this machine's name servers and certificates while it runs. */
function run(stage: Stage, shell: string, args: Record<string, string>): void {
  const borrowed = ["/etc/resolv.conf", "/etc/hosts", join(homedir(), ".npmrc"), ...certificates()];
  const binds = borrowed.filter((path) => existsSync(path)).map((path) => {
    const target = stage.root +
      (path.startsWith(homedir()) ? "/root" + path.slice(homedir().length) : path);
    const isFolder = Deno.statSync(path).isDirectory;
    return `mkdir -p ${isFolder ? target : dirname(target)}; ` +
      (isFolder ? "" : `[ -e ${target} ] || : >${target}; `) + `mount --bind ${path} ${target}`;
  });
  const env = {
    ...Object.fromEntries(MIRROR),
    ...args,
    ...stage.env,
    HOME: "/root",
    PATH: "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
  };
  const script = [
    "set -e",
    `mount --rbind /dev ${stage.root}/dev`,
    `mount -t proc proc ${stage.root}/proc`,
    ...binds,
    `exec env -i ${
      Object.entries(env).map(([name, value]) => quote(`${name}=${value}`)).join(" ")
    } ` +
    `chroot ${stage.root} /bin/sh -c ${quote(`cd ${stage.workdir} && ${shell}`)}`,
  ].join("\n");
  host("unshare", "--mount", "--pid", "--fork", "bash", "-c", script);
}

function certificates(): string[] {
  return [
    ...new Set(MIRROR.filter(([name]) => /CERT|CA_|DENORT/.test(name)).map(([, path]) => path)),
  ];
}

function host(command: string, ...args: string[]): void {
  const { code } = new Deno.Command(command, {
    args,
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  }).outputSync();
  if (code !== 0) throw new Error(`${command} ended with ${code}`);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function expand(text: string, values: Record<string, string>): string {
  return text.replace(/\$\{(\w+)\}|\$(\w+)/g, (_, a, b) => values[a ?? b] ?? "");
}
