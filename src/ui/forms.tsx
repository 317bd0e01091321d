import type { ComponentChildren, InputHTMLAttributes } from 'preact';
import { newToken } from '../shared/tokens.js';

/** One thing to correct: the sentence, and the id of the control it is about (none: the form as a whole). */
export interface Problem {
  readonly field?: string | undefined;
  readonly sentence: string;
}

export type Problems = readonly Problem[];

/** What every form that changes something carries: of this session, and acted upon once. */
export function FormTokens({ csrfToken }: { readonly csrfToken: string }) {
  return (
    <>
      <input type="hidden" name="_csrf" value={csrfToken} />
      <input type="hidden" name="formToken" value={newToken()} />
    </>
  );
}

/** First thing of a form that was refused, and where the focus goes: what to correct, each with a link to its control. */
export function ErrorSummary({ problems }: { readonly problems: Problems }) {
  if (problems.length === 0) return null;
  return (
    <div class="note bad error-summary" role="alert" aria-labelledby="refus" tabIndex={-1} autofocus>
      <h2 id="refus" class="state bad">
        {problems.length === 1 ? 'À corriger' : `${problems.length}\u00a0points à corriger`}
      </h2>
      <ul>
        {problems.map(({ field, sentence }) => (
          <li key={sentence}>{field === undefined ? sentence : <a href={`#${field}`}>{sentence}</a>}</li>
        ))}
      </ul>
    </div>
  );
}

export function sentenceOf(problems: Problems, field: string): string | undefined {
  return problems.find((problem) => problem.field === field)?.sentence;
}

/** The sentence at its field; goes with `describedBy`. */
export function FieldError({ problems, id }: { readonly problems: Problems; readonly id: string }) {
  const sentence = sentenceOf(problems, id);
  if (sentence === undefined) return null;
  return (
    <p class="field-error state bad" id={`${id}-error`}>
      {sentence}
    </p>
  );
}

export function describedBy(problems: Problems, id: string, hint = false): string | undefined {
  const ids = [
    ...(hint ? [`${id}-hint`] : []),
    ...(sentenceOf(problems, id) === undefined ? [] : [`${id}-error`]),
  ];
  return ids.length === 0 ? undefined : ids.join(' ');
}

/** For `aria-invalid`. */
export function invalid(problems: Problems, id: string): 'true' | undefined {
  return sentenceOf(problems, id) === undefined ? undefined : 'true';
}

export interface FieldProps {
  readonly name: string;
  /** The name, unless a page holds several forms with this field. */
  readonly id?: string;
  readonly label: ComponentChildren;
  readonly problems?: Problems;
  readonly hint?: ComponentChildren;
  readonly value?: string | undefined;
  readonly attributes?: InputHTMLAttributes;
}

/** What a field takes from the form it stands in, by its name: to be spread on `Field` and `SelectField`. */
export function boundTo<Name extends string>(values: Readonly<Record<Name, unknown>>, problems: Problems) {
  return (name: Name) => {
    const value = values[name];
    return { name, value: typeof value === 'string' ? value : '', problems };
  };
}

export type LabelledProps = Required<Pick<FieldProps, 'id' | 'label' | 'problems'>> & {
  readonly hint: ComponentChildren;
  readonly children: ComponentChildren;
};

/** A control under its label, its hint and its error. */
export function Labelled({ id, label, hint, problems, children }: LabelledProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <FieldError problems={problems} id={id} />
      {children}
    </div>
  );
}

/** One labelled input with its hint and its error. */
export function Field({ name, id = name, label, problems = [], hint, value, attributes = {} }: FieldProps) {
  return (
    <Labelled id={id} label={label} hint={hint} problems={problems}>
      <input
        id={id}
        name={name}
        value={value}
        aria-describedby={describedBy(problems, id, hint !== undefined)}
        aria-invalid={invalid(problems, id)}
        {...attributes}
      />
    </Labelled>
  );
}
