import { Document, Footer } from '../../ui/document.js';
import { ErrorSummary, Field, type Problems } from '../../ui/forms.js';

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
    <Document title="Se connecter – Mon Suivi Justice" bodyClass="person-page">
      <main id="contenu">
        <h1>Mon Suivi Justice</h1>
        <p class="muted">Convocations et rappels, pour les agents.</p>
        <section>
          {signedOut && (
            <div class="note ok" role="status">
              <p class="state ok">Vous êtes déconnecté.</p>
            </div>
          )}
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
        </section>
      </main>
      <Footer />
    </Document>
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
