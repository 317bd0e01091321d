import { DoorPage } from '../../ui/door-page.js';
import { ErrorSummary, Field, type Problems } from '../../ui/forms.js';
import { Done } from '../../ui/state.js';

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
      <ErrorSummary problems={problems} />
      {provider !== null && <ProviderLink provider={provider} returnTo={returnTo} />}
      <form class="form" method="post" action="/sign-in">
        <input type="hidden" name="_csrf" value={csrfToken} />
        <input type="hidden" name="returnTo" value={returnTo} />
        <Field
          name="email"
          label="Adresse e-mail professionnelle"
          value={email}
          problems={problems}
          attributes={{
            type: 'email',
            autocomplete: 'username',
            required: true,
            maxLength: 254,
            autofocus: email === '',
          }}
        />
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
        <div class="actions">
          <button>Se connecter</button>
        </div>
      </form>
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
