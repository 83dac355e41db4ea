import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { OptionList } from "../components/option_list.tsx";
import { loadSuggestions, useSuggestions } from "../components/use_suggestions.ts";
import type { Collection } from "../lib/regulation/types.ts";

/** The choices of where to look, as form values. */
export const SCOPES = [
  { value: "all", label: "FAR and DFARS" },
  { value: "far", label: "FAR" },
  { value: "dfars", label: "DFARS" },
] as const;

export interface AskFormProps {
  /** Makes ids unique on the page. */
  id: string;
  /** Where the form posts to when no script takes it. */
  action: string;
  label: string;
  placeholder?: string;
  question?: string;
  scope?: string;
  small?: boolean;
  autofocus?: boolean;
  /** Another answer is being written: asking waits until it ends. */
  busy?: boolean;
  /** Takes the question instead of the form; only between islands. */
  onAsk?(question: string, collections: Collection[] | undefined): void;
}

/** The question box: Enter asks, Shift+Enter breaks the line, suggestions appear while somebody types. */
export default function AskForm(props: AskFormProps) {
  const { id, action, label, placeholder, small, busy, onAsk } = props;
  const [text, setText] = useState(props.question ?? "");
  const [live, setLive] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const suggestions = useSuggestions(loadSuggestions);
  const listId = `${id}-options`;
  const { options, open, current } = suggestions;

  // Before anything can be pressed: a question sent with the hidden field below would be waited for.
  useLayoutEffect(() => {
    setLive(true);
    // What somebody typed before the script arrived.
    if (area.current && area.current.value !== text) setText(area.current.value);
    if (props.autofocus && matchMedia("(pointer: fine)").matches) {
      area.current?.focus({ preventScroll: true });
    }
  }, []);
  useEffect(() => {
    const element = area.current;
    if (!element || CSS.supports("field-sizing", "content")) return;
    element.style.blockSize = "auto";
    element.style.blockSize = `${element.scrollHeight}px`;
  }, [text]);

  function ask(question: string) {
    suggestions.close();
    if (busy || question.trim() === "") return area.current?.focus();
    if (!onAsk) {
      area.current!.value = question;
      return form.current!.requestSubmit();
    }
    const scope = new FormData(form.current!).get("scope");
    setText("");
    onAsk(question.trim(), scope === "far" || scope === "dfars" ? [scope] : undefined);
  }

  function onKeyDown(event: KeyboardEvent) {
    // The arrows belong to the text while the caret is inside it.
    const atEnd = area.current!.selectionStart === text.length;
    const arrows = event.key === "ArrowDown" || event.key === "ArrowUp";
    if (!(arrows && current < 0 && !(atEnd && event.key === "ArrowDown"))) {
      if (suggestions.key(event, (option) => ask(option.text))) return;
    }
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    ask(area.current!.value);
  }

  return (
    <form
      class={small ? "ask small" : "ask"}
      method="post"
      action={action}
      ref={form}
      onSubmit={(event) => {
        const question = area.current!.value;
        if (question.trim() === "" || busy) event.preventDefault();
        else if (onAsk) {
          event.preventDefault();
          ask(question);
        }
      }}
    >
      {!live && <input type="hidden" name="wait" value="1" />}
      <div class="ask-box">
        <label class="visually-hidden" for={id}>{label}</label>
        <textarea
          id={id}
          name="question"
          required
          maxLength={4000}
          rows={small ? 2 : 3}
          placeholder={placeholder}
          ref={area}
          value={text}
          autocomplete="off"
          aria-autocomplete="list"
          aria-controls={open ? listId : undefined}
          aria-activedescendant={current >= 0 ? `${listId}-${current}` : undefined}
          onInput={(event) => {
            setText(event.currentTarget.value);
            suggestions.typed(event.currentTarget.value);
          }}
          onKeyDown={onKeyDown}
          onBlur={suggestions.close}
        />
        <div class="ask-foot">
          <fieldset class="choices">
            <legend class="visually-hidden">Where to look</legend>
            {SCOPES.map(({ value, label }) => (
              <label key={value}>
                <input
                  type="radio"
                  name="scope"
                  value={value}
                  defaultChecked={value === (props.scope ?? "all")}
                />
                {label}
              </label>
            ))}
          </fieldset>
          <button type="submit" class="button" disabled={busy}>Ask</button>
        </div>
      </div>
      <OptionList
        id={listId}
        label="Suggested questions"
        options={options}
        current={current}
        choose={(option) => ask(option.text)}
      />
      <span class="visually-hidden" role="status">
        {open
          ? `${options.length} suggested ${
            options.length === 1 ? "question" : "questions"
          }. Use the arrow keys to choose.`
          : ""}
      </span>
    </form>
  );
}
