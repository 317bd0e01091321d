import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { Check, idInGroup } from '../../ui/choices.js';
import {
  boundTo,
  describedBy,
  ErrorSummary,
  Field,
  FieldError,
  FormTokens,
  type Problems,
} from '../../ui/forms.js';
import { type Option, SelectField } from '../../ui/select-field.js';
import { Done, SeatBar } from '../../ui/state.js';
import { plural } from '../../ui/typography.js';

export interface WeekSlot {
  readonly id: string;
  readonly hour: string;
  readonly typeName: string;
  readonly left: number;
  readonly capacity: number;
  readonly closed: boolean;
  readonly past: boolean;
}

export interface WeekDay {
  readonly date: string;
  readonly label: string;
  readonly closed: string | null;
  readonly slots: readonly WeekSlot[];
}

export const OPEN_FIELDS = ['typeCode', 'from', 'weeks', 'times', 'durationMinutes', 'capacity'] as const;
export type OpenValues = Readonly<Record<(typeof OPEN_FIELDS)[number], string>>;

export interface WeekView {
  readonly frame: Frame;
  readonly agendaId: string;
  readonly title: string;
  readonly about: string;
  readonly monday: string;
  readonly weekLabel: string;
  readonly before: string;
  readonly after: string;
  readonly days: readonly WeekDay[];
  readonly manageable: boolean;
  readonly types: readonly Option[];
  readonly values: OpenValues;
  readonly weekdays: readonly { readonly value: string; readonly label: string; readonly checked: boolean }[];
  readonly done: string | null;
  readonly problems: Problems;
}

export function WeekPage(view: WeekView) {
  const { frame, title, about, agendaId, before, after, days } = view;
  const week = (monday: string) => `/agendas/${agendaId}?week=${monday}`;
  return (
    <AppPage frame={frame} title={`${title}, ${view.weekLabel}`} current="/agendas">
      <Done sentence={view.done} />
      <ErrorSummary problems={view.problems} />
      <PageHead
        title={title}
        back={{ href: '/agendas', label: 'Agendas' }}
        actions={
          <>
            <a class="button secondary" href={week(before)}>
              Semaine précédente
            </a>
            <a class="button secondary" href={week(after)}>
              Semaine suivante
            </a>
          </>
        }
      >
        <p class="muted">{about}</p>
      </PageHead>
      <div class="sections">
        <section aria-labelledby="week" class="stack">
          <h2 id="week">{view.weekLabel}</h2>
          <div class="week seven">
            {days.map((one) => (
              <Day key={one.date} day={one} view={view} />
            ))}
          </div>
        </section>
        {view.manageable && <OpenForm {...view} />}
      </div>
    </AppPage>
  );
}

function Day({ day, view }: { readonly day: WeekDay; readonly view: WeekView }) {
  return (
    <div>
      <h3>
        <a href={`/days/${day.date}?agenda=${view.agendaId}`}>{day.label}</a>
      </h3>
      {day.closed !== null && <p class="small muted">{day.closed}</p>}
      {day.closed === null && day.slots.length === 0 && <p class="small muted">Aucun créneau</p>}
      {day.slots.length > 0 && (
        <ul class="slots">
          {day.slots.map((slot) => (
            <Slot key={slot.id} slot={slot} view={view} day={day} />
          ))}
        </ul>
      )}
    </div>
  );
}

function Slot({
  slot,
  view,
  day,
}: {
  readonly slot: WeekSlot;
  readonly view: WeekView;
  readonly day: WeekDay;
}) {
  const { id, hour, typeName, left, capacity, closed, past } = slot;
  const path = closed ? 'reopen' : 'close';
  const verb = closed ? 'Rouvrir' : 'Fermer';
  return (
    <li class={closed ? 'slot closed' : 'slot'}>
      <span class="hour">{hour}</span>
      <span class="seats-left">
        {closed ? <span class="state off">Fermé</span> : `${plural(left, 'place')} sur ${capacity}`}
        {!closed && <SeatBar left={left} capacity={capacity} />}
        <span class="muted">{typeName}</span>
      </span>
      {view.manageable && !past && (
        <form method="post" action={`/agendas/${view.agendaId}/slots/${id}/${path}`}>
          <FormTokens csrfToken={view.frame.csrfToken} />
          <input type="hidden" name="week" value={view.monday} />
          <button class="link small" aria-label={`${verb} le créneau de ${hour}, ${day.label}`}>
            {verb}
          </button>
        </form>
      )}
    </li>
  );
}

function OpenForm({ agendaId, frame, monday, types, values, weekdays, problems }: WeekView) {
  const field = boundTo(values, problems);
  return (
    <section aria-labelledby="open" class="stack">
      <h2 id="open">Ouvrir des créneaux</h2>
      <form class="form" method="post" action={`/agendas/${agendaId}/slots`}>
        <FormTokens csrfToken={frame.csrfToken} />
        <input type="hidden" name="week" value={monday} />
        <div class="fields">
          <SelectField {...field('typeCode')} label="Type" options={types} />
          <Field
            {...field('times')}
            label="Heures"
            hint="Une ou plusieurs, par exemple 09:00 10:30"
            attributes={{ required: true, maxLength: 200, autocomplete: 'off' }}
          />
          <Field
            {...field('durationMinutes')}
            label="Durée, en minutes"
            attributes={{ type: 'number', min: 5, max: 600, required: true }}
          />
          <Field
            {...field('capacity')}
            label="Places par créneau"
            attributes={{ type: 'number', min: 1, max: 500, required: true }}
          />
          <Field {...field('from')} label="À partir du" attributes={{ type: 'date', required: true }} />
          <Field
            {...field('weeks')}
            label="Nombre de semaines"
            attributes={{ type: 'number', min: 1, max: 52, required: true }}
          />
        </div>
        <fieldset aria-describedby={describedBy(problems, 'dates')}>
          <legend class="small">Jours</legend>
          <FieldError problems={problems} id="dates" />
          <div class="actions">
            {weekdays.map(({ value, label, checked }, at) => (
              <Check
                key={value}
                id={idInGroup('dates', at, `day-${value}`)}
                name={`weekday.${value}`}
                checked={checked}
              >
                {label}
              </Check>
            ))}
          </div>
        </fieldset>
        <p class="hint">
          Les jours fériés, les fermetures du lieu et ce qui est déjà ouvert sont laissés de côté, et dits
          ensuite.
        </p>
        <div class="actions">
          <button>Ouvrir</button>
        </div>
      </form>
    </section>
  );
}
