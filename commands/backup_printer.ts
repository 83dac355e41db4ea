/** What backups and restores print on standard error. */
import type { BackupCounts, BackupProgress } from "../lib/ops/backup/mod.ts";

const STAGES: Record<BackupProgress["stage"], string> = {
  copying: "Copying the database",
  writing: "Writing the backup",
  verifying: "Verifying it",
  restoring: "Checking the backup",
};

/** Names each stage once; on a terminal, a line that is redrawn says how far it is. */
export class StagePrinter {
  readonly #terminal: boolean;
  readonly #write: (text: string) => void;
  #stage: BackupProgress["stage"] | undefined;
  #percent = -1;

  constructor(
    terminal: boolean = Deno.stderr.isTerminal(),
    write: (text: string) => void = (text) => {
      Deno.stderr.writeSync(new TextEncoder().encode(text));
    },
  ) {
    this.#terminal = terminal;
    this.#write = write;
  }

  show({ stage, share }: BackupProgress): void {
    const percent = Math.floor(share * 100);
    if (stage === this.#stage && (!this.#terminal || percent === this.#percent)) return;
    this.#stage = stage;
    this.#percent = percent;
    this.#write(
      this.#terminal ? `\r\x1b[K${STAGES[stage]}: ${percent} %` : `${STAGES[stage]}\n`,
    );
  }

  /** Removes the line that is redrawn; may be called twice. */
  end(): void {
    if (this.#terminal && this.#stage !== undefined) this.#write("\r\x1b[K");
    this.#stage = undefined;
  }
}

/** Bytes as megabytes, "28.7 MB". */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** In words: how much there is in a backup. */
export function contents({ documents, sections, chunks }: BackupCounts): string {
  const count = (n: number) => n.toLocaleString("en-US");
  const total = sections.far + sections.dfars + sections.uploads;
  return `${count(documents)} documents, ${count(total)} sections, ${count(chunks)} chunks`;
}
