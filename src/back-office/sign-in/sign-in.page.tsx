import { DoorForm } from '../../ui/door-form.js';
import { DoorPage } from '../../ui/door-page.js';
import { Field, type Problems } from '../../ui/forms.js';
import { Done } from '../../ui/state.js';
import { AddressField } from './address-field.js';

export interface SignInView {
  readonly csrfToken: string;
  readonly email: string;
  readonly returnTo: string;
  readonly problems: Problems;
  readonly signedOut: boolean;
  /** Name of the OpenID provider, or null: password only. */
  readonly provider: string | null;
}

/** The same words for an unknown account and for a wrong password. */
export function SignInPage(view: SignInView) {
  const { csrfToken, email, returnTo, problems, signedOut, provider } = view;
  return (
    <DoorPage
      title="Se connecter"
      heading="Mon Suivi Justice"
      lead="Convocations et rappels, pour les agents."
    >
      {signedOut && <Done sentence="Vous êtes déconnecté." />}
      <DoorForm
        action="/sign-in"
        problems={problems}
        before={provider !== null && <ProviderLink provider={provider} returnTo={returnTo} />}
        button="Se connecter"
      >
        <input type="hidden" name="_csrf" value={csrfToken} />
        <input type="hidden" name="returnTo" value={returnTo} />
        <AddressField value={email} problems={problems} autofocus={email === ''} />
        <Field
          name="password"
          label="Mot de passe"
          problems={problems}
          attributes={{
            type: 'password',
            autocomplete: 'current-password',
            required: true,
            maxLength: 200,
            autofocus: email !== '',
          }}
        />
      </DoorForm>
      <p>
        <a class="alone" href="/sign-in/forgotten">
          Mot de passe oublié&nbsp;?
        </a>
      </p>
    </DoorPage>
  );
}

/** First, as most agents use it; the password stays for the others and for the day on which the provider is down. */
function ProviderLink({ provider, returnTo }: { readonly provider: string; readonly returnTo: string }) {
  const query = returnTo === '/' ? '' : `?returnTo=${encodeURIComponent(returnTo)}`;
  return (
    <div class="provider">
      <a class="button" href={`/sign-in/oidc${query}`}>
        S’identifier avec {provider}
      </a>
      <p class="muted">ou avec un mot de passe</p>
    </div>
  );
}
