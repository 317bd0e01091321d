import { DRAFTED_TYPES, type Kind, type Register, SPECIAL, type Special, type TemplateRow } from './rows.js';

/**
 * Where it takes place, when that is not at the address of the place: by telephone, at home, at the place the person
 * was told, at a place that the letter names.
 */
const NOTES: Readonly<Record<Special, string>> = {
  phone: ' بالهاتف',
  home: ' في منزلك',
  told: ' بالمكان المحدد',
  video: '، المكان في رسالتك',
};
const MUST: Readonly<Record<Special | 'place', string>> = {
  ...{ place: 'الحضور إلزامي', told: 'الحضور إلزامي', video: 'الحضور إلزامي' },
  ...{ phone: 'الرد إلزامي', home: 'وجودك إلزامي' },
};
/** Beside these a first text still has room for whom to call; nobody is received, so nothing is to be brought. */
const SHORT_NOTES: readonly Special[] = ['phone', 'home'];
const REMINDER = 'تذكير';
const APPOINTMENT = 'موعدك {rdv.quand}';
const NEW_APPOINTMENT = 'موعد جديد {rdv.quand}';
const CHANGE = 'تغيير: {rdv.quand}';
const CANCELLED = 'ألغي موعدك ({rdv.quand})';
const IDENTITY = 'أحضر هويتك';
const EXPECTED = 'نحن في انتظارك';

type Texts = Readonly<Record<Exclude<Kind, 'after-absence'>, string>>;

/**
 * Drafts in Arabic. Two parts are 134 signs here, of which the link that stops messages takes 62: a first text has
 * room for the name of the place or for its address, not for both. Each thing said stands on a line of its own, which
 * costs one sign, and which what is written from left to right fills without being isolated.
 */
export const ARABIC: readonly TemplateRow[] = DRAFTED_TYPES.flatMap((typeCode) => {
  const special = typeCode === null ? undefined : SPECIAL[typeCode];
  return [...rows(typeCode, 'standard', standard(special)), ...rows(typeCode, 'discreet', discreet(special))];
});

function standard(special: Special | undefined): Texts {
  const isAtPlace = special === undefined;
  const note = isAtPlace ? '' : NOTES[special];
  const contact = (isAtPlace || SHORT_NOTES.includes(special)) && '{lieu.contact}';
  return {
    summons: lines('{lieu.nom}', APPOINTMENT + note, isAtPlace && IDENTITY, contact),
    reminder: lines(
      ...[`${REMINDER} {lieu.nom}`, APPOINTMENT + note, isAtPlace && '{lieu.adresse}'],
      ...[MUST[special ?? 'place'], '{lieu.contact}'],
    ),
    cancellation: lines('{lieu.nom}', CANCELLED, '{lieu.contact}'),
    rescheduling: lines('{lieu.nom}', NEW_APPOINTMENT + note, contact),
  };
}

function discreet(special: Special | undefined): Texts {
  const phone = '{lieu.téléphone}';
  const reminded = `${REMINDER}: ${APPOINTMENT}`;
  const cancellation = lines(CANCELLED, phone);
  if (special === undefined)
    return {
      summons: lines(APPOINTMENT, '{lieu.adresse}'),
      reminder: lines(reminded, '{lieu.adresse}', EXPECTED, phone),
      cancellation,
      rescheduling: lines(CHANGE, '{lieu.adresse}'),
    };
  const note = NOTES[special];
  return {
    summons: lines(APPOINTMENT + note, !SHORT_NOTES.includes(special) && IDENTITY, phone),
    reminder: lines(reminded + note, EXPECTED, phone),
    cancellation,
    rescheduling: lines(NEW_APPOINTMENT + note, phone),
  };
}

function lines(...said: readonly (string | false)[]): string {
  return said.filter((one) => one !== false).join('\n');
}

function rows(typeCode: string | null, register: Register, texts: Texts): TemplateRow[] {
  return (Object.keys(texts) as (keyof Texts)[]).map((kind) => ({
    ...{ kind, typeCode, register },
    language: 'ar',
    text: texts[kind],
  }));
}
