import type { TextareaHTMLAttributes } from 'preact';
import { describedBy, type FieldProps, invalid, Labelled } from './forms.js';

export interface TextAreaProps extends Omit<FieldProps, 'id' | 'attributes'> {
  readonly attributes?: TextareaHTMLAttributes;
}

/** One labelled field of several lines with its hint and its error. */
export function TextArea({ name, label, problems = [], hint, value, attributes = {} }: TextAreaProps) {
  return (
    <Labelled id={name} label={label} hint={hint} problems={problems}>
      <textarea
        id={name}
        name={name}
        aria-describedby={describedBy(problems, name, hint !== undefined)}
        aria-invalid={invalid(problems, name)}
        {...attributes}
      >
        {value}
      </textarea>
    </Labelled>
  );
}
