import { Temporal } from 'temporal-polyfill';
import { FREQUENT_TASKS } from '../../../config/schedule.js';
import type { Hold, HoldReason } from '../../notifications/surety/sending-hold.js';
import type { Doubt, OperatorNow } from '../../notifications/surety/surety-now.query.js';
import { hourInWords } from '../../shared/french-dates.js';
import { toLocal } from '../../shared/time.js';
import type { StateWord } from '../../ui/state.js';
import { day, NBSP, plural } from '../../ui/typography.js';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** « à l’instant », « il y a 3 min ». */
export function agoInWords(seconds: number): string {
  return seconds < 1 ? 'à l’instant' : `il y a ${durationInWords(seconds)}`;
}

/** « 4 s », « 3 min », « 2 h », « 5 j »: the largest unit, rounded down. */
export function durationInWords(seconds: number): string {
  const [size, unit] =
    seconds < MINUTE ? [1, 's'] : seconds < HOUR ? [MINUTE, 'min'] : seconds < DAY ? [HOUR, 'h'] : [DAY, 'j'];
  return `${Math.floor(seconds / size)}${NBSP}${unit}`;
}

const OPERATORS: Readonly<Record<string, string>> = {
  twilio: 'Twilio',
  'link-mobility': 'LINK Mobility',
  smtp: 'E-mail',
};

export function operatorName(operator: string): string {
  return OPERATORS[operator] ?? operator;
}

const CIRCUITS: Readonly<Record<OperatorNow['circuit'], StateWord>> = {
  closed: { word: 'Répond', shape: 'ok' },
  'half-open': { word: 'À l’essai', shape: 'doubt warn' },
  open: { word: 'Ne répond pas', shape: 'bad' },
};

export function circuitWord(circuit: OperatorNow['circuit']): StateWord {
  return CIRCUITS[circuit];
}

const TASK_SILENT_AFTER_SECONDS = 5 * MINUTE;

/** Names what stopped of what runs each minute or oftener; `docs/schedule.md` says what each does. */
export function tasksWord(ages: Readonly<Record<string, number>>): StateWord {
  if (!FREQUENT_TASKS.some((task) => task in ages)) return { word: 'Jamais passées', shape: 'off' };
  const stopped = FREQUENT_TASKS.filter((task) => (ages[task] ?? 0) > TASK_SILENT_AFTER_SECONDS);
  if (stopped.length === 0) return { word: 'À l’heure', shape: 'ok' };
  return { word: `À l’arrêt${NBSP}: ${stopped.join(', ')}`, shape: 'bad' };
}

const COMPARISONS: Readonly<Record<NonNullable<OperatorNow['comparison']>, string | null>> = {
  explained: null,
  unexplained: 'a pris des messages que cette base ne connaît pas.',
  'no-list':
    'ne donne pas la liste de ses messages\u00a0: une sauvegarde restaurée se reconnaît au serveur de la base et aux derniers envois connus.',
  'no-answer':
    'n’a pas donné sa liste\u00a0: elle lui est redemandée, et les envois s’arrêteront si elle dit plus que cette base.',
};

export function comparisonWords(comparison: OperatorNow['comparison']): string | null {
  return comparison === null ? null : COMPARISONS[comparison];
}

const REASONS: Readonly<Record<HoldReason, string>> = {
  command: 'Retenue demandée.',
  'restored-backup': 'Sauvegarde restaurée\u00a0?',
  'environment-mismatch': 'Mauvais environnement.',
};

const WHAT_NOW: Readonly<Record<HoldReason, string>> = {
  command: 'Rien ne part, rien n’est perdu. La reprise montre d’abord ce qui partirait.',
  'restored-backup':
    'Des messages sont peut-être partis que cette base ne connaît pas\u00a0: elle est peut-être plus ancienne qu’eux. Reprendre peut envoyer une deuxième fois ce qui est déjà parti\u00a0: la reprise compare avec la liste de chaque opérateur qui en tient une, et demande ce que deviennent les messages peut-être déjà partis. Vérifiez d’abord la date de la sauvegarde.',
  'environment-mismatch':
    'Cette base a été faite pour un autre environnement. Rien ne part d’ici, et aucune reprise n’est possible.',
};

/** By the command that restores: nothing was compared, and nobody has to guess. */
const RESTORED_BY_US =
  'Ce qui est parti depuis cette sauvegarde n’y est pas\u00a0: reprendre peut l’envoyer une deuxième fois. La reprise compare d’abord avec la liste de chaque opérateur qui en tient une, et demande ce que deviennent les messages peut-être déjà partis.';

const isRestoredByUs = ({ reason, setBy }: Hold) => reason === 'restored-backup' && setBy === 'cli';

/** With the mark that ends it. */
export function holdTitle(hold: Hold): string {
  return isRestoredByUs(hold) ? 'Sauvegarde restaurée.' : REASONS[hold.reason];
}

export function holdAdvice(hold: Hold): string {
  return isRestoredByUs(hold) ? RESTORED_BY_US : WHAT_NOW[hold.reason];
}

/** What becomes of a call whose result nobody knows. @param hour of a date, in words */
export function searchWords(
  doubt: Pick<Doubt, 'lookups' | 'nextLookupAt' | 'decidedBy'> & {
    readonly givesList: boolean;
    /** The hour of the decision has passed: nobody answered. */
    readonly isOverdue: boolean;
  },
  hour: (date: Date) => string,
): string {
  const next = doubt.nextLookupAt === null ? '' : `prochaine recherche à ${hour(doubt.nextLookupAt)}`;
  if (!doubt.givesList)
    return `Il n’y a pas de liste où le chercher${NBSP}: son accusé est attendu, décision vers ${hour(doubt.decidedBy)}.`;
  if (doubt.isOverdue)
    return `L’opérateur ne donne pas sa liste${next === '' ? '' : `${NBSP}; ${next}`}. S’il se tait jusqu’au bout, un agent est prévenu.`;
  const searched =
    doubt.lookups === 0 ? '' : `Cherché ${plural(doubt.lookups, 'fois', 'fois')}, introuvable${NBSP}; `;
  const steps = [next, `décision au plus tard à ${hour(doubt.decidedBy)}`].filter((step) => step !== '');
  return `${searched}${steps.join(', ')}.`.replace(/^./, (first) => first.toUpperCase());
}

const quoted = (words: string) => `«${NBSP}${words}${NBSP}»`;

/**
 * What was found or asked for, one sentence; null when the advice says it all. Findings are written in English for
 * the log and the commands: one that is not known here is quoted as it is.
 */
export function holdFinding({ reason, detail }: Hold): string | null {
  if (detail === null || reason === 'environment-mismatch') return null;
  if (reason === 'command') return quoted(detail);
  const [, restored] = /^restored from the backup of (\d{4}-\d\d-\d\dT[\d:.]+Z):/.exec(detail) ?? [];
  if (restored !== undefined) {
    const { date, time } = toLocal(Temporal.Instant.from(restored), 'Europe/Paris');
    return `Base restaurée de la sauvegarde du ${day(date)} à ${hourInWords(time)} (heure de Paris).`;
  }
  const [, operator, taken] =
    /^(\S+) took (\d+) messages that this database does not know$/.exec(detail) ?? [];
  if (operator !== undefined) {
    const many = plural(Number(taken), 'message');
    return `${operatorName(operator)} a pris ${many} que cette base ne connaît pas.`;
  }
  return FINDINGS.find(([found]) => found.test(detail))?.[1] ?? quoted(detail);
}

const FINDINGS: readonly (readonly [RegExp, string])[] = [
  [/^a text left of which this database knows nothing/, 'Un message est parti dont cette base ne sait rien.'],
  [
    /^this database came back elsewhere or from its archive, and \S+ gave no list/,
    'Cette base est revenue ailleurs, ou de son archive, et l’opérateur ne donne pas sa liste\u00a0: rien ne prouve qu’elle est à jour.',
  ],
];

/** Never the name of an agent: who it was is in the register of holds. */
export function setByWords(setBy: string): string {
  if (setBy === 'cli') return 'par une commande';
  return setBy === 'worker' ? 'par le moteur' : 'par un administrateur';
}
