import type { TextareaHTMLAttributes } from 'preact';
import { describedBy, FieldError, type FieldProps, invalid } from './forms.js';

export interface TextAreaProps extends Omit<FieldProps, 'id' | 'attributes'> {
  readonly attributes?: TextareaHTMLAttributes;
}

/** One labelled field of several lines with its hint and its error. */
export function TextArea({ name, label, problems = [], hint, value, attributes = {} }: TextAreaProps) {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      {hint !== undefined && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      <FieldError problems={problems} id={name} />
      <textarea
        id={name}
        name={name}
        aria-describedby={describedBy(problems, name, hint !== undefined)}
        aria-invalid={invalid(problems, name)}
        {...attributes}
      >
        {value}
      </textarea>
    </div>
  );
}
