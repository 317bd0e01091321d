import { Document, Footer } from '../../ui/document.js';
import { ErrorSummary, type Problems } from '../../ui/forms.js';
import { NewPassword } from './new-password.js';

export interface WelcomeView {
  readonly csrfToken: string;
  readonly token: string;
  readonly firstName: string;
  readonly email: string;
  readonly problems: Problems;
}

/** Where an agent who was invited chooses a first password. */
export function WelcomePage({ csrfToken, token, firstName, email, problems }: WelcomeView) {
  return (
    <Document title="Choisir un mot de passe – Mon Suivi Justice" bodyClass="person-page">
      <main id="contenu">
        <h1>Bienvenue, {firstName}</h1>
        <p class="muted">Votre compte&nbsp;: {email}</p>
        <section>
          <ErrorSummary problems={problems} />
          <form class="form" method="post" action={`/welcome/${token}`}>
            <input type="hidden" name="_csrf" value={csrfToken} />
            <input type="hidden" name="username" value={email} autocomplete="username" />
            <NewPassword label="Mot de passe" problems={problems} />
            <div class="actions">
              <button>Enregistrer et se connecter</button>
            </div>
          </form>
          <p class="hint">Ce lien ne sert qu’une fois.</p>
        </section>
      </main>
      <Footer />
    </Document>
  );
}
