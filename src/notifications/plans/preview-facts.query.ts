import type { EntityManager } from 'typeorm';
import type { AlsoThatDay, Ingredients } from '../templates/compose-message.js';
import type { Reach } from '../domain/decide-send.js';
import type { MessageKind } from '../domain/notification.states.js';
import { PLAN_CHOICE } from './plan-choice.query.js';
import { FACTS_OF_PERSON } from './promise-to-plan.query.js';
import type { ServiceHours } from '../sending/sending-rules.js';
import { TEMPLATE_CHOICE } from '../templates/template-choice.query.js';

export interface PreviewFactsRequest {
  readonly personId: string;
  readonly typeCode: string;
  readonly agendaId: string;
  readonly date: string;
  /** The convocation that moves; null for a new one. */
  readonly movedId: string | null;
}

/** One row for each kind that may announce or remind: its text, and what all of them share. */
export interface PreviewFacts extends Ingredients, Reach, ServiceHours {
  readonly kind: MessageKind;
  readonly templateText: string | null;
  readonly steps: unknown;
  readonly isFirst: boolean;
  readonly absences: number;
  readonly earlierHours: number;
  /** Other appointments of the person on the promised day, earliest first. */
  readonly alsoThatDay: readonly AlsoThatDay[];
}

/** Empty when person, type or agenda does not exist. */
export async function readPreviewFacts(
  tx: EntityManager,
  { personId, typeCode, agendaId, date, movedId }: PreviewFactsRequest,
): Promise<readonly PreviewFacts[]> {
  return tx.query(
    `SELECT wanted.kind, text.text AS "templateText", text.language AS "templateLanguage", p.register,
            c.shows_address AS "showsAddress", pl.name AS "placeName", pl.address AS "placeAddress",
            pl.phone AS "placePhone", pl.email AS "placeEmail", pl.contact_method AS "contactMethod",
            pl.information_url AS "informationUrl", pl.time_zone AS "timeZone", o.calendar,
            o.sends_on_closed_days AS "sendsOnClosedDays", o.send_window AS "sendWindow", plan.steps,
            ${FACTS_OF_PERSON}, coalesce(territory.earlier_hours, 0) AS "earlierHours",
            p.phone_e164 AS "phoneE164", p.phone_mobile AS "phoneMobile", p.no_phone AS "noPhone",
            p.sms_refused_at IS NOT NULL AS "smsRefused", p.phone_flagged_at IS NOT NULL AS "phoneFlagged",
            EXISTS (SELECT FROM phone_block b WHERE b.phone_e164 = p.phone_e164) AS "wrongPerson", p.email,
            same_day.others AS "alsoThatDay"
       FROM unnest($4::text[]) AS wanted(kind)
       JOIN person p ON p.id = $1
       JOIN agenda ag ON ag.id = $3
       JOIN place pl ON pl.id = ag.place_id
       JOIN organization o ON o.id = pl.organization_id
       JOIN LATERAL (SELECT $6::uuid AS id, p.id AS person_id, t.code AS type_code, t.shows_address,
                            o.id AS organization_id, ($5::date + 1) AT TIME ZONE pl.time_zone AS starts_at
                       FROM appointment_type t WHERE t.code = $2) AS c ON true
       LEFT JOIN territory_setting territory
         ON territory.territory = p.phone_territory AND territory.poor_coverage
       LEFT JOIN LATERAL (${PLAN_CHOICE}) AS plan ON true
       LEFT JOIN LATERAL (${TEMPLATE_CHOICE}) AS text ON true
       CROSS JOIN LATERAL (
         SELECT coalesce(json_agg(json_build_object('time', to_char(x.local_time, 'HH24:MI'), 'placeName', xp.name)
                                  ORDER BY x.starts_at), '[]') AS others
           FROM convocation x JOIN place xp ON xp.id = x.place_id
          WHERE x.person_id = p.id AND x.state = 'booked' AND x.local_date = $5 AND x.id IS DISTINCT FROM $6) AS same_day`,
    [personId, typeCode, agendaId, ['summons', 'rescheduling', 'reminder'], date, movedId],
  );
}
