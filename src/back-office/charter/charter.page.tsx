import { CHARTER, CHARTER_VERSION } from '../../agents/domain/charter.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { Document, Footer } from '../../ui/document.js';
import { ErrorSummary, FormTokens, type Problems } from '../../ui/forms.js';
import { Note } from '../../ui/state.js';

export interface CharterView {
  readonly frame: Frame;
  /** « 12 juin 2026 », or null while it is still to be accepted. */
  readonly acceptedOn: string | null;
  readonly returnTo: string;
  readonly problems: Problems;
}

/** Before anything else it is a page of its own, without a menu; afterwards one among others. */
export function CharterPage(view: CharterView) {
  const { frame, acceptedOn } = view;
  if (acceptedOn !== null)
    return (
      <AppPage frame={frame} title="Charte de sécurité" current="/account">
        <PageHead title="Charte de sécurité" back={{ href: '/account', label: 'Mon compte' }} />
        <Note shape="ok">
          <p class="state ok">
            Vous avez accepté cette version ({CHARTER_VERSION}) le {acceptedOn}.
          </p>
        </Note>
        <Rules />
      </AppPage>
    );
  return (
    <Document title="Charte de sécurité – Mon Suivi Justice" bodyClass="person-page">
      <main id="contenu" class="stack">
        <h1>Avant de commencer</h1>
        <p>
          Vous allez lire et écrire des données sur des personnes suivies par la justice. Voici ce à quoi vous
          vous engagez, en sept points.
        </p>
        <ErrorSummary problems={view.problems} />
        <Rules />
        <form class="form" method="post" action="/charter">
          <FormTokens csrfToken={frame.csrfToken} />
          <input type="hidden" name="charterVersion" value={String(CHARTER_VERSION)} />
          <input type="hidden" name="returnTo" value={view.returnTo} />
          <div class="actions">
            <button>J’ai lu et j’accepte la charte</button>
          </div>
          <p class="hint">
            La date et la version ({CHARTER_VERSION}) sont inscrites au journal. Vous pourrez la relire depuis
            «&nbsp;Mon compte&nbsp;».
          </p>
        </form>
        <form method="post" action="/sign-out">
          <FormTokens csrfToken={frame.csrfToken} />
          <button class="link">Refuser et se déconnecter</button>
        </form>
      </main>
      <Footer />
    </Document>
  );
}

function Rules() {
  return (
    <ol class="charter-rules">
      {CHARTER.map(({ title, text }) => (
        <li key={title}>
          <h2>{title}</h2>
          <p>{text}</p>
        </li>
      ))}
    </ol>
  );
}
