import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { ErrorSummary, Field, FormTokens, type Problems } from '../../ui/forms.js';
import { NewPassword } from '../sign-in/new-password.js';

export interface PasswordView {
  readonly frame: Frame;
  readonly problems: Problems;
}

/** Old one, new one, twice. */
export function PasswordPage({ frame, problems }: PasswordView) {
  return (
    <AppPage frame={frame} title="Changer de mot de passe" current="/account">
      <PageHead
        title="Changer de mot de passe"
        back={{ href: '/account/security', label: 'Sécurité du compte' }}
      >
        <p class="muted">Vos autres sessions seront fermées.</p>
      </PageHead>
      <form class="form" method="post" action="/account/password">
        <FormTokens csrfToken={frame.csrfToken} />
        <ErrorSummary problems={problems} />
        <Field
          name="current"
          label="Mot de passe actuel"
          problems={problems}
          attributes={{ type: 'password', autocomplete: 'current-password', required: true, maxLength: 200 }}
        />
        <NewPassword label="Nouveau mot de passe" problems={problems} />
        <div class="actions">
          <button>Changer</button>
          <a href="/account/security">Renoncer</a>
        </div>
      </form>
    </AppPage>
  );
}
