/**
 * Measures what a request costs a FARchat that runs with the official text, for the capacity in docs/deploy.md:
 *
 *     RATE_LIMIT_PER_MINUTE=100000 ASK_LIMIT_PER_MINUTE=100000 dist/farchat serve --port 8010 &
 *     deno run --allow-net=127.0.0.1:8010 scripts/capacity.ts http://127.0.0.1:8010
 *
 * Processor time is the server's own, from /metrics, so that other programs on the machine change it little; the times
 * that people wait are of this machine as it is. Only for a server on this machine: it asks 100 questions.
 */

const QUESTIONS = [
  "When do I need certified cost or pricing data?",
  "What is the micro-purchase threshold?",
  "May I use a letter contract?",
  "Who may approve a sole source justification above 10 million dollars?",
  "When must a contractor report a cyber incident?",
  "Which clauses apply to small business subcontracting plans?",
  "Is alcohol an allowable cost?",
  "How long are contract records kept?",
  "What is a simplified acquisition?",
  "When is a synopsis required?",
];

interface Usage {
  /** Seconds. */
  cpu: number;
  /** Megabytes. */
  memory: number;
}

const base = Deno.args[0];
if (!base || !/^http:\/\/(127\.0\.0\.1|localhost):\d+$/.test(base)) {
  console.error("usage: capacity.ts http://127.0.0.1:PORT");
  Deno.exit(2);
}

async function usage(): Promise<Usage> {
  const text = await (await fetch(`${base}/metrics`)).text();
  const value = (name: string) => Number(new RegExp(`^${name} (\\S+)`, "m").exec(text)?.[1]);
  return {
    cpu: value("process_cpu_seconds_total"),
    memory: value("process_resident_memory_bytes") / 1e6,
  };
}

/** Makes `count` requests, so many at once, and prints what they took. */
async function measure(
  name: string,
  count: number,
  atOnce: number,
  request: (index: number) => Promise<Response>,
): Promise<void> {
  const before = await usage();
  const started = performance.now();
  const times: number[] = [];
  let next = 0;
  await Promise.all(Array.from({ length: atOnce }, async () => {
    while (next < count) {
      const index = next++;
      const from = performance.now();
      const response = await request(index);
      const body = await response.text();
      if (!response.ok) throw new Error(`${name}: ${response.status} ${body.slice(0, 200)}`);
      times.push(performance.now() - from);
    }
  }));
  const seconds = (performance.now() - started) / 1000;
  const after = await usage();
  times.sort((a, b) => a - b);
  const each = (after.cpu - before.cpu) / count * 1000;
  console.log(
    `${name.padEnd(16)} ${each.toFixed(1).padStart(7)} ms of a core each, ` +
      `${(count / seconds).toFixed(1).padStart(6)}/s, p50 ${times[count >> 1].toFixed(0)} ms, ` +
      `p95 ${times[Math.floor(count * 0.95)].toFixed(0)} ms, ${after.memory.toFixed(0)} MB`,
  );
}

function ask(index: number): Promise<Response> {
  return fetch(`${base}/api/v1/chat`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ question: QUESTIONS[index % QUESTIONS.length], stream: false }),
  });
}

console.log("before", await usage());
// What paragraphs mean is remembered: a question that leads to the same ones is cheaper.
await measure("new questions", QUESTIONS.length, 1, ask);
await measure("the same again", 90, 4, ask);
await measure("searches", 200, 4, (index) => {
  const query = encodeURIComponent(`${QUESTIONS[index % QUESTIONS.length]} ${index}`);
  return fetch(`${base}/api/v1/search?q=${query}`);
});
await measure("sections", 500, 8, () => fetch(`${base}/far/15.403-1`));
await measure("home page", 300, 8, () => fetch(base));
const before = await usage();
await new Promise((resolve) => setTimeout(resolve, 20_000));
const after = await usage();
console.log(
  `idle: ${((after.cpu - before.cpu) / 20).toFixed(3)} cores, ${after.memory.toFixed(0)} MB`,
);
