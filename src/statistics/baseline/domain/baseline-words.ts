/** What services write over the columns of their own tables, and in their cells. All of it is compared by `plainWord`. */

export type MonthlyColumn = 'month' | 'type' | 'attended' | 'missed' | 'excused' | 'cancelled' | 'unknown';
export type AppointmentColumn = 'date' | 'type' | 'outcome';
export type BaselineOutcome = 'attended' | 'missed' | 'excused' | 'cancelled' | 'unknown' | 'moved';

/** Without case, accents, plural and feminine endings or punctuation: « Non honorée(s) » is `non honor`. */
export function plainWord(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .split(' ')
    .map((word) => (word.length > 3 ? withoutEnding(word) : word))
    .filter((word) => word !== '' && word !== 'e' && word !== 's' && word !== 'es')
    .join(' ');
}

/** Without its plural and feminine letters at the end. A loop: the expression for it is quadratic on « eseses… ». */
function withoutEnding(word: string): string {
  let end = word.length;
  while (end > 0 && 'es'.includes(word.charAt(end - 1))) end -= 1;
  return word.slice(0, end);
}

const words = (text: string): readonly string[] => text.split(', ').map(plainWord);

export const MONTHLY_COLUMNS: Readonly<Record<MonthlyColumn, readonly string[]>> = {
  month: words('mois, month, période'),
  type: words('type, type de convocation, type de rendez-vous, motif'),
  attended: words('venues, venus, honorées, présents, présences, vus, attended'),
  missed: words('manquées, absents, absences, non venus, non honorées, missed'),
  excused: words('excusées, excusés, absences excusées, excused'),
  cancelled: words('annulées, annulés, annulations, cancelled'),
  unknown: words('sans issue, inconnues, issue inconnue, non renseignées, non marquées, unknown'),
};

export const APPOINTMENT_COLUMNS: Readonly<Record<AppointmentColumn, readonly string[]>> = {
  date: words('date, jour, date du rendez-vous, date de convocation, date de la convocation'),
  type: MONTHLY_COLUMNS.type,
  outcome: words('issue, résultat, statut, état, outcome'),
};

export const OUTCOMES: Readonly<Record<BaselineOutcome, readonly string[]>> = {
  attended: words('venu, venue, présent, honoré, honorée, vu, s’est présenté, attended, fulfiled'),
  missed: words(
    'manqué, manquée, absent, absence, non venu, non honoré, absence injustifiée, absent injustifié, ' +
      'absence non excusée, absent non excusé, ne s’est pas présenté, missed, no show',
  ),
  excused: words(
    'excusé, excusée, absence excusée, absent excusé, absence justifiée, absent justifié, excused',
  ),
  cancelled: words('annulé, annulée, cancelled, canceled'),
  unknown: words('inconnu, inconnue, sans issue, non renseigné, non marqué, planifiée, à venir, ?, unknown'),
  moved: words('reporté, reportée, déplacé, déplacée, replanifiée, rescheduled'),
};

export const FRENCH_MONTHS: readonly string[] =
  'janvier, février, mars, avril, mai, juin, juillet, août, septembre, octobre, novembre, décembre'
    .split(', ')
    .map((name) => name.normalize('NFD').replace(/\p{M}/gu, ''));

/** @returns the key whose words hold this text */
export function keyOfWord<Key extends string>(
  table: Readonly<Record<Key, readonly string[]>>,
  text: string,
): Key | undefined {
  const word = plainWord(text);
  return (Object.keys(table) as Key[]).find((key) => table[key].includes(word));
}
