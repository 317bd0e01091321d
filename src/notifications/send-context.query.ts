import type { EntityManager } from 'typeorm';
import type { Calendar } from '../organizations/domain/calendar.js';
import type { SendJob } from '../platform/queue.js';

import type { MessageKind } from './domain/notification.states.js';
import { TEMPLATE_CHOICE } from './template-choice.query.js';

/** Everything one message needs to be decided and written, read after its row is locked. */
export interface SendContext {
  readonly messageId: string;
  readonly kind: MessageKind;
  readonly promiseVersion: number;
  readonly usefulUntil: Date;
  readonly attempts: number;
  readonly convocationId: string;
  readonly convocationState: string;
  readonly currentPromiseVersion: number;
  readonly date: string;
  readonly time: string;
  readonly timeZone: string;
  readonly personId: string;
  readonly phoneE164: string | null;
  readonly phoneMobile: boolean;
  readonly noPhone: boolean;
  readonly smsRefused: boolean;
  readonly email: string | null;
  readonly register: 'standard' | 'discreet';
  readonly showsAddress: boolean;
  readonly placeName: string;
  readonly placeAddress: string;
  readonly placePhone: string | null;
  readonly placeEmail: string | null;
  readonly contactMethod: 'phone' | 'email';
  readonly informationUrl: string | null;
  readonly calendar: Calendar;
  readonly sendsOnClosedDays: boolean;
  readonly templateId: string | null;
  readonly templateText: string | null;
  /** In which it is written: the person's, or French. */
  readonly templateLanguage: string | null;
  /** No text of this convocation has left yet: this one carries the stop link. */
  readonly isFirst: boolean;
}

/** Locks the rows of these jobs that are still theirs (state and epoch), in one order for every worker. */
export async function lockClaimed(tx: EntityManager, jobs: readonly SendJob[]): Promise<readonly string[]> {
  const rows: { id: string }[] = await tx.query(
    `SELECT m.id FROM message m
       JOIN unnest($1::uuid[], $2::int[]) AS job(id, epoch) ON job.id = m.id AND job.epoch = m.claim_epoch
      WHERE m.state = 'queued' ORDER BY m.id FOR UPDATE OF m`,
    [jobs.map((job) => job.messageId), jobs.map((job) => job.epoch)],
  );
  return rows.map((row) => row.id);
}

/** Read in a statement of its own, after the lock, so that it sees what was committed while waiting for it. */
export async function readContexts(
  tx: EntityManager,
  ids: readonly string[],
): Promise<readonly SendContext[]> {
  return tx.query(
    `SELECT m.id AS "messageId", m.kind, m.promise_version AS "promiseVersion", m.useful_until AS "usefulUntil",
            m.attempts, c.id AS "convocationId", c.state AS "convocationState",
            c.promise_version AS "currentPromiseVersion", c.local_date AS date, c.local_time AS time,
            c.time_zone AS "timeZone", p.id AS "personId", p.phone_e164 AS "phoneE164",
            p.phone_mobile AS "phoneMobile", p.no_phone AS "noPhone", p.sms_refused_at IS NOT NULL AS "smsRefused",
            p.email, p.register, ty.shows_address AS "showsAddress", pl.name AS "placeName",
            pl.address AS "placeAddress", pl.phone AS "placePhone", pl.email AS "placeEmail",
            pl.contact_method AS "contactMethod", pl.information_url AS "informationUrl", o.calendar,
            o.sends_on_closed_days AS "sendsOnClosedDays", text.id AS "templateId", text.text AS "templateText",
            text.language AS "templateLanguage",
            NOT EXISTS (SELECT FROM message x WHERE x.convocation_id = c.id AND x.accepted_at IS NOT NULL) AS "isFirst"
       FROM message m
       JOIN convocation c ON c.id = m.convocation_id
       JOIN person p ON p.id = c.person_id
       JOIN appointment_type ty ON ty.code = c.type_code
       JOIN place pl ON pl.id = c.place_id
       JOIN organization o ON o.id = c.organization_id
       CROSS JOIN LATERAL (SELECT m.kind) AS wanted
       LEFT JOIN LATERAL (${TEMPLATE_CHOICE}) AS text ON true
      WHERE m.id = ANY($1::uuid[])`,
    [ids],
  );
}
