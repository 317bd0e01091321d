import type { AccountSafety } from '../../agents/session/session.queries.js';
import { instantOf } from '../../shared/time.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { FormTokens } from '../../ui/forms.js';
import { Done, State } from '../../ui/state.js';
import { plural, shortMoment } from '../../ui/typography.js';
import { doneSentence } from '../done-sentence.js';
import type { Office } from '../office-hours.js';

export interface SecurityView {
  readonly frame: Frame;
  readonly safety: AccountSafety;
  readonly office: Office;
  /** The role needs a second factor. */
  readonly isRequired: boolean;
  /** A demonstration announces it and does not enforce it. */
  readonly isDemo: boolean;
  /** Name of the OpenID provider the agent signs in with, or null. */
  readonly provider: string | null;
  readonly done: string;
}

const DONE: Readonly<Record<string, string>> = {
  password: 'Mot de passe changé. Vos autres sessions sont fermées.',
  removed: 'La seconde vérification est retirée.',
};
const FEW_CODES = 3;

/** Password, second factor, sessions: each with its state and its one action. */
export function SecurityPage(view: SecurityView) {
  const { frame, safety, done } = view;
  return (
    <AppPage frame={frame} title="Sécurité du compte" current="/account">
      <PageHead title="Sécurité du compte" back={{ href: '/account', label: 'Mon compte' }}>
        <p class="muted">{safety.email}</p>
      </PageHead>
      <div class="sections">
        <Done sentence={doneSentence(DONE, done)} />
        <SecondFactor {...view} />
        <Password {...view} />
        <section aria-labelledby="sessions">
          <h2 id="sessions">Sessions</h2>
          <p>{plural(safety.sessions, 'session ouverte', 'sessions ouvertes')}.</p>
          <p>
            <a href="/account/sessions">Voir et fermer mes sessions</a>
          </p>
        </section>
      </div>
    </AppPage>
  );
}

function SecondFactor(view: SecurityView) {
  const { safety, office, isRequired, isDemo } = view;
  const since = safety.secondFactorSince;
  const { timeZone, now } = office;
  return (
    <section aria-labelledby="second">
      <h2 id="second">Seconde vérification</h2>
      {since === null ? (
        <div class="stack">
          <p>
            <State
              word={isRequired ? 'À configurer' : 'Non configurée'}
              shape={isRequired ? 'warn' : 'off'}
            />
          </p>
          <p>
            Un code à 6&nbsp;chiffres, en plus du mot de passe&nbsp;: un mot de passe volé ne suffit plus.
          </p>
          {isRequired && isDemo && (
            <p class="muted">
              Votre rôle la demande. Dans cette démonstration elle est annoncée, pas exigée&nbsp;: hors d’ici,
              un administrateur ne va pas plus loin sans elle.
            </p>
          )}
          <p>
            <a class="button" href="/account/security/authenticator">
              Configurer mon application
            </a>
          </p>
        </div>
      ) : (
        <div class="stack">
          <p>
            <State word="En service" shape="ok" /> depuis{' '}
            {shortMoment(instantOf(since), timeZone, timeZone, now)}
          </p>
          <RecoveryCodes {...view} />
          <p>
            <a href="/account/security/authenticator">Changer d’application ou de téléphone</a>
          </p>
          {(!isRequired || isDemo) && <Remove csrfToken={view.frame.csrfToken} />}
        </div>
      )}
    </section>
  );
}

function RecoveryCodes({ safety, frame }: SecurityView) {
  const left = safety.recoveryCodesLeft;
  return (
    <form method="post" action="/account/security/recovery-codes">
      <FormTokens csrfToken={frame.csrfToken} />
      <p>
        {left < FEW_CODES && <State word="Bientôt épuisés" shape="warn" />}{' '}
        {plural(left, 'code de secours reste', 'codes de secours restent')}.
      </p>
      <button class="secondary">Faire de nouveaux codes de secours</button>
    </form>
  );
}

function Remove({ csrfToken }: { readonly csrfToken: string }) {
  return (
    <form method="post" action="/account/security/remove">
      <FormTokens csrfToken={csrfToken} />
      <button class="link">Retirer la seconde vérification</button>
    </form>
  );
}

function Password({ safety, provider }: SecurityView) {
  return (
    <section aria-labelledby="password">
      <h2 id="password">Mot de passe</h2>
      {provider !== null && <p>Vous vous connectez avec {provider}.</p>}
      {safety.hasPassword ? (
        <p>
          <a href="/account/password">Changer mon mot de passe</a>
        </p>
      ) : (
        <p class="muted">Ce compte n’a pas de mot de passe ici.</p>
      )}
    </section>
  );
}
