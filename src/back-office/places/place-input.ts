import type { ChangeAgendaCommand } from '../../organizations/console/change-agenda.js';
import type { ManagedPlace } from '../../organizations/console/place-console.queries.js';
import { ValidationFailed } from '../../shared/domain-error.js';
import { parsePhone } from '../../shared/phone-number.js';

/** As posted, by name of field. */
export type PlaceFields = Readonly<Record<string, string>>;

/** The form of a place as it is kept. */
export function fieldsOf(place: ManagedPlace): PlaceFields {
  const { name, address, timeZone, phone, email, contactMethod, informationUrl } = place;
  return {
    ...{ name, address, timeZone, phone: phone ?? '', email: email ?? '', contactMethod },
    informationUrl: informationUrl ?? '',
  };
}

/** What a posted form asks for. @throws ValidationFailed for what is no number */
export function wishesOf(fields: PlaceFields) {
  const text = (name: string) => fields[name] ?? '';
  const orNull = (name: string) => (text(name) === '' ? null : text(name));
  const phone = orNull('phone') === null ? null : parsePhone(text('phone'));
  if (phone !== null && !phone.valid)
    throw new ValidationFailed([{ field: 'phone', code: 'phone-invalid', message: 'a phone number' }]);
  return {
    ...{ name: text('name'), address: text('address'), timeZone: text('timeZone') },
    ...{ phone: phone?.e164 ?? null, email: orNull('email'), contactMethod: text('contactMethod') },
    informationUrl: orNull('informationUrl'),
  };
}

/** @throws ValidationFailed for an act nobody knows */
export function agendaCommand(
  placeId: string,
  act: string,
  agendaId: string,
  name: string,
): ChangeAgendaCommand {
  if (act === 'add') return { placeId, act, name };
  if (act === 'rename') return { placeId, act, agendaId, name };
  if (act === 'archive') return { placeId, act, agendaId };
  throw new ValidationFailed([{ field: 'act', code: 'isIn', message: 'add, rename, archive' }]);
}
