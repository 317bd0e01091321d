import type { Stage } from './stage.js';

export const SABOTAGES = ['lose', 'double', 'early', 'wrong-zone', 'no-receipt'] as const;
export type Sabotage = (typeof SABOTAGES)[number];

/** Where in the story something may be broken. */
export type Moment = 'before-booking' | 'after-booking' | 'after-reminder';

interface Act {
  readonly moment: Moment;
  /** @param convocationId of the person the story watches at the place concerned */
  run(stage: Stage, convocationId: (place: string) => string): Promise<void>;
}

const REMINDER = `kind = 'reminder' AND convocation_id = $1`;

/** Each breaks one promise behind the service's back; the verdict must notice. */
const ACTS: Readonly<Record<Sabotage, Act>> = {
  lose: {
    moment: 'after-booking',
    run: async (stage, of) => {
      await stage.sql(
        `UPDATE message SET state = 'accepted', accepted_at = app_now() WHERE ${REMINDER}`,
        of('Nanterre'),
      );
    },
  },
  double: {
    moment: 'after-reminder',
    run: async (stage, of) => {
      await stage.sql(
        `UPDATE message SET state = 'planned', due_at = app_now(), accepted_at = NULL, settled_at = NULL WHERE ${REMINDER}`,
        of('Nanterre'),
      );
    },
  },
  early: {
    moment: 'after-booking',
    run: async (stage, of) => {
      await stage.sql(
        `UPDATE message SET due_at = due_at - interval '2 hours' WHERE ${REMINDER}`,
        of('Cayenne'),
      );
    },
  },
  'wrong-zone': {
    moment: 'before-booking',
    run: async (stage) => {
      await stage.sql(`UPDATE place SET time_zone = 'Europe/Paris' WHERE time_zone = 'Indian/Reunion'`);
    },
  },
  'no-receipt': {
    moment: 'before-booking',
    run: (stage) => stage.operator({ receipts: false }),
  },
};

export async function sabotage(
  chosen: Sabotage | undefined,
  moment: Moment,
  stage: Stage,
  convocationId: (place: string) => string = () => '',
): Promise<void> {
  if (chosen !== undefined && ACTS[chosen].moment === moment) await ACTS[chosen].run(stage, convocationId);
}
