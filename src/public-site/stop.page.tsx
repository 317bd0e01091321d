import type { ReferentContact } from '../persons/referent-contact.query.js';
import { LinkPage } from '../ui/link-page.js';
import { spacedPhone } from '../ui/typography.js';

export interface StopView {
  readonly token: string;
  /** « mardi 14 avril 2026 », or null while messages are still sent. */
  readonly stoppedOn: string | null;
  /** Noted by the service: a word of the person weighs more. */
  readonly isNoted: boolean;
  readonly discreet: boolean;
  /** How the text that holds the link came. */
  readonly channel: 'sms' | 'email';
  /** What the agent who follows the person agreed to show; null: nothing. */
  readonly referent: ReferentContact | null;
}

export function StopPage({ token, stoppedOn, isNoted, discreet, channel, referent }: StopView) {
  return (
    <LinkPage discreet={discreet}>
      {stoppedOn === null ? (
        <Ask token={token} channel={channel} />
      ) : channel === 'sms' ? (
        <Stopped on={stoppedOn} confirmAt={isNoted ? `/s/${token}` : null} />
      ) : (
        <EmailsStopped on={stoppedOn} />
      )}
      {referent !== null && <Referent referent={referent} discreet={discreet} />}
      <NotMe token={token} channel={channel} />
    </LinkPage>
  );
}

function Ask({ token, channel }: Pick<StopView, 'token' | 'channel'>) {
  if (channel === 'email') return <AskEmails token={token} />;
  return (
    <div class="card stack">
      <h1>Ne plus recevoir ces SMS</h1>
      <p>Ce numéro reçoit des SMS pour rappeler des rendez-vous.</p>
      <p>
        <strong>Sans ces SMS, vos rendez-vous restent obligatoires.</strong> Vous devez venir, même sans
        rappel.
      </p>
      <p>Si vous êtes plusieurs à utiliser ce numéro, les SMS s’arrêtent pour tous.</p>
      <form class="answers" method="post" action={`/s/${token}`}>
        <button>Arrêter les SMS</button>
      </form>
      <p class="hint">Si vous ne faites rien, les SMS continuent. Vous pouvez fermer cette page.</p>
    </div>
  );
}

/** It stops the address that was written to, and says what it leaves open. */
function AskEmails({ token }: { readonly token: string }) {
  return (
    <div class="card stack">
      <h1>Ne plus recevoir ces e-mails</h1>
      <p>Cette adresse reçoit des e-mails pour rappeler des rendez-vous.</p>
      <p>
        <strong>Sans ces e-mails, vos rendez-vous restent obligatoires.</strong> Vous devez venir, même sans
        rappel.
      </p>
      <p>Seuls les e-mails s’arrêtent&nbsp;: des SMS peuvent encore arriver à votre numéro de mobile.</p>
      <form class="answers" method="post" action={`/s/${token}`}>
        <button>Arrêter les e-mails</button>
      </form>
      <p class="hint">Si vous ne faites rien, les e-mails continuent. Vous pouvez fermer cette page.</p>
    </div>
  );
}

function EmailsStopped({ on }: { readonly on: string }) {
  return (
    <div class="card stack" role="status">
      <h1>
        <span class="state ok">Les e-mails sont arrêtés</span>
      </h1>
      <p>Depuis le {on}, cette adresse ne reçoit plus d’e-mail de notre part.</p>
      <p>
        <strong>Vos rendez-vous restent obligatoires.</strong> Notez-les bien&nbsp;: vous devez venir, même
        sans rappel.
      </p>
      <p>
        Vous voulez de nouveau recevoir les e-mails&nbsp;? Demandez-le au service qui vous suit, à tout
        moment.
      </p>
    </div>
  );
}

function Stopped({ on, confirmAt }: { readonly on: string; readonly confirmAt: string | null }) {
  return (
    <div class="card stack" role="status">
      <h1>
        <span class="state ok">Les SMS sont arrêtés</span>
      </h1>
      <p>Depuis le {on}, ce numéro ne reçoit plus de SMS de notre part.</p>
      <p>
        <strong>Vos rendez-vous restent obligatoires.</strong> Notez-les bien&nbsp;: vous devez venir, même
        sans rappel.
      </p>
      <p>
        Vous voulez de nouveau recevoir les SMS&nbsp;? Demandez-le au service qui vous suit, à tout moment.
      </p>
      {confirmAt !== null && (
        <form class="answers" method="post" action={confirmAt}>
          <p>Cet arrêt a été noté par le service. Si vous le voulez vous aussi, dites-le ici.</p>
          <button class="secondary">C’est aussi mon choix</button>
        </form>
      )}
    </div>
  );
}

/** In the discreet register a number alone: a name or the domain of an address says whom it belongs to. */
function Referent({
  referent,
  discreet,
}: {
  readonly referent: ReferentContact;
  readonly discreet: boolean;
}) {
  const { name, phone } = referent;
  const email = discreet ? null : referent.email;
  if (phone === null && email === null) return null;
  return (
    <section class="card stack" aria-labelledby="referent">
      <h2 id="referent">Une question sur vos rendez-vous&nbsp;?</h2>
      {!discreet && <p>La personne qui vous suit&nbsp;: {name}.</p>}
      {phone !== null && (
        <p>
          Téléphone&nbsp;: <a href={`tel:${phone}`}>{spacedPhone(phone)}</a>
        </p>
      )}
      {email !== null && (
        <p>
          E-mail&nbsp;: <a href={`mailto:${email}`}>{email}</a>
        </p>
      )}
    </section>
  );
}

function NotMe({ token, channel }: Pick<StopView, 'token' | 'channel'>) {
  return (
    <section class="card stack" aria-labelledby="not-me">
      <h2 id="not-me">Ce message n’est pas pour vous&nbsp;?</h2>
      <p>
        {channel === 'sms'
          ? 'Dites-le\u00a0: ce numéro ne recevra plus rien de notre part.'
          : 'Dites-le\u00a0: cette adresse ne recevra plus rien de notre part.'}
      </p>
      <p class="answers">
        <a class="button secondary" href={`/s/${token}/wrong-person`}>
          Ce n’est pas moi
        </a>
      </p>
    </section>
  );
}

export function GonePage() {
  return (
    <LinkPage discreet>
      <div class="card stack">
        <h1>Ce lien ne fonctionne plus</h1>
        <p>Il est trop ancien, ou son adresse a été coupée en chemin. Rien n’a été changé.</p>
        <p>
          Pour ne plus recevoir de message, ou si un message n’est pas pour vous, ouvrez le lien le plus
          récent que vous avez reçu, ou appelez le numéro écrit dans le message.
        </p>
      </div>
    </LinkPage>
  );
}
