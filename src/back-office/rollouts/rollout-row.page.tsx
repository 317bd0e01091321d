import type { ManagedService, RegisterEntry } from '../../statistics/rollouts/register.query.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { boundTo, ErrorSummary, Field, FormTokens, type Problems } from '../../ui/forms.js';
import { plainDate } from '../../ui/typography.js';
import { scopeInWords, writtenBy } from './rollout-words.js';

export type RowForm = Readonly<Record<'rollout' | 'startedOn' | 'stoppedOn' | 'note' | 'act', string>>;

export interface RolloutRowView {
  readonly frame: Frame;
  readonly entry: RegisterEntry;
  readonly service: ManagedService;
  /** As typed, when it was refused. */
  readonly form: RowForm | null;
  readonly problems: Problems;
}

export function RolloutRowPage(view: RolloutRowView) {
  const { frame, entry, service } = view;
  const title = `Mise en service, ${scopeInWords(entry)}`;
  return (
    <AppPage frame={frame} title={title} current="/rollouts">
      <PageHead
        title={title}
        back={{ href: `/rollouts?organization=${service.id}`, label: 'Mise en service' }}
      >
        <p class="muted">
          {service.name}, depuis le {plainDate(entry.startedOn)}
          {entry.stoppedOn === null ? '' : `, arrêtée le ${plainDate(entry.stoppedOn)}`}. Écrit par{' '}
          {writtenBy(entry.writtenBy, entry.writtenAt, service.timeZone)}.
        </p>
      </PageHead>
      <div class="sections">
        {entry.stoppedOn === null && <Stop {...view} />}
        <Correct {...view} />
        <Withdraw {...view} />
      </div>
    </AppPage>
  );
}

function Stop({ frame, entry, form, problems }: RolloutRowView) {
  const isOurs = form?.act === 'stop';
  const own = isOurs ? problems : [];
  return (
    <section aria-labelledby="stop" class="stack">
      <h2 id="stop">Arrêter</h2>
      <form class="form" method="post" action="/rollouts/row">
        <FormTokens csrfToken={frame.csrfToken} />
        <input type="hidden" name="rollout" value={entry.id} />
        <ErrorSummary problems={own} />
        <Field
          name="stoppedOn"
          label="Premier jour sans textes"
          value={isOurs ? form.stoppedOn : ''}
          problems={own}
          attributes={{ type: 'date' }}
        />
        <div class="actions">
          <button name="act" value="stop">
            Inscrire l’arrêt
          </button>
        </div>
      </form>
    </section>
  );
}

function Correct({ frame, entry, form, problems }: RolloutRowView) {
  const isOurs = form !== null && form.act !== 'stop';
  const own = isOurs ? problems : [];
  const { startedOn, stoppedOn, note } = isOurs ? form : entry;
  const field = boundTo({ startedOn, stoppedOn, note }, own);
  return (
    <section aria-labelledby="correct" class="stack">
      <h2 id="correct">Corriger</h2>
      <p class="muted">La ligne actuelle reste dans l’historique, avec votre nom et la date.</p>
      <form class="form" method="post" action="/rollouts/row">
        <FormTokens csrfToken={frame.csrfToken} />
        <input type="hidden" name="rollout" value={entry.id} />
        <ErrorSummary problems={own} />
        <div class="fields">
          <Field {...field('startedOn')} label="Premier jour avec des textes" attributes={{ type: 'date' }} />
          {entry.stoppedOn !== null && (
            <Field
              {...field('stoppedOn')}
              label="Premier jour sans textes"
              hint="Vide&nbsp;: toujours en service."
              attributes={{ type: 'date' }}
            />
          )}
        </div>
        <Field {...field('note')} label="Note (facultative)" attributes={{ maxLength: 300 }} />
        <div class="actions">
          <button name="act" value="correct">
            Enregistrer la correction
          </button>
        </div>
      </form>
    </section>
  );
}

function Withdraw({ frame, entry }: RolloutRowView) {
  return (
    <section aria-labelledby="withdraw" class="stack">
      <h2 id="withdraw">Retirer</h2>
      <p>
        Seulement si cette ligne n’aurait jamais dû être écrite. Les estimations ne la verront plus&nbsp;;
        l’historique, si.
      </p>
      <form class="form" method="post" action="/rollouts/row">
        <FormTokens csrfToken={frame.csrfToken} />
        <input type="hidden" name="rollout" value={entry.id} />
        <div class="actions">
          <button class="secondary" name="act" value="withdraw">
            Retirer cette ligne
          </button>
        </div>
      </form>
    </section>
  );
}
