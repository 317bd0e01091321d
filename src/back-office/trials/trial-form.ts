import {
  type ArmText,
  DIFFERENCES,
  TRIAL_BOUNDS,
  type TrialArm,
  type TrialPlan,
  UNITS,
  WORDED_KINDS,
  type WordedKind,
} from '../../notifications/domain/trial.js';
import { newToken } from '../../shared/tokens.js';
import { readForm, readGroup, readRows, withoutGroup } from '../form-input.js';

const FIELDS = [
  'name',
  'question',
  'differsBy',
  'kind',
  'unit',
  'byService',
  'byFirst',
  'seed',
  'plannedSize',
  'endsOn',
  'look1',
  'look2',
  'rows',
  'act',
] as const;
const ARM_FIELDS = ['arm', 'share', 'days', 'at', 'text', 'discreet'] as const;

/** One arm as typed; without a name, days and text it is none. */
export type ArmForm = Readonly<Record<(typeof ARM_FIELDS)[number], string>>;

/** A trial as typed. */
export type TrialForm = Readonly<Record<(typeof FIELDS)[number], string>> & {
  readonly arms: readonly ArmForm[];
  readonly services: ReadonlySet<string>;
  readonly types: ReadonlySet<string>;
};

const EMPTY_ARM: ArmForm = { arm: '', share: '1', days: '', at: '', text: '', discreet: '' };

/** « J-1 contre J-2 contre J-4 et J-1 ». */
const EXAMPLE_ARMS: readonly ArmForm[] = [
  { ...EMPTY_ARM, arm: 'La veille', days: '1' },
  { ...EMPTY_ARM, arm: 'Deux jours avant', days: '2' },
  { ...EMPTY_ARM, arm: 'Quatre jours avant et la veille', days: '4, 1' },
];

/** @throws ValidationFailed for fields that the form does not have */
export function readTrialForm(body: Readonly<Record<string, unknown>>): TrialForm {
  const { rows, rest } = readRows(body, ARM_FIELDS, TRIAL_BOUNDS.arms.most);
  const values = readForm(withoutGroup(withoutGroup(rest, 'service.'), 'type.'), FIELDS);
  const arms = rows.filter(({ arm, days, text }) => arm !== '' || days !== '' || text !== '');
  const shown = Math.min(TRIAL_BOUNDS.arms.most, Math.max(Number(values.rows) || 0, arms.length));
  return {
    ...values,
    arms: padded(arms, shown),
    services: ticked(readGroup(body, 'service.')),
    types: ticked(readGroup(body, 'type.')),
  };
}

function ticked(boxes: ReadonlyMap<string, string>): ReadonlySet<string> {
  return new Set([...boxes].flatMap(([name, value]) => (value === 'true' ? [name] : [])));
}

/** A form nobody has touched; the seed is drawn, and may be replaced by one that was published before. */
export function emptyForm(differsBy: string): TrialForm {
  const by = DIFFERENCES.find((known) => known === differsBy) ?? 'timing';
  return {
    ...{ name: '', question: '', differsBy: by, kind: 'reminder', unit: 'person' },
    ...{ byService: 'true', byFirst: 'true', seed: newToken(), plannedSize: '', endsOn: '' },
    ...{ look1: '', look2: '', rows: '2', act: '' },
    arms: padded([], 2),
    services: new Set(),
    types: new Set(),
  };
}

/** The same trial again, with a seed of its own. */
export function formOf(plan: TrialPlan): TrialForm {
  const [look1 = '', look2 = ''] = plan.looks;
  return {
    ...{ name: plan.name, question: plan.question, differsBy: plan.differsBy, unit: plan.unit },
    ...{ byService: plan.byService ? 'true' : '', byFirst: plan.byFirst ? 'true' : '', seed: newToken() },
    ...{ plannedSize: String(plan.plannedSize), endsOn: plan.endsOn, look1, look2, act: '' },
    kind: plan.arms[0]?.texts[0]?.kind ?? 'reminder',
    rows: String(plan.arms.length),
    arms: plan.arms.map(armFormOf),
    services: new Set(plan.organizationIds),
    types: new Set(plan.typeCodes),
  };
}

export function withOneMoreArm(form: TrialForm): TrialForm {
  const arms = padded(form.arms, Math.min(TRIAL_BOUNDS.arms.most, form.arms.length + 1));
  return { ...form, arms, rows: String(arms.length) };
}

/** What is typed elsewhere stays. */
export function withExample(form: TrialForm): TrialForm {
  return { ...form, differsBy: 'timing', arms: EXAMPLE_ARMS, rows: String(EXAMPLE_ARMS.length) };
}

/** What the form asks for; the rules judge it. */
export function planOf(form: TrialForm): TrialPlan {
  const differsBy = DIFFERENCES.find((known) => known === form.differsBy) ?? 'timing';
  const kind = WORDED_KINDS.find((known) => known === form.kind) ?? 'reminder';
  return {
    ...{ name: form.name, question: form.question, seed: form.seed, differsBy },
    unit: UNITS.find((known) => known === form.unit) ?? 'person',
    byService: form.byService === 'true',
    byFirst: form.byFirst === 'true',
    organizationIds: [...form.services],
    typeCodes: [...form.types],
    plannedSize: whole(form.plannedSize),
    endsOn: day(form.endsOn),
    looks: [form.look1, form.look2].filter((look) => look !== '').map(day),
    arms: keptArms(form).map((arm) => armOf(arm, differsBy, kind)),
  };
}

/** Rows that say something: those after the second may stay empty. */
function keptArms({ arms }: TrialForm): readonly ArmForm[] {
  return arms.filter(({ arm, days, text }, at) => at < 2 || arm !== '' || days !== '' || text !== '');
}

function armOf(form: ArmForm, differsBy: TrialPlan['differsBy'], kind: WordedKind): TrialArm {
  const { arm: name, days, at, text, discreet } = form;
  const hour = at === '' ? null : at;
  const texts: readonly ArmText[] = [
    ...(text === '' ? [] : [{ kind, register: 'standard', text } as const]),
    ...(discreet === '' ? [] : [{ kind, register: 'discreet', text: discreet } as const]),
  ];
  return {
    name,
    share: whole(form.share),
    reminders: differsBy === 'timing' ? wholes(days).map((offsetDays) => ({ offsetDays, hour })) : [],
    texts: differsBy === 'wording' ? texts : [],
  };
}

function armFormOf({ name, share, reminders, texts }: TrialArm): ArmForm {
  const said = (register: ArmText['register']) => texts.find((one) => one.register === register)?.text ?? '';
  return {
    arm: name,
    share: String(share),
    days: reminders.map(({ offsetDays }) => offsetDays).join(', '),
    at: reminders[0]?.hour ?? '',
    text: said('standard'),
    discreet: said('discreet'),
  };
}

function padded(arms: readonly ArmForm[], length: number): readonly ArmForm[] {
  return [...arms, ...Array.from({ length: Math.max(0, length - arms.length) }, () => EMPTY_ARM)];
}

/** Browsers without a field for dates send what was typed: 14/04/2026. */
function day(text: string): string {
  const [, date = '', month = '', year] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text) ?? [];
  return year === undefined ? text : `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
}

/** « 4, 1 », « 4 1 » or « 4; 1 »; a comma without a space is that of a decimal, « 1,5 ». */
function wholes(text: string): readonly number[] {
  const typed = text.trim();
  return typed === '' ? [] : typed.split(/\s*;\s*|\s*,\s+|\s+/).map(whole);
}

/** NaN for anything but a whole number of at most seven figures: the bounds refuse it. */
function whole(text: string): number {
  const digits = text.replaceAll(/[\s\u00a0\u202f]/g, '');
  return /^\d{1,7}$/.test(digits) ? Number(digits) : Number.NaN;
}
