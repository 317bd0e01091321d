import type { ComponentChildren, FieldsetHTMLAttributes } from 'preact';
import { describedBy, FieldError, invalid, type Problems } from './forms.js';

export interface ChoiceProps {
  readonly name: string;
  readonly value: string;
  readonly id: string;
  readonly checked: boolean;
  readonly children: ComponentChildren;
}

/** A radio button as large as the card around it. */
export function Choice({ name, value, id, checked, children }: ChoiceProps) {
  return (
    <label class="choice" for={id}>
      <input type="radio" id={id} name={name} value={value} checked={checked} />
      <span>{children}</span>
    </label>
  );
}

export interface CheckProps {
  readonly name: string;
  readonly checked: boolean;
  readonly children: ComponentChildren;
  readonly id?: string | undefined;
  /** When it is refused on its own, not as one of a group. */
  readonly problems?: Problems;
}

/** A checkbox and its sentence. */
export function Check({ name, checked, children, id = name, problems = [] }: CheckProps) {
  return (
    <>
      <FieldError problems={problems} id={id} />
      <label class="check" for={id}>
        <input
          type="checkbox"
          id={id}
          name={name}
          value="true"
          checked={checked}
          aria-describedby={describedBy(problems, id)}
          aria-invalid={invalid(problems, id)}
        />
        <span>{children}</span>
      </label>
    </>
  );
}

export interface GroupProps {
  /** Name under which the group as a whole is refused: the id of its first control, to which the summary leads. */
  readonly id: string;
  readonly legend: ComponentChildren;
  readonly hint?: string;
  readonly problems: Problems;
  readonly attributes?: FieldsetHTMLAttributes & { readonly [live: `hx-${string}`]: string };
  readonly children: ComponentChildren;
}

/** The id of a control in a group: the first one bears that of the group. */
export function idInGroup(group: string, at: number, own: string): string {
  return at === 0 ? group : own;
}

/** Controls that answer one question, with what is wrong about their choice. */
export function CheckGroup({ id, legend, hint, problems, attributes, children }: GroupProps) {
  return (
    <fieldset {...attributes} aria-describedby={describedBy(problems, id)}>
      <legend>{legend}</legend>
      {hint !== undefined && <p class="hint">{hint}</p>}
      <FieldError problems={problems} id={id} />
      {children}
    </fieldset>
  );
}

/** Radio buttons that answer one question: none of them can be said to be wrong, their group can. */
export function ChoiceGroup({ attributes, ...group }: GroupProps) {
  const wrong = invalid(group.problems, group.id);
  return <CheckGroup {...group} attributes={{ ...attributes, role: 'radiogroup', 'aria-invalid': wrong }} />;
}
