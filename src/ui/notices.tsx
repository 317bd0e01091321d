import { FormTokens } from './forms.js';
import { Note, type Shape, State } from './state.js';
import { plural } from './typography.js';

export interface FrameAlert {
  readonly id: string;
  readonly level: 'info' | 'success' | 'warning';
  readonly text: string;
}

/** What the notices of a page are made of. */
export interface Noticed {
  readonly agentName: string;
  readonly csrfToken: string;
  /** Shown on top until the agent closes them. */
  readonly alerts: readonly FrameAlert[];
  /** A central administrator acts under the agent's name. */
  readonly impersonation: { readonly byName: string; readonly minutesLeft: number } | null;
}

const LEVELS: Readonly<Record<FrameAlert['level'], { readonly word: string; readonly shape: Shape }>> = {
  info: { word: 'Information', shape: 'wait' },
  success: { word: 'Bonne nouvelle', shape: 'ok' },
  warning: { word: 'Attention', shape: 'warn' },
};

/** What stands above the content of each page: under whose name one acts, and alerts until they are closed. */
export function Notices({ frame }: { readonly frame: Noticed }) {
  const { impersonation, alerts } = frame;
  return (
    <>
      {impersonation !== null && <Banner frame={frame} impersonation={impersonation} />}
      {alerts.length > 0 && (
        <aside aria-label="Alertes">
          {alerts.map((alert) => (
            <Alert
              key={alert.id}
              alert={alert}
              csrfToken={frame.csrfToken}
              canClose={impersonation === null}
            />
          ))}
        </aside>
      )}
    </>
  );
}

function Banner(props: {
  readonly frame: Noticed;
  readonly impersonation: NonNullable<Noticed['impersonation']>;
}) {
  const { frame, impersonation } = props;
  return (
    <aside class="note warn notice" aria-label="Prise d’identité">
      <p>
        <strong class="state warn">
          {impersonation.byName}, vous agissez sous le nom de {frame.agentName}.
        </strong>{' '}
        Les deux noms sont inscrits au journal. Fin dans {plural(impersonation.minutesLeft, 'minute')}.
      </p>
      <form method="post" action="/impersonation/end">
        <FormTokens csrfToken={frame.csrfToken} />
        <button>Redevenir {impersonation.byName}</button>
      </form>
    </aside>
  );
}

function Alert(props: {
  readonly alert: FrameAlert;
  readonly csrfToken: string;
  readonly canClose: boolean;
}) {
  const { alert, csrfToken, canClose } = props;
  return (
    <div class={`note ${LEVELS[alert.level].shape} notice`}>
      <AlertText level={alert.level} text={alert.text} />
      {canClose && (
        <form method="post" action={`/alerts/${alert.id}/read`}>
          <FormTokens csrfToken={csrfToken} />
          <button class="secondary" aria-label={`J’ai lu\u00a0: ${alert.text.slice(0, 60)}`}>
            J’ai lu
          </button>
        </form>
      )}
    </div>
  );
}

/** The level in a word, then the paragraphs as they were typed. */
export function AlertText({ level, text }: Pick<FrameAlert, 'level' | 'text'>) {
  return (
    <div class="stack">
      <State {...LEVELS[level]} />
      {text.split(/\n+/).map((paragraph, at) => (
        <p key={at}>{paragraph}</p>
      ))}
    </div>
  );
}

/** The same card before it is published. */
export function AlertPreview({ level, text }: Pick<FrameAlert, 'level' | 'text'>) {
  return (
    <Note shape={LEVELS[level].shape}>
      <AlertText level={level} text={text} />
    </Note>
  );
}

export function levelWord(level: FrameAlert['level']): string {
  return LEVELS[level].word;
}
