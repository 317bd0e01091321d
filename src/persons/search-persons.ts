import type { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { decodeCursor, encodeCursor, type Page, pageOf, type PageRequest } from '../shared/page.js';
import { parsePhone } from '../shared/phone-number.js';
import { digitsOf, type PersonSearch, readSearch } from './domain/person-search.js';
import { officeTerritory } from './office.js';
import { FOLLOWED, followScope, PERSON, PERSON_JOINS, type PersonView } from './person.queries.js';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;
/** Holds an id and not a name: the row tells the rest. */
const CURSOR = [/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/];

/**
 * Persons followed by the actor's service, by name: beginnings of words of the name in any order and without
 * accents, APPI number, birth date (ISO or French), digits of a phone in any typing. Nothing typed finds nobody.
 */
export async function searchPersons(
  tx: EntityManager,
  actor: Actor,
  request: { readonly query: string } & PageRequest,
): Promise<Page<PersonView>> {
  const search = readSearch(request.query);
  if (search === null) return { items: [], nextCursor: null };
  const limit = Math.min(Math.max(request.limit ?? DEFAULT_LIMIT, 1), MAX_LIMIT);
  const territory = search.phone === null ? 'FR' : await officeTerritory(tx, actor);
  const parameters: unknown[] = [...followScope(actor), limit + 1];
  const conditions = searchConditions(search, territory, (value) => `$${parameters.push(value)}`);
  if (request.cursor != null) {
    const [id] = decodeCursor(request.cursor, CURSOR);
    conditions.push(
      `(p.search_key, p.id) > (SELECT search_key, id FROM person WHERE id = $${parameters.push(id)})`,
    );
  }
  const rows: PersonView[] = await tx.query(
    `SELECT ${PERSON}
     FROM (SELECT * FROM person p WHERE ${FOLLOWED} AND ${conditions.join(' AND ')}
       ORDER BY p.search_key, p.id LIMIT $3) p
     ${PERSON_JOINS} ORDER BY p.search_key, p.id`,
    parameters,
  );
  return pageOf(rows, limit, (last) => encodeCursor([last.id]));
}

function searchConditions(
  search: PersonSearch,
  territory: string,
  bind: (value: unknown) => string,
): string[] {
  const conditions: string[] = [];
  if (search.birthDate !== null) conditions.push(`p.birth_date = ${bind(search.birthDate)}::date`);
  if (search.words.length > 0) {
    const words = search.words.map((word) => `'${word}':*`).join(' & ');
    conditions.push(`to_tsvector('simple', p.search_key) @@ to_tsquery('simple', ${bind(words)})`);
  }
  const numbers: string[] = [];
  if (search.appiNumber !== null) numbers.push(`p.appi_number = ${bind(search.appiNumber)}`);
  if (search.phone !== null) numbers.push(phoneCondition(search.phone, territory, bind));
  if (numbers.length > 0) conditions.push(`(${numbers.join(' OR ')})`);
  return conditions;
}

/** A whole number is compared as a number; a part of one, with the digits of the international form. */
function phoneCondition(phone: string, territory: string, bind: (value: unknown) => string): string {
  const { e164 } = parsePhone(phone, territory);
  if (e164 !== null) return `p.phone_e164 = ${bind(e164)}`;
  return `p.phone_e164 LIKE ${bind(`%${digitsOf(phone)}%`)}`;
}
