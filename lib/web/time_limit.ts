import type { Middleware } from "fresh";
import { Problem } from "../problem.ts";
import { isAsking } from "./paths.ts";
import type { State } from "./state.ts";

/** Where a response waits for a whole answer, and so for its turn, it may take this many times as long. */
const ANSWERS_TIMES = 20;

/**
 * Answers 503 where a response has not begun after REQUEST_TIMEOUT_SECONDS: the body came too slowly, or something
 * hangs. A stream that has begun goes on.
 */
export function timeLimit(): Middleware<State> {
  return async (ctx) => {
    const { REQUEST_TIMEOUT_SECONDS } = ctx.state.farchat.settings;
    const times = isAsking(ctx.req.method, ctx.url.pathname) ? ANSWERS_TIMES : 1;
    const seconds = REQUEST_TIMEOUT_SECONDS * times;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(tooLate(seconds)), seconds * 1000);
    });
    const work = ctx.next();
    work.catch(() => {}); // when it is late nobody hears of its end
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
    }
  };
}

function tooLate(seconds: number): Problem {
  return new Problem(`Expected to be done within ${seconds} s, found that it takes longer.`, {
    next: "Try again in a minute; if it happens again, tell your administrator.",
    status: 503,
  });
}
