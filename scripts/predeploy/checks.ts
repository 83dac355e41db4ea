/** Checks run one after the other, and the table that tells how they went. */

/** How a check went. "left out" is neither: it could not be made here, and the table says why. */
export type Outcome = { result: "pass" | "fail" | "left out"; note?: string };

export interface Check {
  name: string;
  run(): Promise<Outcome>;
}

export interface Row extends Outcome {
  name: string;
  seconds: number;
}

/** Runs every check, also after one that fails: one run shows all there is to do. */
export async function runChecks(checks: Check[], say: (text: string) => void): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { name, run } of checks) {
    say(`\n::: ${name}`);
    const started = performance.now();
    let outcome: Outcome;
    try {
      outcome = await run();
    } catch (error) {
      outcome = { result: "fail", note: error instanceof Error ? error.message : String(error) };
    }
    rows.push({ name, ...outcome, seconds: Math.round((performance.now() - started) / 1000) });
  }
  return rows;
}

/** Whether nothing failed. */
export function allPass(rows: Row[]): boolean {
  return rows.every(({ result }) => result !== "fail");
}

/** The table: result, name, seconds and what there is to say, and a line that sums it up. */
export function table(rows: Row[]): string {
  const words = { pass: "PASS", fail: "FAIL", "left out": "----" };
  const width = Math.max(...rows.map(({ name }) => name.length));
  const lines = rows.map(({ name, result, seconds, note }) =>
    `${words[result]}  ${name.padEnd(width)}  ${`${seconds} s`.padStart(6)}  ${firstLine(note)}`
      .trimEnd()
  );
  const count = (result: Row["result"]) => rows.filter((row) => row.result === result).length;
  const out = count("left out");
  const sum = `${count("pass")} passed, ${count("fail")} failed${out ? `, ${out} left out` : ""}`;
  const verdict = allPass(rows) ? "Ready to deploy" : "Not ready to deploy";
  return [...lines, "", `${verdict}: ${sum}.`].join("\n");
}

/** A check that is a program: it passes when that ends with 0. Its output is shown. */
export function program(
  name: string,
  command: string,
  args: string[],
  /** Looks at a failure: what it returns takes the place of "fail". */
  judge: (output: string) => Outcome | undefined = () => undefined,
): Check {
  return {
    name,
    async run() {
      const child = new Deno.Command(command, {
        args,
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
        env: { NO_COLOR: "1" },
      }).spawn();
      const [out, err] = await Promise.all([show(child.stdout), show(child.stderr)]);
      const { code } = await child.status;
      if (code === 0) return { result: "pass" };
      return judge(out + err) ?? { result: "fail", note: `it ended with ${code}` };
    },
  };
}

/** Passes a stream on to standard error while it comes, and keeps it. */
async function show(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of stream) {
    await Deno.stderr.write(bytes);
    text += decoder.decode(bytes, { stream: true });
  }
  return text;
}

function firstLine(text = ""): string {
  return text.split("\n")[0];
}
