import { LinkPage } from '../ui/link-page.js';

export interface WrongPersonView {
  readonly token: string;
  /** It was said already. */
  readonly done: boolean;
  /** How the text that holds the link came. */
  readonly channel: 'sms' | 'email';
  readonly discreet: boolean;
}

/** Whoever reads this may be a stranger: nothing here tells for whom the text was, or what about. */
export function WrongPersonPage({ token, done, channel, discreet }: WrongPersonView) {
  return (
    <LinkPage discreet={discreet}>
      {done ? <Said channel={channel} /> : <Confirm token={token} channel={channel} />}
    </LinkPage>
  );
}

const HERE = { sms: 'ce numéro', email: 'cette adresse' } as const;
const WHAT = { sms: 'SMS', email: 'e-mail' } as const;

function Confirm({ token, channel }: Pick<WrongPersonView, 'token' | 'channel'>) {
  return (
    <div class="card stack">
      <h1>Ce message n’est pas pour vous&nbsp;?</h1>
      <p>
        Si vous confirmez,{' '}
        <strong>
          {HERE[channel]} ne recevra plus aucun {WHAT[channel]} de notre part
        </strong>
        , et nous chercherons {channel === 'sms' ? 'le bon numéro' : 'la bonne adresse'}.
      </p>
      <p>
        Si ce message est bien pour vous, ne confirmez pas&nbsp;: même sans message, vos rendez-vous restent
        obligatoires.
      </p>
      <form class="answers" method="post" action={`/s/${token}/wrong-person`}>
        <button>Je confirme, ce n’est pas moi</button>
      </form>
      <p>
        <a href={`/s/${token}`}>Revenir sans rien changer</a>
      </p>
    </div>
  );
}

function Said({ channel }: Pick<WrongPersonView, 'channel'>) {
  return (
    <div class="card stack" role="status">
      <h1>
        <span class="state ok">C’est noté, merci</span>
      </h1>
      <p>
        {channel === 'sms'
          ? 'Ce numéro ne reçoit plus de SMS de notre part.'
          : 'Cette adresse ne reçoit plus d’e-mail de notre part.'}{' '}
        Vous n’avez rien d’autre à faire, et vous pouvez effacer le message.
      </p>
      <p>Vous vous êtes trompé de bouton&nbsp;? Appelez le numéro écrit dans le message.</p>
    </div>
  );
}
