import type { ComponentChildren } from 'preact';
import { describedBy, FieldError, invalid, type Problems } from './forms.js';

export interface Option {
  readonly value: string;
  readonly label: string;
}

export interface OptionGroup {
  readonly label: string;
  readonly options: readonly Option[];
}

/** Things that have a name, as what a list offers. */
export function namedOptions(
  things: readonly { readonly id: string; readonly name: string }[],
): readonly Option[] {
  return things.map(({ id, name }) => ({ value: id, label: name }));
}

interface SelectBase {
  readonly name: string;
  readonly label: ComponentChildren;
  readonly value: string;
  readonly problems?: Problems;
  readonly hint?: ComponentChildren;
}

export type SelectProps = SelectBase &
  ({ readonly options: readonly Option[] } | { readonly groups: readonly OptionGroup[] });

/** A labelled select; a single group is shown without its name. */
export function SelectField({ name, label, value, problems = [], hint, ...offered }: SelectProps) {
  const groups = 'groups' in offered ? offered.groups : [{ label: '', options: offered.options }];
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <FieldError problems={problems} id={name} />
      <select
        id={name}
        name={name}
        aria-describedby={describedBy(problems, name, hint !== undefined)}
        aria-invalid={invalid(problems, name)}
      >
        {groups.length === 1
          ? groups.flatMap((group) => options(group, value))
          : groups.map((group) => (
              <optgroup key={group.label} label={group.label}>
                {options(group, value)}
              </optgroup>
            ))}
      </select>
      {hint !== undefined && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

function options(group: OptionGroup, chosen: string) {
  return group.options.map((option) => (
    <option key={option.value} value={option.value} selected={option.value === chosen}>
      {option.label}
    </option>
  ));
}
