import type { VNode } from 'preact';
import type { ConvocationView } from '../../convocations/convocation.queries.js';
import type { MessageQueries, MessageView } from '../../notifications/message.queries.js';
import { toReachOtherwise } from '../../notifications/follow-up/task.queries.js';
import type { EntityManager } from 'typeorm';
import { instantOf, toLocal } from '../../shared/time.js';
import { FormTokens } from '../../ui/forms.js';
import { State, type StateWord } from '../../ui/state.js';
import { TableHead } from '../../ui/table-head.js';
import { day, hourAt } from '../../ui/typography.js';
import { reachWord } from '../messages.js';
import type { Office } from '../office-hours.js';
import { fullName } from '../persons/person-words.js';
import { convocationWord } from '../words.js';

export interface DayRow {
  readonly id: string;
  readonly personId: string;
  readonly name: string;
  readonly hour: string;
  /** Shown when rows of several days stand together. */
  readonly day: string;
  readonly about: string;
  readonly reach: StateWord & { readonly why: string | null };
  /** An agent is asked to reach the person otherwise. */
  readonly toReach: boolean;
  readonly state: StateWord;
  /** `mark`: the hour has struck; `wait`: not yet; `done`: marked or cancelled; `foreign`: not this agent's to mark. */
  readonly outcome: 'mark' | 'wait' | 'done' | 'foreign';
  readonly unreached: boolean;
  readonly morning: boolean;
}

/** One query for the messages of all rows, one for the tasks they left. */
export async function dayRows(
  tx: EntityManager,
  convocations: readonly ConvocationView[],
  messages: MessageQueries,
  office: Office,
): Promise<DayRow[]> {
  const ids = convocations.map(({ id }) => id);
  const all = await messages.ofConvocations(tx, ids);
  const toReach = await toReachOtherwise(tx, ids);
  const byConvocation = new Map<string, MessageView[]>();
  for (const message of all)
    byConvocation.set(message.convocationId, [...(byConvocation.get(message.convocationId) ?? []), message]);
  return convocations.map((one) => ({
    ...rowOf(one, byConvocation.get(one.id) ?? [], office),
    toReach: toReach.has(one.id),
  }));
}

function rowOf(
  convocation: ConvocationView,
  messages: readonly MessageView[],
  office: Office,
): Omit<DayRow, 'toReach'> {
  const reach = reachWord(messages);
  return {
    id: convocation.id,
    personId: convocation.personId,
    name: fullName(convocation),
    hour: hourAt(convocation.time, convocation.timeZone, office.timeZone),
    day: day(convocation.date),
    about: `${convocation.typeName}, ${convocation.agendaName}`,
    reach,
    state: convocationWord(convocation.state, convocation.cancelledBy),
    outcome: outcomeOf(convocation, office),
    unreached: convocation.state === 'booked' && (reach.shape === 'bad' || reach.shape === 'warn'),
    morning: toLocal(instantOf(convocation.startsAt), convocation.timeZone).time < '12:30',
  };
}

function outcomeOf({ state, allowedEvents, startsAt }: ConvocationView, office: Office): DayRow['outcome'] {
  if (state !== 'booked') return 'done';
  if (allowedEvents.includes('attend')) return 'mark';
  return startsAt.getTime() > office.now.epochMilliseconds ? 'wait' : 'foreign';
}

const OUTCOMES = [
  { value: 'attend', label: 'Présent', shape: 'ok' },
  { value: 'miss', label: 'Absent', shape: 'bad' },
  { value: 'excuse', label: 'Excusé', shape: 'off' },
] as const;

/** Chosen now, recorded with the whole list. */
export function OutcomeChoice({
  row,
  chosen,
}: {
  readonly row: DayRow;
  readonly chosen: string | undefined;
}) {
  if (row.outcome !== 'mark') return <OutcomeWord row={row} />;
  return (
    <fieldset class="segmented">
      <legend class="visually-hidden">
        Issue pour {row.name}, {row.hour}
      </legend>
      <input type="hidden" name={`row.${row.id}`} value="1" />
      {OUTCOMES.map(({ value, label, shape }) => (
        <label key={value} class={shape}>
          <input type="radio" name={`outcome.${row.id}`} value={value} checked={value === chosen} />
          {label}
        </label>
      ))}
    </fieldset>
  );
}

/** Recorded at once. */
export function OutcomeButtons({ row, csrfToken }: { readonly row: DayRow; readonly csrfToken: string }) {
  if (row.outcome !== 'mark') return <OutcomeWord row={row} />;
  return (
    <form method="post" action={`/convocations/${row.id}/attend`}>
      <FormTokens csrfToken={csrfToken} />
      <input type="hidden" name="back" value="home" />
      <div class="segmented" role="group" aria-label={`Issue pour ${row.name}, ${row.hour}`}>
        {OUTCOMES.map(({ value, label, shape }) => (
          <button key={value} class={shape} formaction={`/convocations/${row.id}/${value}`}>
            {label}
          </button>
        ))}
      </div>
    </form>
  );
}

function OutcomeWord({ row }: { readonly row: DayRow }) {
  if (row.outcome === 'done')
    return (
      <a href={`/convocations/${row.id}`} aria-label={`${row.state.word}, convocation de ${row.name}`}>
        <State {...row.state} />
      </a>
    );
  const words = row.outcome === 'wait' ? `À marquer dès ${row.hour}` : 'Marquée par le service du lieu';
  return <span class="muted small">{words}</span>;
}

export interface RowsProps {
  readonly rows: readonly DayRow[];
  readonly caption: string;
  readonly withDay?: boolean;
  readonly outcome: (row: DayRow) => VNode;
}

/** Hour, person, whether the message arrived, outcome; becomes blocks on a narrow screen. */
export function RowsTable({ rows, caption, withDay, outcome }: RowsProps) {
  return (
    <table class="blocks day">
      <caption class="visually-hidden">{caption}</caption>
      <TableHead columns={['Heure', 'Probationnaire', 'Message', 'Issue']} />
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <td class="time">
              <a href={`/convocations/${row.id}`} aria-label={`${row.hour}, convocation de ${row.name}`}>
                {row.hour}
              </a>
            </td>
            <th scope="row">
              <a href={`/persons/${row.personId}`}>{row.name}</a>
              <br />
              <span class="small muted">
                {withDay === true && (
                  <>
                    {row.day}
                    <br />
                  </>
                )}
                {row.about}
              </span>
            </th>
            <td class="reach">
              <State word={row.reach.word} shape={row.reach.shape} />
              {row.reach.why !== null && (
                <>
                  <br />
                  <small class="muted">{row.reach.why}</small>
                </>
              )}
              {row.toReach && (
                <>
                  <br />
                  <a class="small" href={`/convocations/${row.id}#tasks`}>
                    À joindre autrement
                  </a>
                </>
              )}
            </td>
            <td class="full">{outcome(row)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
