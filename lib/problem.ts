/**
 * An error that is somebody's to read: the message says what was expected and what was found, `next` what to do.
 * Neither ever holds a stack, a file path of the server or a key, so both may be shown to a visitor.
 */
export class Problem extends Error {
  override readonly name: string = "Problem";
  /** What the reader can do about it, a sentence. */
  readonly next: string;
  /** The HTTP status that fits, where it reaches a page or the API. */
  readonly status: number;

  constructor(message: string, options: { next: string; status?: number; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.next = options.next;
    this.status = options.status ?? 400;
  }
}
