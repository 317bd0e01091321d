import type { Actor } from '../../access/actor.js';
import { actsEverywhere } from '../../access/actor.js';
import { MESSAGE_KINDS, type MessageKind } from '../../notifications/domain/notification.states.js';
import type { Register, TemplateKey } from '../../notifications/templates/template.queries.js';
import { NotFound } from '../../shared/domain-error.js';
import { isLanguageCode } from '../../shared/message-languages.js';
import { NATIONAL } from '../service-switch.js';

/** As it stands in an address or a form. */
export interface TextAddress {
  readonly organization: string;
  readonly type: string;
  readonly kind: string;
  readonly register: string;
  readonly language: string;
}

export type SheetKey = Pick<TemplateKey, 'organizationId' | 'register' | 'language'>;

/** Which sheet of texts; what is not said is one's own service, standard, French. @throws NotFound */
export function sheetOf(query: Readonly<Record<string, unknown>>, actor: Actor): SheetKey {
  const said = (name: string, otherwise: string) =>
    typeof query[name] === 'string' && query[name] !== '' ? query[name] : otherwise;
  const organization = said('organization', actsEverywhere(actor) ? NATIONAL : actor.organizationId);
  const register = said('register', 'standard');
  const language = said('language', 'fr');
  if (!isRegister(register) || !isLanguageCode(language)) throw new NotFound('texts');
  return { organizationId: organization === NATIONAL ? null : organization, register, language };
}

/** Which text; what is not said is the reminder of all types. @throws NotFound */
export function keyOf(query: Readonly<Record<string, unknown>>, actor: Actor): TemplateKey {
  const asked = query.kind ?? 'reminder';
  const kind = MESSAGE_KINDS.find((known) => known === asked);
  const { type = '' } = query;
  if (kind === undefined || typeof type !== 'string') throw new NotFound('text');
  return { ...sheetOf(query, actor), kind, typeCode: type === '' ? null : type };
}

export function addressOf(key: TemplateKey): TextAddress {
  const { organizationId, typeCode, kind, register, language } = key;
  return { organization: organizationId ?? NATIONAL, type: typeCode ?? '', kind, register, language };
}

/** Of the editor. */
export function textHref(key: TemplateKey, more: Readonly<Record<string, string>> = {}): string {
  return `/messages/text?${new URLSearchParams({ ...addressOf(key), ...more }).toString()}`;
}

/** Of the table of texts. */
export function sheetHref({ organizationId, register, language }: SheetKey): string {
  const query = { organization: organizationId ?? NATIONAL, register, language };
  return `/messages?${new URLSearchParams(query).toString()}`;
}

function isRegister(text: string): text is Register {
  return text === 'standard' || text === 'discreet';
}

export const REGISTER_NAMES: Readonly<Record<Register, string>> = {
  standard: 'Standard',
  discreet: 'Discret',
};

export const KIND_NAMES: Readonly<Record<MessageKind, string>> = {
  summons: 'Convocation',
  reminder: 'Rappel',
  cancellation: 'Annulation',
  rescheduling: 'Changement de date',
  'after-absence': 'Après une absence',
};
