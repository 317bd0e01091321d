import { Choice, ChoiceGroup } from '../../ui/choices.js';
import { Field, type Problems } from '../../ui/forms.js';
import { SeatBar } from '../../ui/state.js';
import { plural } from '../../ui/typography.js';
import { FREE_SEAT_ID, seatId, seatsId } from './booking-controls.js';
import { refresh } from './live-form.js';

export interface SeatChoice {
  readonly slotId: string;
  readonly date: string;
  readonly hour: string;
  readonly about: string;
  readonly left: number;
  readonly capacity: number;
}

export interface SeatsView {
  readonly where: string;
  readonly next: readonly SeatChoice[];
  readonly more: readonly SeatChoice[];
  readonly seat: string;
  readonly freeAllowed: boolean;
  readonly date: string;
  readonly time: string;
  readonly problems: Problems;
}

/** When: one of the free slots, or a date and an hour of one's own where the type allows it. */
export function Seats({ view, action }: { readonly view: SeatsView; readonly action: string }) {
  const { next, more, seat, freeAllowed, where, problems } = view;
  return (
    <ChoiceGroup
      id={seatsId(next)}
      legend={`Date et heure${where}`}
      problems={problems}
      attributes={{ class: 'seats', ...refresh(action) }}
    >
      {next.length > 0 && <div class="choices">{next.map((choice) => seatChoice(choice, seat))}</div>}
      {next.length === 0 && !freeAllowed && (
        <p class="muted">Aucun créneau libre dans cet agenda. Choisissez-en un autre.</p>
      )}
      {more.length > 0 && (
        <details open={more.some(({ slotId }) => slotId === seat)}>
          <summary>Autres créneaux ({more.length})</summary>
          <div class="choices">{more.map((choice) => seatChoice(choice, seat))}</div>
        </details>
      )}
      {freeAllowed && <FreeDate {...view} />}
    </ChoiceGroup>
  );
}

function seatChoice({ slotId, date, hour, about, left, capacity }: SeatChoice, chosen: string) {
  return (
    <Choice key={slotId} id={seatId(slotId)} name="seat" value={slotId} checked={slotId === chosen}>
      <strong>{date}</strong>
      <span class="hour">{hour}</span>
      <span class="small muted">
        {about}, {plural(left, 'place')} sur {capacity}
      </span>
      <SeatBar left={left} capacity={capacity} />
    </Choice>
  );
}

/** What is being typed survives a form that comes back meanwhile. */
const KEPT = { 'hx-preserve': 'true' };

function FreeDate({ seat, date, time, problems }: SeatsView) {
  return (
    <div class="free">
      <Choice id={FREE_SEAT_ID} name="seat" value="free" checked={seat === 'free'}>
        <strong>Date et heure libres</strong>
      </Choice>
      <div class="fields free-fields">
        <Field
          name="date"
          label="Date"
          value={date}
          problems={problems}
          attributes={{ ...KEPT, type: 'date' }}
        />
        <Field
          name="time"
          label="Heure, sur place"
          value={time}
          problems={problems}
          attributes={{ ...KEPT, type: 'time' }}
        />
      </div>
    </div>
  );
}
