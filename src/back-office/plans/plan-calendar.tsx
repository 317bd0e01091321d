import { TableHead } from '../../ui/table-head.js';
import { NBSP } from '../../ui/typography.js';
import type { CalendarDay, CalendarRow } from './calendar-weeks.js';

const WEEKDAYS = ['Lundi', 'Mardi', 'Mercredi', 'Jeudi', 'Vendredi', 'Samedi', 'Dimanche'];

/** The weeks from a booking to its appointment, with what leaves on which day. */
export function PlanCalendar({
  caption,
  rows,
}: {
  readonly caption: string;
  readonly rows: readonly CalendarRow[];
}) {
  return (
    <div class="scroll blocks" role="region" aria-label="Calendrier des textes" tabIndex={0}>
      <table class="plan-calendar">
        <caption>{caption}</caption>
        <TableHead columns={WEEKDAYS} />
        <tbody>
          {rows.map((row, at) =>
            'emptyWeeks' in row ? (
              <tr key={at}>
                <td colSpan={7} class="muted full">
                  {row.emptyWeeks}
                  {NBSP}semaines sans texte
                </td>
              </tr>
            ) : (
              <tr key={at}>
                {row.days.map((day, weekday) => (
                  <Day key={day.date} {...day} weekday={WEEKDAYS[weekday]} />
                ))}
              </tr>
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}

function Day(props: CalendarDay & { readonly weekday: string | undefined }) {
  const { date, label, marks, isClosed, isOutside, weekday } = props;
  return (
    <td class={isOutside ? 'muted' : undefined} data-label={weekday}>
      <time dateTime={date}>{label}</time>
      {isClosed && !isOutside && <span class="muted"> sans envoi</span>}
      {marks.length > 0 && (
        <ul>
          {marks.map((mark) => (
            <li key={mark}>{mark}</li>
          ))}
        </ul>
      )}
    </td>
  );
}
