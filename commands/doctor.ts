/** `farchat doctor`: what is set, and whether everything FARchat needs is there. */
import { parseArgs } from "node:util";
import { DATABASE_FILE } from "../lib/farchat.ts";
import { type Check, type DoctorReport, examine } from "../lib/ops/doctor.ts";
import { processSources, type SettingRow } from "../lib/ops/settings.ts";

/** Prints a table, or with --json one document. Returns 1 when a check fails, else 0. */
export async function doctorCommand(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      json: { type: "boolean", default: false },
      data: { type: "string" },
      host: { type: "string" },
      port: { type: "string" },
    },
  });
  const sources = processSources({
    HOST: values.host,
    PORT: values.port,
    FARCHAT_DATA: values.data,
  });
  const report = await examine(sources, DATABASE_FILE);
  console.log(values.json ? JSON.stringify(report) : doctorText(report));
  return report.status === "fail" ? 1 : 0;
}

/** The report for people: the settings, then the checks, each with its next step below it. */
export function doctorText({ version, deno, settings, checks }: DoctorReport): string {
  const width = Math.max(...settings.map(({ name }) => name.length));
  const values = settings.map((row) => shown(row));
  const valueWidth = Math.min(40, Math.max(...values.map((value) => value.length)));
  const rows = settings.map((row, i) =>
    `  ${row.name.padEnd(width)}  ${values[i].padEnd(valueWidth)}  ${origin(row)}`
  );
  return [
    `FARchat ${version}, Deno ${deno}`,
    "",
    "Settings",
    ...rows,
    "",
    "Checks",
    ...checks.flatMap(checkLines),
    "",
    summary(checks),
  ].join("\n");
}

function shown({ shown, mistake }: SettingRow): string {
  return `${shown ?? "-"}${mistake ? " (wrong)" : ""}`;
}

function origin({ name, origin, file, encrypted }: SettingRow): string {
  return [
    file ? `${origin}, ${name}_FILE` : origin,
    encrypted && "encrypted",
  ].filter(Boolean).join(", ");
}

function checkLines({ name, status, found, next }: Check): string[] {
  const [first, ...more] = found.split("\n");
  const lines = [`  ${status}  ${name.padEnd(11)}  ${first}`];
  for (const line of [...more, ...(next ? [`-> ${next}`] : [])]) {
    lines.push(" ".repeat(21) + line);
  }
  return lines;
}

function summary(checks: Check[]): string {
  const many = (status: string) => checks.filter((check) => check.status === status).length;
  const [failed, warned] = [many("fail"), many("warn")];
  if (failed > 0) return `${failed} of ${checks.length} checks failed.`;
  if (warned > 0) return `FARchat can run; ${warned} of ${checks.length} checks have a warning.`;
  return "Everything FARchat needs is there.";
}
