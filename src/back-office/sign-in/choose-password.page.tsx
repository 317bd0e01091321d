import { DoorForm } from '../../ui/door-form.js';
import { DoorPage } from '../../ui/door-page.js';
import type { Problems } from '../../ui/forms.js';
import { NewPassword } from './new-password.js';

export interface ChoosePasswordView {
  readonly csrfToken: string;
  readonly heading: string;
  /** Where the form goes; holds the token of the link. */
  readonly action: string;
  readonly email: string;
  readonly label: string;
  /** What follows from it, under the form. */
  readonly hint: string;
  readonly problems: Problems;
}

/** Where the link of a letter leads: a first password, or another one after it was forgotten. */
export function ChoosePasswordPage(view: ChoosePasswordView) {
  const { csrfToken, heading, action, email, label, hint, problems } = view;
  return (
    <DoorPage title="Choisir un mot de passe" heading={heading} lead={`Votre compte\u00a0: ${email}`}>
      <DoorForm action={action} problems={problems} button="Enregistrer et se connecter">
        <input type="hidden" name="_csrf" value={csrfToken} />
        <input type="hidden" name="username" value={email} autocomplete="username" />
        <NewPassword label={label} problems={problems} />
      </DoorForm>
      <p class="hint">{hint}</p>
    </DoorPage>
  );
}
