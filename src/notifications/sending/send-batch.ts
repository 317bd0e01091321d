import type { Instant } from '../../shared/time.js';
import type { SendContext } from './send-context.js';
import type { LeavingText } from './send-facts.js';
import { settledAs } from './settled-as.js';
import type { Permit } from './share-permits.js';
import type { Attempt, Settled } from './write-attempts.js';

/** How many mails of a batch may be called at once; what finds neither a call nor a place is put off. */
export interface MailRoom {
  calls: number;
  places: number;
  /** Messages left as they are, queued, until a call is free. */
  readonly waiting: Set<string>;
}

/** Seconds for which a mail that finds no place is put off. */
const MAIL_PUT_OFF_SECONDS = 10;
/** Seconds after which a contact is tried again whose key this process lacks: it is to be started with it. */
const KEY_PUT_OFF_SECONDS = 60;

/** Where every mail is called at once. */
export const UNBOUNDED = (): MailRoom => ({ calls: Infinity, places: 0, waiting: new Set() });

/** What is decided for one batch, person by person. */
export interface Batch {
  readonly now: Instant;
  /** Of PostgreSQL, never simulated. */
  readonly realNow: Date;
  readonly permits: ReadonlyMap<string, Permit>;
  readonly mails: MailRoom;
  /** Texts of this batch that leave, by person. */
  readonly leaving: Map<string, LeavingText[]>;
  /** Messages that another text of this batch tells. */
  readonly told: Set<string>;
  /** Messages put off because this process lacks the key of their contact. */
  readonly keyless: string[];
  /** Messages of one day, of this batch or not, that may leave as one text; those decided are taken out. */
  readonly sameDay: Map<string, SendContext>;
}

export const nothingYet = (): Pick<Batch, 'leaving' | 'told' | 'keyless'> => ({
  leaving: new Map(),
  told: new Set(),
  keyless: [],
});

/** News of the batch itself is decided before its reminders, which see whether it leaves: they wait for no other. */
export function waitingForOthers(contexts: readonly SendContext[]): SendContext[] {
  const own = new Set(contexts.map(({ messageId }) => messageId));
  return contexts.map((context) =>
    context.newsDue === null
      ? context
      : { ...context, newsDue: context.newsDue.filter((id) => !own.has(id)) },
  );
}

/** Another process may hold the key. */
export function putOffForKey(messageId: string, { keyless, now }: Batch): Settled {
  keyless.push(messageId);
  return settledAs(messageId, 'planned', null, now.add({ seconds: KEY_PUT_OFF_SECONDS }));
}

/** Undefined: it may be called now. Null: it stays queued until a call is free. */
export function delayOf(messageId: string, { mails, now }: Batch): Settled | null | undefined {
  if (mails.calls > 0) {
    mails.calls--;
    return undefined;
  }
  if (mails.places === 0)
    return settledAs(messageId, 'planned', null, now.add({ seconds: MAIL_PUT_OFF_SECONDS }));
  mails.places--;
  mails.waiting.add(messageId);
  return null;
}

/** What comes later in the batch sees it. */
export function noteLeaving({ context, tells }: Attempt, batch: Batch): void {
  const { personId } = context;
  batch.leaving.set(personId, [...(batch.leaving.get(personId) ?? []), context]);
  for (const messageId of tells) {
    batch.told.add(messageId);
    batch.sameDay.delete(messageId);
  }
}
