import { Document, Footer } from '../ui/document.js';

export interface StopView {
  readonly token: string;
  /** « mardi 14 avril 2026 », or null while messages are still sent. */
  readonly stoppedOn: string | null;
}

/** The tab and the page name neither the person nor justice. */
export function StopPage({ token, stoppedOn }: StopView) {
  return (
    <Document title="Vos messages" bodyClass="person-page">
      <main id="contenu">{stoppedOn === null ? <Ask token={token} /> : <Stopped on={stoppedOn} />}</main>
      <Footer />
    </Document>
  );
}

function Ask({ token }: { readonly token: string }) {
  return (
    <div class="card stack">
      <h1>Ne plus recevoir ces SMS</h1>
      <p>Vous recevez des SMS pour vous rappeler vos rendez-vous.</p>
      <p>
        <strong>Sans ces SMS, vos rendez-vous restent obligatoires.</strong> Vous devez venir, même sans
        rappel.
      </p>
      <form class="answers" method="post" action={`/s/${token}`}>
        <button>Arrêter les SMS</button>
      </form>
      <p class="hint">Si vous ne faites rien, les SMS continuent. Vous pouvez fermer cette page.</p>
    </div>
  );
}

function Stopped({ on }: { readonly on: string }) {
  return (
    <div class="card stack" role="status">
      <h1>
        <span class="state ok">Les SMS sont arrêtés</span>
      </h1>
      <p>Depuis le {on}, vous ne recevez plus de SMS de notre part.</p>
      <p>
        <strong>Vos rendez-vous restent obligatoires.</strong> Notez-les bien&nbsp;: vous devez venir, même
        sans rappel.
      </p>
      <p>
        Vous voulez de nouveau recevoir les SMS&nbsp;? Demandez-le au service qui vous suit, à tout moment.
      </p>
    </div>
  );
}
