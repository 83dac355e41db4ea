import type { SearchResult } from "../lib/pages/search_page.ts";
import { citationLabel, collectionName } from "../lib/regulation/links.ts";
import { Inline } from "./inline.tsx";

interface SearchViewProps {
  query: string;
  scope: string;
  results: SearchResult[];
  notices: string[];
}

const SCOPES = [["all", "FAR and DFARS"], ["far", "FAR"], ["dfars", "DFARS"]];

/** What was found, a section at a time, the words searched for marked. */
export function SearchView({ query, scope, results, notices }: SearchViewProps) {
  return (
    <div class="search">
      <h1 class="page-title">Search</h1>
      <form class="search-form" action="/search">
        <input
          type="search"
          name="q"
          defaultValue={query}
          maxLength={300}
          aria-label="Words to search for"
        />
        <fieldset class="choices">
          <legend class="visually-hidden">Where to look</legend>
          {SCOPES.map(([value, label]) => (
            <label key={value}>
              <input type="radio" name="scope" value={value} defaultChecked={value === scope} />
              {label}
            </label>
          ))}
        </fieldset>
        <button type="submit" class="button">Search</button>
      </form>
      {notices.map((notice) => <p class="notice quiet" key={notice}>{notice}</p>)}
      {query !== "" && results.length === 0 && (
        <p class="page-note">
          Nothing was found for “{query}”. Try other words, or a section number such as 15.403-4.
        </p>
      )}
      {results.length > 0 && (
        <>
          <p class="page-note">
            {results.length === 1 ? "1 section" : `${results.length} sections`}, best first.{" "}
            <a href={`/?q=${encodeURIComponent(query)}`}>Ask this as a question</a>
          </p>
          <ol class="results">
            {results.map((result) => (
              <Result key={result.collection + result.number} {...result} />
            ))}
          </ol>
        </>
      )}
    </div>
  );
}

function Result({ collection, number, title, path, href, excerpts }: SearchResult) {
  return (
    <li class="result">
      <p class="result-number">
        {collection === "uploads" ? collectionName(collection) : citationLabel(collection, number)}
      </p>
      <div>
        <h2>{href ? <a href={href}>{title}</a> : title}</h2>
        <p class="result-path">{path}</p>
        {excerpts.map((excerpt, i) => (
          <div class="result-passage" key={i}>
            {excerpt.kind === "brief" && (
              <p class="not-regulation">FARchat’s summary, not the regulation</p>
            )}
            <p class="result-text">
              <Inline
                text={excerpt.text}
                ranges={excerpt.marks.map((mark) => ({ ...mark, mark: true }))}
              />
            </p>
            {excerpt.href && excerpt.href !== href && (
              <a href={excerpt.href}>
                Open this paragraph
              </a>
            )}
          </div>
        ))}
      </div>
    </li>
  );
}
