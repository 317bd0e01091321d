import type { OwnSession } from '../../agents/session/session.queries.js';
import { instantOf } from '../../shared/time.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { FormTokens } from '../../ui/forms.js';
import { Done } from '../../ui/state.js';
import { shortMoment } from '../../ui/typography.js';
import type { Office } from '../office-hours.js';

export interface SessionsView {
  readonly frame: Frame;
  readonly sessions: readonly OwnSession[];
  readonly office: Office;
  /** Other sessions were just ended. */
  readonly ended: boolean;
}

const SECURITY = { href: '/account/security', label: 'Sécurité du compte' };

/** Where the agent is signed in. */
export function SessionsPage({ frame, sessions, office, ended }: SessionsView) {
  const others = sessions.filter(({ isCurrent }) => !isCurrent);
  return (
    <AppPage frame={frame} title="Sessions ouvertes" current="/account">
      <PageHead
        title="Sessions ouvertes"
        back={SECURITY}
        actions={others.length > 1 ? <EndAll csrfToken={frame.csrfToken} /> : undefined}
      >
        <p class="muted">
          Une session se ferme seule après 30&nbsp;minutes sans activité, et 12&nbsp;heures après la
          connexion.
        </p>
      </PageHead>
      <div class="sections">
        {ended && <Done sentence="C’est fermé." />}
        <table class="blocks">
          <caption class="visually-hidden">Vos sessions ouvertes</caption>
          <thead>
            <tr>
              <th scope="col">Navigateur</th>
              <th scope="col">Ouverte</th>
              <th scope="col">Dernière activité</th>
              <th scope="col">
                <span class="visually-hidden">Action</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {sessions.map((session) => (
              <SessionRow key={session.id} session={session} office={office} csrfToken={frame.csrfToken} />
            ))}
          </tbody>
        </table>
        {others.length === 0 && <p class="muted">Vous n’êtes connecté nulle part ailleurs.</p>}
      </div>
    </AppPage>
  );
}

function SessionRow(props: {
  readonly session: OwnSession;
  readonly office: Office;
  readonly csrfToken: string;
}) {
  const { session, office, csrfToken } = props;
  const at = (date: Date) => shortMoment(instantOf(date), office.timeZone, office.timeZone, office.now);
  const browser = session.browser ?? 'Navigateur inconnu';
  return (
    <tr>
      <th scope="row">{browser}</th>
      <td data-label="Ouverte">{at(session.since)}</td>
      <td data-label="Dernière activité">{at(session.lastSeen)}</td>
      <td>
        {session.isCurrent ? (
          <span class="state ok">Cette session</span>
        ) : (
          <form method="post" action="/account/sessions/revoke">
            <FormTokens csrfToken={csrfToken} />
            <input type="hidden" name="session" value={session.id} />
            <button class="secondary">
              Fermer<span class="visually-hidden"> la session {browser}</span>
            </button>
          </form>
        )}
      </td>
    </tr>
  );
}

function EndAll({ csrfToken }: { readonly csrfToken: string }) {
  return (
    <form method="post" action="/account/sessions/revoke">
      <FormTokens csrfToken={csrfToken} />
      <input type="hidden" name="session" value="" />
      <button class="secondary">Fermer toutes les autres</button>
    </form>
  );
}
