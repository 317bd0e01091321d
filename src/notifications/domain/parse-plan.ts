import { type FieldError, ValidationFailed } from '../../shared/domain-error.js';
import { type Bounds, isWhole } from '../../shared/whole-number.js';
import {
  BOUNDS,
  longestUsefulHours,
  MOST_REMINDERS,
  type PlanStep,
  type ReminderPlan,
  STEP_CHANNELS,
  type StepChannel,
  type StepCondition,
  type StepHour,
  USUAL_SUMMONS,
} from './reminder-plan.js';

/**
 * A plan from its steps, put in order; a plan without a summons step has the usual one.
 * @throws ValidationFailed naming each faulty value as `steps.<index>.<value>`, or `steps`
 */
export function parsePlan(steps: unknown): ReminderPlan {
  if (!Array.isArray(steps)) throw refused([fault('steps', 'array', 'expected a list of steps')]);
  const replaced = steps.filter(isReplaced);
  const plan = parseSteps(steps.filter((step) => !isReplaced(step)));
  return replaced.length === 0 ? plan : { ...plan, replaced: parseSteps(replaced).reminders };
}

function isReplaced(step: unknown): boolean {
  return isRecord(step) && step['replaced'] === true;
}

function parseSteps(steps: readonly unknown[]): ReminderPlan {
  const read = steps.map((step, index) => readStep(step, `steps.${index}`));
  const errors = read.flatMap((one) => ('errors' in one ? one.errors : []));
  const found = read.flatMap((one) => ('step' in one ? [one.step] : []));
  if (errors.length > 0) throw refused(errors);
  const ofWhole = faultsOfWhole(found);
  if (ofWhole.length > 0) throw refused(ofWhole);
  const reminders = found.filter((step) => step.kind === 'reminder');
  return {
    summons: found.find((step) => step.kind === 'summons') ?? USUAL_SUMMONS,
    reminders: reminders.sort((a, b) => b.offsetDays - a.offsetDays),
    afterAbsence: found.find((step) => step.kind === 'after-absence') ?? null,
  };
}

type Read = { readonly step: PlanStep } | { readonly errors: readonly FieldError[] };

function readStep(step: unknown, path: string): Read {
  const values: Readonly<Record<string, unknown>> = isRecord(step) ? step : {};
  const kind = values['kind'];
  if (kind === 'summons') return readSummons(values, path);
  if (kind === 'reminder') return readReminder(values, path);
  if (kind === 'after-absence') return readNews('after-absence', values, BOUNDS.afterAbsenceHours, path);
  return { errors: [fault(`${path}.kind`, 'isIn', 'summons, reminder, after-absence')] };
}

/** Stored before a summons had all of these, it has the usual ones. */
function readSummons(stored: Readonly<Record<string, unknown>>, path: string): Read {
  const { hour, usefulUntilHours } = USUAL_SUMMONS;
  return readNews('summons', { hour, usefulUntilHours, ...stored }, BOUNDS.summonsHours, path);
}

/** A step that is no reminder. */
function readNews(
  kind: 'summons' | 'after-absence',
  values: Readonly<Record<string, unknown>>,
  hours: Bounds,
  path: string,
): Read {
  const until = values['usefulUntilHours'];
  const faults = [
    faultyChannel(values, path),
    faultyHour(values, path),
    faultyCount(until, hours, `${path}.usefulUntilHours`),
  ];
  return checked(faults, () => ({
    kind,
    channel: channelOf(values),
    hour: hourOf(values),
    usefulUntilHours: Number(until),
    isSpaced: values['isSpaced'] === true,
  }));
}

function readReminder(values: Readonly<Record<string, unknown>>, path: string): Read {
  const offsetDays = values['offsetDays'];
  const until = values['usefulUntilHours'];
  const wrongOffset = faultyCount(offsetDays, BOUNDS.offsetDays, `${path}.offsetDays`);
  const hoursBefore = { least: 1, most: longestUsefulHours(Number(offsetDays)) };
  const faults = [
    wrongOffset ?? faultyCount(until, hoursBefore, `${path}.usefulUntilHours`),
    faultyCondition(values['when'], path),
    faultyChannel(values, path),
    faultyHour(values, path),
  ];
  return checked(faults, () => ({
    kind: 'reminder',
    offsetDays: Number(offsetDays),
    when: values['when'] as StepCondition,
    channel: channelOf(values),
    hour: hourOf(values),
    usefulUntilHours: Number(until),
  }));
}

function checked(faults: readonly (FieldError | undefined)[], step: () => PlanStep): Read {
  const errors = faults.filter((one) => one !== undefined);
  return errors.length > 0 ? { errors } : { step: step() };
}

function faultsOfWhole(steps: readonly PlanStep[]): FieldError[] {
  const offsets = steps.flatMap((step) => (step.kind === 'reminder' ? [step.offsetDays] : []));
  const many = (kind: PlanStep['kind']) => steps.filter((step) => step.kind === kind).length > 1;
  return [
    ...(new Set(offsets).size < offsets.length ? [fault('steps', 'unique', 'one reminder a day')] : []),
    ...(offsets.length > MOST_REMINDERS ? [fault('steps', 'range', `at most ${MOST_REMINDERS}`)] : []),
    ...(offsets.length === 0 ? [fault('steps', 'empty', 'a plan has at least one reminder')] : []),
    ...(many('summons') || many('after-absence') ? [fault('steps', 'twice', 'one step of this kind')] : []),
  ];
}

function faultyCondition(when: unknown, path: string): FieldError | undefined {
  const asked = isRecord(when) ? when : {};
  if (asked['if'] === 'always' || asked['if'] === 'first-or-two-absences') return undefined;
  if (asked['if'] === 'booked-ahead')
    return faultyCount(asked['days'], BOUNDS.bookedAheadDays, `${path}.when.days`);
  return fault(`${path}.when`, 'isIn', 'always, booked-ahead, first-or-two-absences');
}

function faultyChannel(values: Readonly<Record<string, unknown>>, path: string): FieldError | undefined {
  const isKnown = STEP_CHANNELS.some((channel) => channel === values['channel']);
  return isKnown ? undefined : fault(`${path}.channel`, 'isIn', STEP_CHANNELS.join(', '));
}

function faultyHour(values: Readonly<Record<string, unknown>>, path: string): FieldError | undefined {
  const hour = values['hour'];
  const isHour = hour === null || (typeof hour === 'string' && /^([01]\d|2[0-3]):[0-5]\d$/.test(hour));
  return isHour ? undefined : fault(`${path}.hour`, 'time', 'HH:mm, or null');
}

function faultyCount(value: unknown, bounds: Bounds, field: string): FieldError | undefined {
  const { least, most } = bounds;
  return isWhole(value, bounds)
    ? undefined
    : fault(field, 'range', `a whole number from ${least} to ${most}`);
}

function channelOf(values: Readonly<Record<string, unknown>>): StepChannel {
  return STEP_CHANNELS.find((channel) => channel === values['channel']) ?? 'auto';
}

function hourOf(values: Readonly<Record<string, unknown>>): StepHour {
  return typeof values['hour'] === 'string' ? values['hour'] : null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function fault(field: string, code: string, message: string): FieldError {
  return { field, code, message };
}

function refused(errors: readonly FieldError[]): ValidationFailed {
  return new ValidationFailed(errors);
}
