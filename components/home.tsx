import AskForm from "../islands/ask_form.tsx";
import type { AnswerMode } from "../lib/answer/types.ts";
import type { Regulation } from "../lib/regulation/types.ts";
import type { ConversationSummary } from "../lib/store/types.ts";
import { LoadingHelp } from "./loading_help.tsx";
import { WaitWithoutScript } from "./question_list.tsx";
import { asQuestion } from "./suggestions.ts";
import { when } from "./when.ts";

export interface HomeProps {
  /** What the box begins with. */
  question: string;
  scope: string;
  examples: { question: string; collection: Regulation; section: string }[];
  recent: ConversationSummary[];
  loaded: { far: boolean; dfars: boolean };
  writer: AnswerMode;
}

/** The first page: the question box, questions to begin with, what this browser asked before. */
export function Home({ question, scope, examples, recent, loaded, writer }: HomeProps) {
  const missing = !loaded.far && !loaded.dfars
    ? "the FAR and the DFARS"
    : !loaded.far
    ? "the FAR"
    : !loaded.dfars
    ? "the DFARS"
    : undefined;
  return (
    <div class="home">
      <div class="home-main">
        <header>
          <h1>Ask the FAR and the DFARS</h1>
          <p class="lede">
            Every statement in an answer names the paragraph it comes from and quotes its words.
            Where the regulations don’t answer a question, FARchat says so.
          </p>
        </header>
        {missing && <LoadingHelp what={missing} />}
        <AskForm
          id="question"
          action="/ask"
          label="Your question"
          placeholder="When do I need certified cost or pricing data?"
          question={question}
          scope={scope}
          autofocus
        />
        <section aria-labelledby="examples">
          <h2 id="examples">Questions people ask</h2>
          <form method="post" action="/ask">
            <WaitWithoutScript />
            <ul class="questions ruled">
              {examples.map((example) => (
                <li key={example.question}>
                  <a class="number tabular" href={`/${example.collection}/${example.section}`}>
                    {example.collection.toUpperCase()} {example.section}
                  </a>
                  <button type="submit" name="question" value={asQuestion(example.question)}>
                    {asQuestion(example.question)}
                  </button>
                </li>
              ))}
            </ul>
          </form>
        </section>
      </div>
      <div class="home-side">
        {recent.length > 0 && (
          <section aria-labelledby="recent">
            <h2 id="recent">Your conversations</h2>
            <ul class="recent ruled">
              {recent.map(({ id, title, updated }) => (
                <li key={id}>
                  <a href={`/c/${id}`}>
                    {title}
                    <span class="when">{when(updated)}</span>
                  </a>
                </li>
              ))}
            </ul>
          </section>
        )}
        <section aria-labelledby="browse">
          <h2 id="browse">Browse</h2>
          <ul class="browse ruled">
            <li>
              <a href="/far">
                <span class="name">FAR</span>
                <span class="what">Federal Acquisition Regulation, 48 CFR chapter 1</span>
              </a>
            </li>
            <li>
              <a href="/dfars">
                <span class="name">DFARS</span>
                <span class="what">Defense supplement to the FAR, 48 CFR chapter 2</span>
              </a>
            </li>
          </ul>
        </section>
        <section aria-labelledby="writer">
          <h2 id="writer">How answers are written</h2>
          <p class="aside-note">
            {writer === "claude"
              ? "Claude writes the answer from passages of the regulation. FARchat checks every quoted passage against the stored text before it shows it."
              : "No AI writes here. FARchat finds the passages that answer and quotes their sentences. With an Anthropic API key (ANTHROPIC_API_KEY), Claude writes the answers from those passages."}
            {" "}
            <a href="/about">More about this</a>
          </p>
        </section>
      </div>
    </div>
  );
}
