import { absenceRate, knownOutcomes } from '../absence-rate.js';
import type { Interval, Refusal, ServiceSeries } from '../estimate.js';
import { type Comparison, type Contrast, contrastOf, valueOf } from './contrasts.js';
import { type Background, backgroundOf, inferenceOf, roughInferenceOf, SINCE } from './few-clusters.js';
import { habitFlag, HABITS, habitsChanged, levelOf, refusesEffects } from './habits.js';
import { completeness, ENOUGH_KNOWN, type Month, sides } from './months.js';
import { isThere, type Panel, panelOf } from './panel.js';
import type { EventPoint, HabitFlag, PhaseEffect, StaggeredFinding } from './reports.js';

/** Services under which nothing is concluded: intervals between so few are not to be trusted (Barker et al. 2016). */
export const FEWEST_SERVICES = 8;
/** Services with messages among them. */
const FEWEST_TREATED = 4;
/** Months before each start that serve as its base: a whole year, so that the season is in it. */
export const BASE_MONTHS = 12;
/** Outcomes under which a service-month is left out: its rate is hardly a rate. */
const FEWEST_OUTCOMES = 10;
/** Share of the treated service-months that may be left out for unknown outcomes. */
const MOST_EXCLUDED = 0.25;
/** Chance at which differences before the start forbid a conclusion, and jumps of habits do. */
const [DIVERGING, IMPROBABLE] = [0.01, 0.0025];

const ASSUMPTION =
  'Sans les messages, l’absence aurait évolué dans les services qui les ont comme dans ceux qui ne les avaient pas encore le même mois.';

/**
 * Staggered difference-in-differences with group-time effects (Callaway & Sant’Anna 2021), comparison services not
 * yet treated, base of twelve months, services as clusters.
 */
export function staggeredDifference(all: readonly ServiceSeries[]): StaggeredFinding {
  const series = all.filter(({ months }) => months.length > 0);
  const panel = panelOf(series, rateOf);
  const overall = contrastOf(panel, treatedMonths(panel));
  const refusal = tooFew(panel, overall) ?? unknownOutcomes(series, panel) ?? uncompared(panel, overall);
  const habits = refusal?.code === 'too-few-services' ? [] : habitsOverall(series);
  const refusing = habits.filter(refusesEffects);
  if (refusing.length > 0) return habitsChanged(refusing);
  if (refusal !== null) return refusal;
  const background = backgroundOf(panel);
  const before = divergence(backgroundOf(panel, LEADS));
  if (before !== null && before.pValue < DIVERGING) return diverging(before.pValue);
  const { freedom, ...interval } = inferenceOf(background, overall);
  return {
    kind: 'estimate',
    ...plain(interval),
    ...{ freedom, before, habits, treated: overall.treated.size, comparisons: overall.comparisons.size },
    ...{ months: panel.months, outcomes: panel.sizes.reduce((a, b) => a + b, 0), assumption: ASSUMPTION },
    events: eventsOf(background),
    phases: phasesOf(background),
  };
}

const plain = ({ value, low, high }: Interval): Interval => ({ value, low, high });

function rateOf(month: Month) {
  const size = knownOutcomes(month);
  const value = absenceRate(month);
  return value === null || size < FEWEST_OUTCOMES || completeness(month) < ENOUGH_KNOWN
    ? null
    : { value, size };
}

/** Base months of a service that are there; none when fewer than half of them are. */
function baseOf(panel: Panel, service: number, length = BASE_MONTHS): readonly number[] {
  const start = panel.starts[service] ?? Infinity;
  if (!Number.isFinite(start)) return [];
  const base = Array.from({ length }, (_, back) => start - length + back).filter((month) =>
    isThere(panel, service, month),
  );
  return base.length * 2 >= length ? base : [];
}

/**
 * Every treated service-month against its base.
 * @param baseMonths 1 for the group-time effects as published @param until last month since start, from 0
 */
export function treatedMonths(
  panel: Panel,
  baseMonths = BASE_MONTHS,
  from = 0,
  until = Infinity,
): readonly Comparison[] {
  const wanted: Comparison[] = [];
  panel.starts.forEach((start, service) => {
    const base = baseOf(panel, service, baseMonths);
    if (base.length === 0) return;
    const last = Math.min(panel.months - 1, start + until);
    for (let month = start + from; month <= last; month += 1)
      if (isThere(panel, service, month))
        wanted.push({ service, month, base, until: Math.max(month, start) });
  });
  return wanted;
}

function eventsOf(background: Background): readonly EventPoint[] {
  const { panel } = background;
  const points: EventPoint[] = [];
  for (let since = -2 * BASE_MONTHS; since < panel.months; since += 1) {
    const contrast = contrastOf(panel, treatedMonths(panel, BASE_MONTHS, since, since));
    if (contrast.treated.size < 3) continue;
    const effect = plain(roughInferenceOf(background, contrast));
    points.push({ sinceStart: since, effect, services: contrast.treated.size });
  }
  return points;
}

const PHASES = [
  ['1-3', 0, 2],
  ['4-6', 3, 5],
  ['7+', 6, Infinity],
] as const;

function phasesOf(background: Background): readonly PhaseEffect[] {
  return PHASES.flatMap(([phase, from, until]) => {
    const contrast = contrastOf(background.panel, treatedMonths(background.panel, BASE_MONTHS, from, until));
    if (contrast.treated.size < FEWEST_TREATED) return [];
    return [{ phase, effect: plain(inferenceOf(background, contrast)), services: contrast.treated.size }];
  });
}

/** Times that have an effect of their own when what came before the start is tested. */
const LEADS = [-24, -12, -6, ...SINCE];

/**
 * Whether services that were about to start already moved apart: the year before the base against the base, and the
 * first half of the base against its second; Bonferroni over both. Compared with services that start a year later or
 * never: those that start next resemble the treated ones and would hide a drift.
 */
function divergence(background: Background): { readonly pValue: number } | null {
  const { panel } = background;
  const tests = [apart(panel, -24, -13, -12, -1), apart(panel, -12, -7, -6, -1)]
    .map((wanted) => contrastOf(panel, wanted))
    .filter(({ treated }) => treated.size >= FEWEST_TREATED)
    .map((contrast) => inferenceOf(background, contrast).pValue);
  return tests.length === 0 ? null : { pValue: Math.min(1, tests.length * Math.min(...tests)) };
}

function apart(
  panel: Panel,
  from: number,
  to: number,
  baseFrom: number,
  baseTo: number,
): readonly Comparison[] {
  const range = (start: number, first: number, last: number, service: number) =>
    Array.from({ length: last - first + 1 }, (_, step) => start + first + step).filter((month) =>
      isThere(panel, service, month),
    );
  return panel.starts.flatMap((start, service) => {
    if (!Number.isFinite(start)) return [];
    const base = range(start, baseFrom, baseTo, service);
    const months = range(start, from, to, service);
    if (base.length * 2 <= baseTo - baseFrom || months.length * 2 <= to - from) return [];
    return months.map((month) => ({ service, month, base, until: start + BASE_MONTHS - 1 }));
  });
}

/** Jumps at the start, over all services, of what is recorded beside the outcome. */
function habitsOverall(series: readonly ServiceSeries[]): readonly HabitFlag[] {
  return HABITS.flatMap(({ habit, measure, least, words }) => {
    const panel = panelOf(series, (month) => {
      const value = measure(month);
      if (value === null || (habit === 'volume' && value === 0)) return null;
      return {
        value: habit === 'volume' ? Math.log(value) : value,
        size: knownOutcomes(month) + month.unknown,
      };
    });
    const contrast = contrastOf(panel, treatedMonths(panel, BASE_MONTHS, 0, 11));
    if (contrast.treated.size < FEWEST_TREATED) return [];
    if (Math.abs(valueOf(panel, contrast)) < least / 2) return [];
    if (inferenceOf(backgroundOf(panel), contrast).pValue >= IMPROBABLE) return [];
    const begun = series.filter(({ startedIn }) => startedIn !== null).map(sides);
    const before = begun.flatMap((side) => side.before.slice(-BASE_MONTHS));
    const after = begun.flatMap((side) => side.after.slice(0, BASE_MONTHS));
    return [habitFlag(habit, words, levelOf(habit, before), levelOf(habit, after))];
  });
}

function tooFew(panel: Panel, { treated, comparisons }: Contrast): Refusal | null {
  const started = panel.starts.filter(Number.isFinite).length;
  if (panel.services >= FEWEST_SERVICES && started >= FEWEST_TREATED) {
    const usable = new Set([...treated, ...comparisons]).size;
    if (usable >= FEWEST_SERVICES || treated.size < FEWEST_TREATED) return null;
  }
  return {
    kind: 'refused',
    code: 'too-few-services',
    reason: `Il faut au moins ${FEWEST_SERVICES} services comparables, dont ${FEWEST_TREATED} avec les messages ; il y en a ${panel.services}, dont ${started}.`,
  };
}

function unknownOutcomes(series: readonly ServiceSeries[], panel: Panel): Refusal | null {
  const after = series.flatMap((one) =>
    sides(one).after.filter((month) => knownOutcomes(month) + month.unknown > 0),
  );
  const unknown = after.filter((month) => completeness(month) < ENOUGH_KNOWN).length;
  if (panel.services === 0 || unknown <= after.length * MOST_EXCLUDED) return null;
  return {
    kind: 'refused',
    code: 'unknown-outcomes',
    reason: `Dans ${unknown} mois de service sur ${after.length} depuis la mise en service, moins de 98 % des issues sont connues : ce qui n’est pas noté pourrait changer le résultat.`,
  };
}

function uncompared(panel: Panel, { treated }: Contrast): Refusal | null {
  if (treated.size >= FEWEST_TREATED) return null;
  const based = new Set(treatedMonths(panel).map(({ service }) => service)).size;
  if (based < FEWEST_TREATED)
    return {
      kind: 'refused',
      code: 'too-short',
      reason: `Moins de ${FEWEST_TREATED} services ont une année observée avant leur mise en service : il manque un « avant ».`,
    };
  return {
    kind: 'refused',
    code: 'no-comparison',
    reason:
      'Aucun mois où un service avait les messages et d’autres pas encore : il n’y a personne à qui comparer.',
  };
}

function diverging(pValue: number): Refusal {
  return {
    kind: 'refused',
    code: 'diverging-before',
    reason: `Avant les messages déjà, les services qui allaient les avoir s’écartaient des autres (p = ${pValue < 0.001 ? '< 0,001' : pValue.toFixed(3).replace('.', ',')}) : la suite ne peut pas leur être attribuée.`,
  };
}
