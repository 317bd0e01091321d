import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { Check } from '../../ui/choices.js';
import { ErrorSummary, FormTokens, type Problems } from '../../ui/forms.js';
import { SameAgain } from '../../ui/default-button.js';
import { type Option, SelectField } from '../../ui/select-field.js';
import { Note } from '../../ui/state.js';
import { type DayRow, OutcomeChoice, RowsTable } from './day-row.js';

export type Half = 'am' | 'pm' | 'all';

export interface DayListView {
  readonly frame: Frame;
  readonly date: string;
  readonly title: string;
  readonly about: string;
  readonly half: Half;
  readonly agendaId: string;
  readonly agendas: readonly Option[];
  readonly rows: readonly DayRow[];
  readonly days: { readonly before: string; readonly after: string };
  readonly done: { readonly recorded: number; readonly skipped: number } | null;
  /** Outcomes chosen in a form that comes back, by convocation. */
  readonly chosen: ReadonlyMap<string, string>;
  readonly notify: boolean;
  readonly problems: Problems;
}

export function DayListPage(view: DayListView) {
  const { frame, date, rows, half, done } = view;
  const toMark = rows.filter(({ outcome }) => outcome === 'mark').length;
  return (
    <AppPage frame={frame} title={view.title} current="/agendas">
      {done !== null && <DoneNote {...done} />}
      <ErrorSummary problems={view.problems} />
      <PageHead title={view.title} actions={<Moves {...view} />}>
        <p class="muted">{view.about}</p>
        <Counts rows={rows} />
      </PageHead>
      <AgendaFilter {...view} />
      {toMark === 0 ? (
        <Rows {...view} />
      ) : (
        <form method="post" action={address(date, half, view.agendaId)}>
          <FormTokens csrfToken={frame.csrfToken} />
          <SameAgain />
          <Rows {...view} />
          <SaveBar notify={view.notify} />
        </form>
      )}
    </AppPage>
  );
}

function Rows({ rows, title, chosen }: DayListView) {
  if (rows.length === 0) return <p>Aucune convocation.</p>;
  return (
    <RowsTable
      rows={rows}
      caption={`Convocations, ${title}, par heure`}
      outcome={(row) => <OutcomeChoice row={row} chosen={chosen.get(row.id)} />}
    />
  );
}

export function address(date: string, half: Half, agendaId: string): string {
  const query = [
    ...(half === 'all' ? [] : [`half=${half}`]),
    ...(agendaId === '' ? [] : [`agenda=${agendaId}`]),
  ];
  return `/days/${date}${query.length === 0 ? '' : `?${query.join('&')}`}`;
}

function DoneNote({ recorded, skipped }: { readonly recorded: number; readonly skipped: number }) {
  return (
    <Note shape={skipped > 0 ? 'warn' : 'ok'} status>
      <p class={`state ${skipped > 0 ? 'warn' : 'ok'}`}>
        {recorded}&nbsp;{recorded > 1 ? 'issues enregistrées' : 'issue enregistrée'}.
        {skipped > 0 && ` ${skipped}\u00a0déjà marquées ou annulées par quelqu’un d’autre.`}
      </p>
    </Note>
  );
}

const HALF_NAMES: readonly (readonly [Half, string])[] = [
  ['am', 'Matin'],
  ['pm', 'Après-midi'],
  ['all', 'Journée'],
];

function Moves({ date, half, agendaId, days }: DayListView) {
  return (
    <>
      <a class="button secondary" href={address(days.before, half, agendaId)}>
        Veille
      </a>
      <a class="button secondary" href={address(days.after, half, agendaId)}>
        Lendemain
      </a>
      {HALF_NAMES.filter(([value]) => value !== half).map(([value, label]) => (
        <a key={value} class="button secondary" href={address(date, value, agendaId)}>
          {label}
        </a>
      ))}
    </>
  );
}

function Counts({ rows }: { readonly rows: readonly DayRow[] }) {
  const live = rows.filter(({ state }) => state.shape !== 'off' || state.word === 'Excusée');
  const count = (outcome: DayRow['outcome']) => live.filter((row) => row.outcome === outcome).length;
  const unreached = rows.filter((row) => row.unreached).length;
  return (
    <p class="counts">
      <span>
        <strong>{live.length}</strong> {live.length > 1 ? 'convocations' : 'convocation'}
      </span>
      <span>
        <strong>{count('done')}</strong> {count('done') > 1 ? 'marquées' : 'marquée'}
      </span>
      <span>
        <strong>{count('mark')}</strong> à marquer
      </span>
      <span>
        <strong>{count('wait')}</strong> à venir
      </span>
      {unreached > 0 && (
        <span class="state bad">
          {unreached}&nbsp;{unreached > 1 ? 'non joints' : 'non joint'}
        </span>
      )}
    </p>
  );
}

function AgendaFilter({ date, half, agendaId, agendas }: DayListView) {
  if (agendas.length < 3) return null;
  return (
    <form class="actions filter" method="get" action={`/days/${date}`}>
      {half !== 'all' && <input type="hidden" name="half" value={half} />}
      <SelectField name="agenda" label="Agenda" options={agendas} value={agendaId} />
      <button class="secondary">Afficher</button>
    </form>
  );
}

function SaveBar({ notify }: Pick<DayListView, 'notify'>) {
  return (
    <div class="save-bar">
      <div class="stack">
        <p>
          Marquez seulement les absents et les excusés&nbsp;: les autres rendez-vous passés deviennent
          «&nbsp;Présent&nbsp;».
        </p>
        <Check name="notify" checked={notify}>
          Envoyer le SMS d’absence aux absents, tout de suite
        </Check>
      </div>
      <div class="actions">
        <button name="rest" value="attended">
          Tous présents sauf…
        </button>
        <button class="secondary" name="rest" value="leave">
          Enregistrer sans compléter
        </button>
      </div>
    </div>
  );
}
