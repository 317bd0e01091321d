import {
  LATEST_REMINDER_DAYS,
  type TrialArm,
  TRIAL_BOUNDS,
  type TrialPlan,
  type TrialState,
} from '../../notifications/domain/trial.js';
import type { FieldError } from '../../shared/domain-error.js';
import { hourInWords } from '../../shared/french-dates.js';
import type { Conclusion } from '../../statistics/domain/trial-reading.js';
import type { Problems } from '../../ui/forms.js';
import type { StateWord } from '../../ui/state.js';
import { NBSP } from '../../ui/typography.js';

export const TRIAL_STATES: Readonly<Record<TrialState, StateWord>> = {
  draft: { word: 'Brouillon', shape: 'off' },
  registered: { word: 'Inscrit', shape: 'half wait' },
  running: { word: 'En cours', shape: 'wait' },
  ended: { word: 'Terminé', shape: 'ok' },
  stopped: { word: 'Arrêté', shape: 'bad' },
};

export const CONCLUSIONS: Readonly<Record<Conclusion, StateWord & { readonly sentence: string }>> = {
  less: { word: 'Moins d’absences', shape: 'ok', sentence: 'Moins d’absences que dans le premier bras.' },
  more: { word: 'Plus d’absences', shape: 'bad', sentence: 'Plus d’absences que dans le premier bras.' },
  undecided: {
    word: 'Pas de différence démontrée',
    shape: 'off',
    sentence: 'L’écart peut venir du hasard. Cela ne prouve pas que les bras se valent.',
  },
  'unknown-outcomes': {
    word: 'Pas de conclusion',
    shape: 'warn',
    sentence: 'Moins de 98\u00a0% des issues sont connues dans un bras\u00a0: marquez les autres.',
  },
  'too-few': { word: 'Pas de conclusion', shape: 'warn', sentence: 'Trop peu de personnes pour comparer.' },
  'not-allowed': {
    word: 'Pas de conclusion',
    shape: 'warn',
    sentence: 'L’essai a été arrêté avant son terme\u00a0: ces chiffres décrivent, ils ne concluent pas.',
  },
};

export const EVENTS: Readonly<Record<string, string>> = {
  'trial.drafted': 'Brouillon écrit',
  'trial.registered': 'Inscrit',
  'trial.started': 'Commencé',
  'trial.ended': 'Terminé à sa date',
  'trial.stopped': 'Arrêté',
};

export const KIND_WORDS = { reminder: 'Rappel', summons: 'Convocation' } as const;
export const REGISTER_WORDS = { standard: 'registre courant', discreet: 'registre discret' } as const;

/** « un rappel 4 jours avant, un la veille, à 18 h 00 ». */
export function armInWords({ reminders, texts }: TrialArm): string {
  if (texts.length > 0) return 'les mots ci-dessous';
  const days = reminders.map(({ offsetDays }) =>
    offsetDays === 1 ? 'la veille' : `${offsetDays}${NBSP}jours avant`,
  );
  const hour = reminders[0]?.hour ?? null;
  const rest = days.slice(1).map((day) => `un ${day}`);
  return [
    listOf([`un rappel ${days[0] ?? ''}`, ...rest]),
    hour === null ? 'à l’heure du rendez-vous' : `à ${hourInWords(hour)}`,
  ].join(', ');
}

export function partsInWords({ arms }: Pick<TrialPlan, 'arms'>, at: number): string {
  const whole = arms.reduce((sum, { share }) => sum + share, 0);
  return `${arms[at]?.share ?? 0} sur ${whole}`;
}

export function strataInWords({ unit, byService, byFirst }: TrialPlan): string {
  if (unit === 'service') return 'les services, tous ensemble';
  const within = [
    ...(byService ? ['de chaque service'] : []),
    ...(byFirst ? ['des premiers rendez-vous et des suivants'] : []),
  ];
  return within.length === 0
    ? 'toutes les personnes ensemble'
    : `les personnes, à égalité au sein ${within.join(' et ')}`;
}

export function listOf(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} et ${words.at(-1) ?? ''}`;
}

const FAULTS: Readonly<Record<string, string>> = {
  name: `Donnez un nom de 3 à ${TRIAL_BOUNDS.name}\u00a0caractères.`,
  question: `Dites la question en une phrase, de 10 à ${TRIAL_BOUNDS.question}\u00a0caractères.`,
  seed: `Donnez une graine, ${TRIAL_BOUNDS.seed}\u00a0caractères au plus.`,
  organizations: 'Choisissez au moins un service.',
  types: 'Choisissez au moins un type de rendez-vous.',
  unit: 'Pour tirer au sort des services, il en faut au moins deux par bras.',
  plannedSize: 'Nombre de convocations\u00a0: un nombre entier, 20 au moins.',
  endsOn: 'Donnez un dernier jour à venir, à moins de trois ans.',
  looks: 'Les regards intermédiaires sont des jours à venir, dans l’ordre, avant le dernier jour.',
  arms: 'Un essai a de deux à quatre bras.',
  'arms:same': 'Deux bras font la même chose.',
  'arms:names': 'Deux bras ont le même nom.',
  'arms:registers': 'Donnez le texte discret dans tous les bras, ou dans aucun.',
  population:
    'Un autre essai est en cours pour un de ces services et de ces types\u00a0: un seul à la fois. Attendez sa fin, ou choisissez une autre population.',
  reason: 'Dites pourquoi, en 600\u00a0caractères au plus.',
};
const ARM_FAULTS: Readonly<Record<string, string>> = {
  name: 'donnez-lui un nom.',
  share: `part\u00a0: un nombre entier de ${TRIAL_BOUNDS.share.least} à ${TRIAL_BOUNDS.share.most}.`,
  days: 'jours avant\u00a0: des nombres entiers de 1 à 60, différents, séparés par une virgule et une espace, par exemple 4, 1.',
  'days:no-reminder':
    'personne ne peut être tiré au sort pour n’avoir aucun rappel. Donnez au moins un jour.',
  'days:too-far': `le dernier rappel est trop loin du rendez-vous\u00a0: ${LATEST_REMINDER_DAYS}\u00a0jours au plus.`,
  'days:hour': 'donnez une heure, par exemple 18:00, ou laissez vide.',
  text: 'ce texte ne peut pas partir\u00a0: essayez-le dans «\u00a0Messages\u00a0», qui dit pourquoi.',
  'text:empty': 'donnez son texte.',
  'text:too-long': 'ce texte est trop long.',
};
/** Names of the form that differ from those of the rules. */
const CONTROLS: Readonly<Record<string, string>> = { name: 'arm', arms: 'arm.1', looks: 'look1' };

/** What is wrong with a trial, in the words and at the fields of the form. */
export function problemsOfTrial(errors: readonly FieldError[]): Problems {
  const problems = errors.map(({ field, code }) => {
    const [, what = '', number = ''] = /^(\w+)\.(\d)$/.exec(field) ?? [];
    if (number === '')
      return {
        field: field === 'name' ? 'name' : (CONTROLS[field] ?? field),
        sentence: FAULTS[`${field}:${code}`] ?? FAULTS[field] ?? 'Une valeur n’est pas valable.',
      };
    const said = what === 'discreet' ? 'text' : what;
    const words = ARM_FAULTS[`${said}:${code}`] ?? ARM_FAULTS[said] ?? 'une valeur n’est pas valable.';
    const register = what === 'discreet' ? ', texte discret' : '';
    return {
      field: `${CONTROLS[what] ?? what}.${number}`,
      sentence: `Bras ${number}${register}\u00a0: ${words}`,
    };
  });
  return problems.filter(
    ({ sentence }, at) => problems.findIndex((other) => other.sentence === sentence) === at,
  );
}
