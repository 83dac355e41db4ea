import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryPath } from "../support/shared.ts";
import { startFarchat } from "../support/running_farchat.ts";
import { type Document, program, read, run, testWith, yaml } from "./tools.ts";

const dashboard = JSON.parse(read("deploy/grafana/farchat.json"));
const panels: Document[] = dashboard.panels;
const rules: Document[] = yaml("deploy/prometheus/alerts.yml").groups.flatMap((group: Document) =>
  group.rules
);

/** Every PromQL expression of the dashboard, its variables filled in. */
const expressions: string[] = [
  ...panels.flatMap(({ targets = [] }) => targets.map(({ expr }: Document) => expr)),
  ...dashboard.annotations.list.flatMap(({ expr }: Document) => expr ?? []),
  ...dashboard.templating.list.flatMap(({ query }: Document) =>
    /^label_values\((.+), \w+\)$/.exec(query.query ?? "")?.[1] ?? []
  ),
].map((expr) => expr.replaceAll("$job", "farchat").replaceAll("$instance", ".+"));

/** The names of metrics in an expression. */
function metricsOf(expression: string): string[] {
  return expression.match(/\b(farchat|process)_\w+\b/g) ?? [];
}

/** The labels that an expression picks or groups by, for each metric of it. */
function labelsOf(expression: string): string[] {
  const picked = [...expression.matchAll(/[{,]\s*(\w+)\s*(?:=~|!~|!=|=)/g)].map((match) =>
    match[1]
  );
  const grouped = [...expression.matchAll(/\bby\s*\(([^)]*)\)/g)].flatMap((match) =>
    match[1].split(/\s*,\s*/)
  );
  return [...picked, ...grouped].filter((label) => !["job", "instance", "le", ""].includes(label));
}

const promtool = program(
  "promtool",
  "promtool's check of rules, scrape configuration and dashboard",
);

testWith(
  promtool,
  "promtool takes the alert rules and the scrape configuration",
  async (command) => {
    const cwd = repositoryPath("deploy/prometheus");
    for (const args of [["check", "rules", "alerts.yml"], ["check", "config", "prometheus.yml"]]) {
      const { code, output } = await run(command, args, { cwd });
      assert.equal(code, 0, output);
    }
  },
);

testWith(promtool, "alerts fire when they should, and not before", async (command) => {
  const { code, output } = await run(command, [
    "test",
    "rules",
    repositoryPath("tests/deploy/alerts.yml"),
  ]);
  assert.equal(code, 0, output);
});

testWith(promtool, "every expression of the dashboard is PromQL", async (command) => {
  const folder = Deno.makeTempDirSync();
  try {
    const made = expressions.map((expr, index) => ({ record: `panel:${index}`, expr }));
    writeFileSync(
      join(folder, "panels.yml"),
      JSON.stringify({ groups: [{ name: "panels", rules: made }] }),
    );
    const { code, output } = await run(command, ["check", "rules", join(folder, "panels.yml")]);
    assert.equal(code, 0, output);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("every metric and label that a panel or a rule uses is on /metrics of a running server", async () => {
  const shown = await metricsAfterUse();
  const wanted = [...expressions, ...rules.map(({ expr }) => expr)];
  const missing = new Set<string>();
  for (const expression of wanted) {
    for (const name of metricsOf(expression)) {
      const family = shown.get(name.replace(/_(bucket|sum|count)$/, "")) ?? shown.get(name);
      if (!family && !ONLY_SOMETIMES.has(name)) missing.add(name);
    }
    if (metricsOf(expression).length !== 1) continue;
    const [name] = metricsOf(expression);
    const family = shown.get(name.replace(/_(bucket|sum|count)$/, "")) ?? shown.get(name);
    // A label that nothing has counted for yet is known from docs/metrics.md alone.
    if (!family || family.size === 0) continue;
    for (const label of labelsOf(expression)) {
      if (!family.has(label)) missing.add(`${name}{${label}}`);
    }
  }
  assert.deepEqual([...missing], []);
});

Deno.test("what is only sometimes on /metrics is in docs/metrics.md, as what is always there", () => {
  const described = read("docs/metrics.md");
  for (const expression of [...expressions, ...rules.map(({ expr }) => expr)]) {
    for (const name of metricsOf(expression)) {
      assert.ok(described.includes(`\`${name.replace(/_(bucket|sum|count)$/, "")}\``), name);
    }
  }
  for (const name of ONLY_SOMETIMES) assert.ok(described.includes(`\`${name}\``), name);
});

Deno.test("the dashboard has the seed's three panels and what an operator needs beyond", () => {
  const titles = panels.map(({ title }) => title);
  for (const title of ["Request Rate", "Response Time", "Error Rate"]) {
    assert.ok(titles.includes(title), title);
  }
  const used = new Set(expressions.flatMap(metricsOf).map((name) => name.replace(/_bucket$/, "")));
  const needed = [
    "time_to_first_token_seconds",
    "retrieval_duration_seconds",
    "tokens_total",
    "cost_usd_total",
  ];
  needed.push(
    "ingestion_queue_length",
    "backup_age_seconds",
    "errors_total",
    "answer_queue_length",
  );
  for (const name of needed) assert.ok(used.has(`farchat_${name}`), name);
});

Deno.test("panels don't cover each other, and each has a number of its own and a data source to choose", () => {
  assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
  const taken = new Map<string, string>();
  for (const { title, gridPos: { x, y, w, h }, type, datasource } of panels) {
    assert.ok(type === "row" || datasource.uid === "${datasource}", title);
    assert.ok(x + w <= 24, title);
    for (let column = x; column < x + w; column++) {
      for (let line = y; line < y + h; line++) {
        const cell = `${column},${line}`;
        assert.equal(taken.get(cell), undefined, `${title} lies on ${taken.get(cell)}`);
        taken.set(cell, title);
      }
    }
  }
});

Deno.test("every alert says what is wrong, what to do, and how urgent it is", () => {
  for (const { alert, labels, annotations } of rules) {
    assert.ok(["page", "ticket"].includes(labels.severity), alert);
    assert.ok(annotations.summary && annotations.action, alert);
  }
});

Deno.test("Grafana's provisioning names the folder that compose mounts the dashboard in", () => {
  const { path } = yaml("deploy/grafana/provisioning/dashboards/farchat.yml").providers[0].options;
  const { volumes } = yaml("docker-compose.yml").services.grafana;
  assert.ok(volumes.some((volume: string) => volume.includes(`:${path}/farchat.json:`)));
  const [source] = yaml("deploy/grafana/provisioning/datasources/prometheus.yml").datasources;
  assert.equal(source.url, "http://prometheus:9090");
});

/** Not on /metrics of a server that has no key, no backup, no official text, or nothing that failed; see docs/metrics.md. */
const ONLY_SOMETIMES = new Set([
  "farchat_anthropic_up",
  "farchat_api_key_age_days",
  "farchat_backup_age_seconds",
  "farchat_ingestion_queue_length",
  "farchat_sync_age_seconds",
]);

/** Names of metrics with the labels they were seen with, after a page, a question and a refusal. */
async function metricsAfterUse(): Promise<Map<string, Set<string>>> {
  await using server = await startFarchat();
  await (await fetch(server.url)).body?.cancel();
  const answer = await fetch(`${server.url}/api/v1/chat`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ question: "Who signs a contract?", stream: false }),
  });
  assert.equal(answer.status, 200);
  await answer.body?.cancel();
  const response = await fetch(`${server.url}/metrics`);
  assert.equal(response.status, 200);
  const shown = new Map<string, Set<string>>();
  for (const line of (await response.text()).split("\n")) {
    const type = /^# TYPE (\w+)/.exec(line);
    if (type) shown.set(type[1], new Set());
    const sample = /^(\w+?)(?:_bucket|_sum|_count)?\{([^}]*)\}/.exec(line);
    if (!sample) continue;
    const labels = shown.get(sample[1]) ?? shown.get(/^\w+/.exec(line)![0]);
    for (const [, label] of sample[2].matchAll(/(\w+)="/g)) labels?.add(label);
  }
  return shown;
}
