import { Field, type Problems } from '../../ui/forms.js';

/** Longer than the longest password: what is too long is refused with a sentence, never cut off. */
const INPUT_LENGTH = 200;

/** A new password, twice; the server alone judges it. Pasting is welcome. */
export function NewPassword({ label, problems }: { readonly label: string; readonly problems: Problems }) {
  const attributes = {
    type: 'password',
    autocomplete: 'new-password',
    required: true,
    maxLength: INPUT_LENGTH,
  } as const;
  return (
    <>
      <Field
        name="password"
        label={label}
        hint="15&nbsp;caractères au moins&nbsp;: quatre mots sans rapport entre eux font un bon mot de passe. Ni votre nom, ni votre service, ni votre ville."
        problems={problems}
        attributes={attributes}
      />
      <Field name="again" label="Le même, une seconde fois" problems={problems} attributes={attributes} />
    </>
  );
}
