import type { Player } from './cast.js';
import type { Stage } from './stage.js';

export const SABOTAGES = ['lose', 'double', 'early', 'wrong-zone', 'no-receipt'] as const;
export type Sabotage = (typeof SABOTAGES)[number];

/** Where in the story something may be broken. */
export type Moment = 'before-booking' | 'after-booking' | 'after-reminders';

interface Act {
  readonly moment: Moment;
  /** @param at the person watched at a place */
  run(stage: Stage, at: (place: string) => Player): Promise<unknown>;
}

/** Each breaks one promise behind the service's back; the verdict must notice. */
const ACTS: Readonly<Record<Sabotage, Act>> = {
  /** Told to have been sent, never given to the operator. */
  lose: {
    moment: 'after-booking',
    run: (stage, at) => changeReminder(stage, at('Nanterre'), `state = 'accepted', accepted_at = app_now()`),
  },
  /** The operator is asked a second time for a text that it took. */
  double: { moment: 'after-reminders', run: (stage, at) => askAgain(stage, at('Cayenne')) },
  early: {
    moment: 'after-booking',
    run: (stage, at) => changeReminder(stage, at('Nanterre'), `due_at = due_at - interval '1 hour'`),
  },
  /** Nine o'clock in Paris instead of nine o'clock in Cayenne. */
  'wrong-zone': {
    moment: 'after-booking',
    run: (stage, at) =>
      changeReminder(
        stage,
        at('Cayenne'),
        `due_at = (due_at AT TIME ZONE 'America/Cayenne') AT TIME ZONE 'Europe/Paris'`,
      ),
  },
  'no-receipt': { moment: 'before-booking', run: (stage) => stage.operator({ receipts: false }) },
};

export async function sabotage(
  chosen: Sabotage | undefined,
  moment: Moment,
  stage: Stage,
  at: (place: string) => Player,
): Promise<void> {
  if (chosen !== undefined && ACTS[chosen].moment === moment) await ACTS[chosen].run(stage, at);
}

/** @param change written above, never input */
function changeReminder(stage: Stage, { convocationId }: Player, change: string): Promise<unknown> {
  return stage.sql(
    `UPDATE message SET ${change} WHERE kind = 'reminder' AND convocation_id = $1`,
    convocationId,
  );
}

async function askAgain(stage: Stage, { address }: Player): Promise<void> {
  const first = (await stage.accepted()).findLast(({ to }) => to === address);
  if (first === undefined) throw new Error('nothing to send again');
  const { accountSid, authToken } = stage.demo.operatorAccount;
  const form = {
    To: first.to,
    From: first.from,
    Body: first.body,
    StatusCallback: first.statusCallback ?? '',
  };
  await fetch(`${stage.demo.file.simulatorUrl}/2010-04-01/Accounts/${accountSid}/Messages.json`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}` },
    body: new URLSearchParams(form),
  });
}
