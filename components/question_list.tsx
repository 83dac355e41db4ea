import { asQuestion } from "./suggestions.ts";

/** Questions to ask with a click, the buttons of the form around them. */
export function QuestionList({ questions }: { questions: string[] }) {
  return (
    <>
      {questions.map(asQuestion).map((question) => (
        <li key={question}>
          <button type="submit" name="question" value={question}>{question}</button>
        </li>
      ))}
    </>
  );
}

/**
 * Goes into a form outside of islands that asks: a browser without scripts waits for the whole answer, any other
 * is led to the conversation at once and sees it stream.
 */
export function WaitWithoutScript() {
  return (
    <noscript>
      <input type="hidden" name="wait" value="1" />
    </noscript>
  );
}
