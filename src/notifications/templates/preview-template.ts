import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Env } from '../../../config/env.js';
import { Clock } from '../../platform/clock.js';
import { toLocal } from '../../shared/time.js';
import { composeMessage, type StopLink } from './compose-message.js';
import { costOf, dearest, type TextCost } from '../domain/template-cost.js';
import { NotDiscreet } from '../domain/discreet-place.js';
import { TemplateUnrenderable } from '../domain/render.js';
import {
  longestMoment,
  longestPlaces,
  type LongMoment,
  ORDINARY,
  type PlaceSample,
} from './template-samples.query.js';
import type { TemplateKey } from './template.queries.js';

/**
 * Days before the appointment on which its day has words of its own, « demain » or « après-demain »: whatever its plan,
 * a text may leave on either, a reminder because of a closed day or because it is late.
 */
const BEFORE = [1, 2] as const;
/** The day after the appointment. */
const AFTER = [-1] as const;
/** As long as a real one, so that the parts shown are those billed. */
const SAMPLE_TOKEN = 'x'.repeat(22);
const FRANCE = 'Europe/Paris';

/** The text on the data of one place. */
export interface RenderedSample {
  readonly placeName: string;
  readonly cost: TextCost;
}

/** What a text becomes on the real places of a service. */
export interface TemplatePreview {
  /** On the data that make it dearest; null: the text cannot be rendered. */
  readonly worst: RenderedSample | null;
  /** How many places it was tried on. */
  readonly places: number;
  /**
   * As the first text that reaches the telephone for a convocation, with the link by which one stops messages: always
   * so for a summons, rarely for the others.
   */
  readonly asFirst: RenderedSample | null;
  /** Of the discreet register: places whose address names justice, with the word; there the text does not leave. */
  readonly revealing: readonly RevealingPlace[];
}

/** A place whose address names justice. */
export interface RevealingPlace {
  readonly placeName: string;
  readonly word: string;
}

const NONE: TemplatePreview = { worst: null, places: 0, asFirst: null, revealing: [] };

/** Parts that a text may take at most, whatever it carries. */
export function mostSegments({ worst, asFirst }: TemplatePreview): number {
  return Math.max(worst?.cost.segments ?? 0, asFirst?.cost.segments ?? 0);
}

export type PreviewedText = TemplateKey & { readonly showsAddress: boolean };

/** A text on the longest real data of the service, as it would leave and be billed. */
@Injectable()
export class PreviewTemplate {
  constructor(
    private readonly env: Env,
    private readonly clock: Clock,
  ) {}

  /** @param places most to try */
  async execute(tx: EntityManager, text: string, key: PreviewedText, places = 200): Promise<TemplatePreview> {
    const [one] = await this.all(tx, [{ text, key }], key.organizationId, places);
    return one ?? NONE;
  }

  /** Several texts of one service at once. */
  async all(
    tx: EntityManager,
    texts: readonly { readonly text: string; readonly key: PreviewedText }[],
    organizationId: string | null,
    most: number,
  ): Promise<readonly TemplatePreview[]> {
    const samples = await longestPlaces(tx, organizationId, most);
    const { date: today } = toLocal(await this.clock.now(tx), FRANCE);
    const known = new Map<string, LongMoment>();
    return texts.map(({ text, key }) => {
      const name = `${key.language} ${key.kind === 'after-absence'}`;
      const days = key.kind === 'after-absence' ? AFTER : BEFORE;
      const moment = known.get(name) ?? longestMoment(today, key.language, days);
      known.set(name, moment);
      return this.preview(text, key, samples, moment);
    });
  }

  private preview(
    template: string,
    key: PreviewedText,
    samples: readonly [PlaceSample, ...PlaceSample[]],
    moment: LongMoment,
  ): TemplatePreview {
    const stop: StopLink = { url: `${this.env.PUBLIC_BASE_URL}/s/${SAMPLE_TOKEN}`, by: 'sms' };
    const render = (place: PlaceSample, link: StopLink | null): RenderedSample => {
      const { register, showsAddress, language } = key;
      const shown = {
        ...place,
        ...moment,
        register,
        showsAddress,
        templateLanguage: language,
        timeZone: 'UTC',
      };
      const text = composeMessage(template, shown, link, moment.now);
      return { placeName: place.placeName, cost: costOf(text, template) };
    };
    try {
      const { sayable, revealing } = apart(samples, (place) => render(place, null));
      const all = (link: StopLink | null) => dearest(map(sayable, (place) => render(place, link)));
      const asFirst = all(stop);
      const worst = key.kind === 'summons' ? asFirst : all(null);
      return { worst, places: samples.length, asFirst, revealing };
    } catch (error) {
      if (!(error instanceof TemplateUnrenderable)) throw error;
      return { ...NONE, places: samples.length };
    }
  }
}

type Places = readonly [PlaceSample, ...PlaceSample[]];

/** Places where a discreet text would name justice are told apart; where all do, it is shown on an ordinary one. */
function apart(
  samples: Places,
  render: (place: PlaceSample) => RenderedSample,
): { readonly sayable: Places; readonly revealing: readonly RevealingPlace[] } {
  const revealing: RevealingPlace[] = [];
  const [first = ORDINARY, ...others] = samples.filter((place) => {
    const word = revealedBy(() => render(place));
    if (word !== null) revealing.push({ placeName: place.placeName, word });
    return word === null;
  });
  return { sayable: [first, ...others], revealing };
}

function revealedBy(render: () => RenderedSample): string | null {
  try {
    render();
    return null;
  } catch (error) {
    if (error instanceof NotDiscreet) return error.word;
    throw error;
  }
}

function map<T, R>([first, ...others]: readonly [T, ...T[]], of: (one: T) => R): [R, ...R[]] {
  return [of(first), ...others.map(of)];
}
