/** The progress of an ingestion on standard error: one line that is redrawn on a terminal, plain lines elsewhere. */
import type { IngestProgress } from "../lib/ingest/mod.ts";

/** Milliseconds between two lines, redrawn or printed. */
const REDRAW_MS = 100;
const PRINT_MS = 5_000;
const BAR_WIDTH = 24;

/** Where lines go and what time it is; replaced in tests. */
export interface ProgressOutput {
  terminal: boolean;
  write(text: string): void;
  now(): number;
}

const STANDARD_ERROR: ProgressOutput = {
  terminal: Deno.stderr.isTerminal(),
  write: (text) => void Deno.stderr.writeSync(new TextEncoder().encode(text)),
  now: () => performance.now(),
};

/** Shows progress as often as a reader can follow. */
export class ProgressPrinter {
  readonly #output: ProgressOutput;
  #last = -Infinity;
  #stage = "";
  #drawn = false;

  constructor(output: ProgressOutput = STANDARD_ERROR) {
    this.#output = output;
  }

  show(progress: IngestProgress): void {
    const now = this.#output.now();
    // A new phase is shown at once, and so is the first speed.
    const stage = `${progress.phase} ${progress.chunksPerSecond > 0}`;
    if (
      stage === this.#stage && now - this.#last < (this.#output.terminal ? REDRAW_MS : PRINT_MS)
    ) return;
    this.#last = now;
    this.#stage = stage;
    if (this.#output.terminal) {
      // Back to the line's start, and clear what a longer line left behind it.
      this.#output.write(`\r${progressLine(progress, true)}\x1b[K`);
      this.#drawn = true;
    } else this.#output.write(`${progressLine(progress, false)}\n`);
  }

  /** Ends the redrawn line, so that what follows starts on its own. */
  end(): void {
    if (this.#drawn) this.#output.write("\r\x1b[K");
    this.#drawn = false;
  }
}

/** "[######      ] 1,200 of 3,496 sections, 2,900 of 9,000 chunks, 66 chunks a second, 1 min 32 s left". */
export function progressLine(progress: IngestProgress, bar: boolean): string {
  const { phase, sectionsDone, sectionsTotal, chunksDone, chunksTotal } = progress;
  if (phase === "reading") {
    return `Reading: ${count(sectionsTotal)} sections, ${count(chunksTotal)} chunks`;
  }
  const parts = [
    `${count(sectionsDone)} of ${count(sectionsTotal)} sections`,
    `${count(chunksDone)} of ${count(chunksTotal)} chunks`,
  ];
  if (phase === "storing") parts.push("storing");
  else {
    if (progress.chunksPerSecond > 0) {
      parts.push(`${Math.round(progress.chunksPerSecond)} chunks a second`);
    }
    if (progress.secondsLeft !== undefined) parts.push(`${duration(progress.secondsLeft)} left`);
  }
  const filled = chunksTotal > 0 ? Math.round(BAR_WIDTH * chunksDone / chunksTotal) : 0;
  const drawn = `[${"#".repeat(filled)}${" ".repeat(BAR_WIDTH - filled)}] `;
  return `${bar ? drawn : ""}${parts.join(", ")}`;
}

/** "3 min 05 s", "42 s", "0.4 s". */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

/** "3,496". */
export function count(n: number): string {
  return n.toLocaleString("en-US");
}
