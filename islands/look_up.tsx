import { useRef } from "preact/hooks";
import { OptionList } from "../components/option_list.tsx";
import type { Suggestion } from "../components/suggestions.ts";
import { loadSuggestions, useSuggestions } from "../components/use_suggestions.ts";

/** The masthead's field: a citation goes to its section, anything else is searched. */
export default function LookUp({ query }: { query?: string }) {
  const input = useRef<HTMLInputElement>(null);
  const suggestions = useSuggestions(loadSuggestions);
  const { options, open, current } = suggestions;
  const choose = (option: Suggestion) => {
    suggestions.close();
    if (option.href) location.assign(option.href);
  };
  return (
    <form class="look-up" role="search" action="/search" aria-label="Look up a section">
      <input
        name="q"
        defaultValue={query}
        ref={input}
        type="text"
        inputMode="search"
        enterKeyHint="search"
        maxLength={300}
        autocomplete="off"
        spellcheck={false}
        placeholder="Go to 15.403-4, or search"
        aria-label="Section number or words to search for"
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={open}
        aria-controls="look-up-options"
        aria-activedescendant={current >= 0 ? `look-up-options-${current}` : undefined}
        onInput={(event) => suggestions.typed(event.currentTarget.value)}
        onKeyDown={(event) => suggestions.key(event, choose)}
        onBlur={suggestions.close}
      />
      <button type="submit">Go</button>
      <OptionList
        id="look-up-options"
        label="Suggestions"
        options={options}
        current={current}
        choose={choose}
      />
    </form>
  );
}
