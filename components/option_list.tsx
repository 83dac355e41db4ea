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
  return (
    <div class="options" role="listbox" id={id} aria-label={label} hidden={options.length === 0}>
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
