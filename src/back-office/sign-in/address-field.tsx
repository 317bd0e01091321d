import type { ComponentChildren } from 'preact';
import { Field, type Problems } from '../../ui/forms.js';

/** Longest address there is (RFC 5321 with its erratum 1690). */
const LONGEST_ADDRESS = 254;

interface AddressFieldProps {
  readonly problems: Problems;
  /** The page opens with the cursor in it. */
  readonly autofocus: boolean;
  readonly value?: string;
  readonly hint?: ComponentChildren;
}

/** By which an agent is known. */
export function AddressField({ autofocus, ...field }: AddressFieldProps) {
  return (
    <Field
      name="email"
      label="Adresse e-mail professionnelle"
      {...field}
      attributes={{
        type: 'email',
        autocomplete: 'username',
        required: true,
        maxLength: LONGEST_ADDRESS,
        autofocus,
      }}
    />
  );
}
