import { useEffect, useRef } from "preact/hooks";
import type { Suggestion } from "./suggestions.ts";

interface OptionListProps {
  id: string;
  label: string;
  options: Suggestion[];
  current: number;
  choose(option: Suggestion): void;
}

/** The list under a field. Options are chosen on mouse down: the field must not lose the focus first. */
export function OptionList({ id, label, options, current, choose }: OptionListProps) {
  const list = useRef<HTMLDivElement>(null);
  // The focus stays in the field, so the browser does not follow the choice by itself.
  useEffect(() => {
    if (current >= 0) list.current?.children[current]?.scrollIntoView({ block: "nearest" });
  }, [current]);
  return (
    <div
      class="options"
      role="listbox"
      ref={list}
      id={id}
      aria-label={label}
      hidden={options.length === 0}
    >
      {options.map((option, i) => (
        <div
          key={option.label + option.text}
          role="option"
          id={`${id}-${i}`}
          aria-selected={i === current}
          onMouseDown={(event) => {
            event.preventDefault();
            choose(option);
          }}
        >
          <span>{option.text}</span>
          <span class="number tabular">{option.label}</span>
        </div>
      ))}
    </div>
  );
}
