/**
 * The people of the load bench, in a process of their own: `deno run load_child.ts URL SCENARIO CONNECTIONS SECONDS`.
 * Prints one JSON document. Each connection has its own address and its own browser, as behind a proxy.
 */
/// <reference path="./autocannon.d.ts" />
import autocannon from "autocannon";

/** 275 questions of our own, each about another section: no answer is only read from a cache. */
const QUESTIONS: string[] = Deno.readTextFileSync(
  new URL("./retrieval/questions.jsonl", import.meta.url),
).trim().split("\n").map((line) => JSON.parse(line).question);
const PAGES = ["/", "/far/15.403-4", "/far/52.212-4", "/far/15", "/dfars/252.204-7012", "/far"];

/** One after the other, over all connections. */
let asked = 0;
const question = () => QUESTIONS[asked++ % QUESTIONS.length];

type Requests = Parameters<typeof autocannon>[0]["requests"];
const pages: Requests = PAGES.map((path) => ({ method: "GET", path }));
const search: Requests = [{
  method: "GET",
  path: "/api/v1/search",
  setupRequest: (request) => ({
    ...request,
    path: `/api/v1/search?q=${encodeURIComponent(question())}`,
  }),
}];
const ask: Requests = [{
  method: "POST",
  path: "/api/v1/chat",
  setupRequest: (request) => ({
    ...request,
    body: JSON.stringify({ question: question(), stream: false }),
  }),
}];
const SCENARIOS: Record<string, Requests> = {
  pages,
  search,
  ask,
  mixed: [...pages, ...search, ...ask],
};

const [url, scenario, connections, seconds] = Deno.args;
const times: number[] = [];
let client = 0;
const running = autocannon({
  url,
  connections: Number(connections),
  duration: Number(seconds),
  timeout: 120,
  requests: SCENARIOS[scenario],
  setupClient: (connection) => {
    client++;
    // Those of one request would take the place of these, not come on top.
    connection.setHeaders({
      "content-type": "application/json",
      "x-forwarded-for": `10.0.${client >> 8}.${client & 255}`,
      cookie: `farchat_browser=${browserOf(client)}`,
    });
  },
}, (error, result) => {
  if (error) throw error;
  times.sort((a, b) => a - b);
  const at = (share: number) =>
    times.length === 0 ? 0 : times[Math.min(times.length - 1, Math.floor(times.length * share))];
  console.log(JSON.stringify({
    scenario,
    requests: times.length,
    perSecond: times.length / result.duration,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    worst: at(1),
    failed: result.errors + result.timeouts + result.non2xx,
    statuses: Object.fromEntries(
      Object.entries(result.statusCodeStats).map(([status, { count }]) => [status, count]),
    ),
  }));
  Deno.exit(0);
});
running.on("response", (_client, _status, _bytes, ms) => times.push(ms));

/** A browser's identity as its cookie holds it. */
function browserOf(client: number): string {
  return crypto.randomUUID().replaceAll("-", "").slice(0, 26) + String(client).padStart(6, "0");
}
