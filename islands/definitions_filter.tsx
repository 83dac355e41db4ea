import { useState } from "preact/hooks";

interface DefinitionsFilterProps {
  definitions: { term: string; anchor: string }[];
}

/** The terms a section defines, with a field that narrows them down; without a script the whole list. */
export default function DefinitionsFilter({ definitions }: DefinitionsFilterProps) {
  const [words, setWords] = useState("");
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const found = definitions.filter(({ term }) =>
    wanted.every((word) => term.toLowerCase().includes(word))
  );
  return (
    <div class="definitions-filter">
      <label class="label js-only" for="definitions-words">Find a term</label>
      <input
        class="js-only"
        id="definitions-words"
        type="text"
        value={words}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => setWords(event.currentTarget.value)}
      />
      <ul class="definitions-list">
        {found.map(({ term, anchor }) => (
          <li key={anchor}>
            <a href={`#${anchor}`}>{term}</a>
          </li>
        ))}
      </ul>
      <p class="aside-note" role="status">
        {wanted.length > 0
          ? `${found.length} of ${definitions.length} terms`
          : `${definitions.length} terms`}
      </p>
    </div>
  );
}
