/** Questions that come as a form: from the first page, and from anywhere when no script runs. */
import type { AnswerService } from "../answer/service.ts";
import type { Collection } from "../regulation/types.ts";

/** Longer than this nobody waits for a page; the answer goes on and the next page shows it. */
const WAIT_MS = 90_000;

/**
 * Asks the form's question (`question`, `scope`). A page without scripts (`wait`) waits here for the whole
 * answer; any other is led to the conversation at once and sees it stream.
 */
export async function answerForm(
  answers: AnswerService,
  browser: string,
  form: FormData,
  conversation?: string,
): Promise<{ conversation: string; message: number }> {
  const asked = await answers.ask({
    browser,
    conversation,
    question: String(form.get("question") ?? ""),
    collections: collectionsOf(form.get("scope")),
  });
  if (form.get("wait") === "1") await finishedSoon(answers, asked.message);
  return asked;
}

/** Waits for the end of an answer, 90 seconds at most. */
export async function finishedSoon(answers: AnswerService, message: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => timer = setTimeout(resolve, WAIT_MS));
  try {
    await Promise.race([answers.finished(message), late]);
  } finally {
    clearTimeout(timer);
  }
}

function collectionsOf(scope: FormDataEntryValue | null): Collection[] | undefined {
  return scope === "far" || scope === "dfars" ? [scope] : undefined;
}
