/** The one way an embedder fails that the rest of FARchat goes on without. */
import { Problem } from "../problem.ts";

/** The embedding model can't be used: search goes on by words alone. The message is fit to show. */
export class EmbedderUnavailable extends Problem {
  override readonly name = "EmbedderUnavailable";

  constructor(message: string, options: { next?: string; cause?: unknown } = {}) {
    super(message, {
      next: options.next ??
        "Run `farchat doctor`, which says what is missing; search by words works meanwhile.",
      status: 503,
      cause: options.cause,
    });
  }
}
