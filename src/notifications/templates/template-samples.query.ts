import type { EntityManager } from 'typeorm';
import { Temporal } from 'temporal-polyfill';
import { dateForMessage, dayForMessage } from '../../shared/sms-dates.js';
import type { LanguageCode } from '../../shared/message-languages.js';
import { GSM_CHARACTERS } from '../../shared/sms-length.js';
import { type Instant, toInstant } from '../../shared/time.js';
import type { Ingredients } from './compose-message.js';
import type { TemplateKey } from './template.queries.js';

export type PlaceSample = Pick<
  Ingredients,
  'placeName' | 'placeAddress' | 'placePhone' | 'placeEmail' | 'contactMethod' | 'informationUrl' | 'timeZone'
>;

/** What a service without a place is shown its texts with. */
export const ORDINARY: PlaceSample = {
  placeName: 'SPIP 92 Nanterre',
  placeAddress: '94 boulevard Kennedy, 92000 Nanterre',
  placePhone: '+33147250000',
  placeEmail: null,
  contactMethod: 'phone',
  informationUrl: null,
  timeZone: 'Europe/Paris',
};

/**
 * Real places of the service (of all of them for a default), the longest words first; by turns those whose name, or
 * whose address, holds a letter of the dear alphabet and those without: a short dear name may cost more than a long one.
 */
export async function longestPlaces(
  tx: EntityManager,
  organizationId: string | null,
  most: number,
): Promise<readonly [PlaceSample, ...PlaceSample[]]> {
  const rows: PlaceSample[] = await tx.query(
    `SELECT name AS "placeName", address AS "placeAddress", phone AS "placePhone", email AS "placeEmail",
            contact_method AS "contactMethod", information_url AS "informationUrl", time_zone AS "timeZone"
       FROM (SELECT p.*, length(name) + length(address) + length(coalesce(information_url, '')) AS letters,
                    translate(name, $3, '') <> '' AS dear_name, translate(address, $3, '') <> '' AS dear_address
               FROM place p WHERE archived_at IS NULL AND ($1::uuid IS NULL OR organization_id = $1)) AS p
      ORDER BY row_number() OVER (PARTITION BY dear_name, dear_address ORDER BY letters DESC, id),
               dear_name DESC, dear_address DESC, id LIMIT $2`,
    [organizationId, most, GSM_CHARACTERS],
  );
  const [first = ORDINARY, ...others] = rows;
  return [first, ...others];
}

export interface LongMoment {
  readonly date: string;
  readonly time: string;
  /** The same hour, some days before. */
  readonly now: Instant;
}

/**
 * A day of the coming year whose words are the longest, in UTC.
 * @param daysBefore numbers of days before it from which it may be seen; the one that has the longest words for it
 */
export function longestMoment(
  today: string,
  language: LanguageCode,
  daysBefore: readonly [number, ...number[]],
): LongMoment {
  const time = '14:30';
  // In a week of two-figure days every weekday meets every month.
  const month = Temporal.PlainDate.from(today).with({ day: 20 });
  const days = Array.from({ length: 84 }, (_, at) =>
    month.add({ months: 1 + Math.floor(at / 7), days: at % 7 }),
  );
  const date = days
    .map((day) => day.toString())
    .reduce((longest, one) => (lengthOf(one, language) > lengthOf(longest, language) ? one : longest));
  const promise = { date, time, timeZone: 'UTC' };
  const seenAt = (days: number) => toInstant(promise).subtract({ hours: 24 * days });
  const wordsAt = (days: number) => dayForMessage(promise, seenAt(days), language).length;
  const longestAt = daysBefore.reduce((longest, one) => (wordsAt(one) > wordsAt(longest) ? one : longest));
  return { date, time, now: seenAt(longestAt) };
}

function lengthOf(date: string, language: LanguageCode): number {
  return dateForMessage(date, language).length;
}

/** How many texts of a type and kind leave in a year. */
export interface YearlyVolume {
  readonly typeCode: string;
  readonly kind: string;
  readonly messages: number;
}

/** Euro cents for one part: of the service, or the mean of all. */
export async function partPrice(tx: EntityManager, organizationId: string | null): Promise<number> {
  const rows: { cents: number | null }[] = await tx.query(
    `SELECT avg(sms_price_cents)::float8 AS cents FROM organization WHERE $1::uuid IS NULL OR id = $1`,
    [organizationId],
  );
  return rows[0]?.cents ?? 0;
}

/**
 * Texts handed to an operator in the last twelve months to persons of this register; for the defaults, thirteen times
 * the last four weeks of the whole nation, which is what can be counted while somebody waits.
 */
export function yearlyVolumes(
  tx: EntityManager,
  { organizationId, register, language }: Pick<TemplateKey, 'organizationId' | 'register' | 'language'>,
): Promise<YearlyVolume[]> {
  return tx.query(
    organizationId === null
      ? `${VOLUMES('13 * count(*)::int')} WHERE $1::uuid IS NULL
           AND m.state NOT IN ('planned', 'queued', 'sending') AND m.first_due_at > app_now() - interval '28 days' AND ${OF_SHEET}`
      : `${VOLUMES('count(*)::int')} WHERE c.organization_id = $1::uuid
           AND c.starts_at > app_now() - interval '372 days' AND m.accepted_at > app_now() - interval '1 year' AND ${OF_SHEET}`,
    [organizationId, register, language],
  );
}

const VOLUMES = (count: string) => `
  SELECT c.type_code AS "typeCode", m.kind, ${count} AS messages
    FROM message m JOIN convocation c ON c.id = m.convocation_id JOIN person p ON p.id = c.person_id`;

/** Those who speak another language get the French text unless a translation was reviewed. */
const OF_SHEET = `m.accepted_at IS NOT NULL AND p.register = $2 AND ($3 = 'fr' OR p.language = $3)
   GROUP BY c.type_code, m.kind`;
