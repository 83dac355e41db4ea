/** Reading a secret from standard input: piped, or typed without being shown. */
import { Problem } from "../problem.ts";

/** A secret longer than this, in bytes, is some other file by mistake. */
const MAX_BYTES = 16_384;
const ENTER = [10, 13], END = 4, INTERRUPT = 3, BACKSPACE = [8, 127];

/** What is read from; standard input has it all. */
export interface SecretInput {
  readable: ReadableStream<Uint8Array>;
  isTerminal(): boolean;
  setRaw(mode: boolean): void;
}

/**
 * The first line of the input without the white space around it. On a terminal it asks first, and shows nothing of
 * what is typed. Throws a `Problem` where there is none.
 */
export async function readSecret(
  input: SecretInput,
  ask: (text: string) => void,
): Promise<string> {
  const typed = input.isTerminal();
  if (typed) {
    ask("Paste the secret (it is not shown), then press Enter: ");
    input.setRaw(true);
  }
  try {
    const secret = new TextDecoder().decode(await firstLine(input.readable, typed)).trim();
    if (secret === "") {
      throw new Problem("Expected a secret on standard input, found nothing.", {
        next: "Pipe it in, or run the command on a terminal and paste it there.",
      });
    }
    return secret;
  } finally {
    if (typed) {
      input.setRaw(false);
      ask("\n");
    }
  }
}

async function firstLine(input: ReadableStream<Uint8Array>, typed: boolean): Promise<Uint8Array> {
  const line: number[] = [];
  for await (const bytes of input) {
    for (const byte of bytes) {
      if (ENTER.includes(byte)) return Uint8Array.from(line);
      if (typed && byte === END) return Uint8Array.from(line);
      // In raw mode the terminal sends no signal by itself.
      if (typed && byte === INTERRUPT) throw cancelled();
      if (typed && BACKSPACE.includes(byte)) line.pop();
      else line.push(byte);
      if (line.length > MAX_BYTES) throw tooLong();
    }
  }
  return Uint8Array.from(line);
}

function cancelled(): Problem {
  return new Problem("Nothing was read.", {
    next: "Run the command again when you have the secret.",
  });
}

function tooLong(): Problem {
  return new Problem(`Expected a secret of at most ${MAX_BYTES} bytes, found more.`, {
    next: "Give the secret alone on standard input.",
  });
}
