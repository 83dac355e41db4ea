import type { ComponentChildren } from "preact";
import type { OutlineItem } from "./outline_list.tsx";

interface ProblemPageProps {
  /** What happened, a short heading. */
  title: string;
  /** What was expected and what was found. */
  message: string;
  /** What to do, a sentence. */
  next?: string;
  /** The request's id, for whoever looks in the logs. */
  errorId?: string;
  /** Sections that may have been meant. */
  nearest?: OutlineItem[];
  children?: ComponentChildren;
}

/** What a page says when it can't show what was asked for. */
export function ProblemPage(
  { title, message, next, errorId, nearest = [], children }: ProblemPageProps,
) {
  return (
    <div class="problem">
      <h1 class="page-title">{title}</h1>
      <p>{message}</p>
      {next && <p>{next}</p>}
      {nearest.length > 0 && (
        <section>
          <h2 class="sources-title">Nearest sections</h2>
          <ul class="outline-list">
            {nearest.map(({ collection, number, title }) => (
              <li key={collection + number}>
                <a href={`/${collection}/${number}`}>
                  <span class="number">{collection.toUpperCase()} {number}</span>
                  <span class="title">{title}</span>
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
      {children}
      <p>
        <a href="/">Ask a question</a> or look at the outline of the <a href="/far">FAR</a> and the
        {" "}
        <a href="/dfars">DFARS</a>.
      </p>
      {errorId && <p class="error-id">Error {errorId}</p>}
    </div>
  );
}
