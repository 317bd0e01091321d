import type { Outcome } from './outcome.js';

/** One convocation of the demo world: a pure function of the calendar, whatever the day the demo is started. */
export interface DemoVisit {
  readonly id: string;
  readonly person_id: string;
  readonly type_code: string;
  readonly agenda_id: string;
  readonly place_id: string;
  readonly organization_id: string;
  readonly weekly_slot_id: string | null;
  readonly local_date: string;
  readonly local_time: string;
  readonly time_zone: string;
  readonly duration_minutes: number;
  readonly created_on: string;
  readonly created_time: string;
  readonly created_by_organization_id: string;
  readonly created_by_agent_id: string;
  readonly assigned_to_agent_id: string | null;
  /** What the visit becomes once its hour is past; `booked` is one that nobody marked. */
  readonly outcome: Outcome;
}

/** Before its month is evened out. */
export interface DrawnVisit extends DemoVisit {
  readonly service: string;
  readonly leaning: number;
}
