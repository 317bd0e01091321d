import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Env } from '../../../config/env.js';
import { Clock } from '../../platform/clock.js';
import { toLocal } from '../../shared/time.js';
import { composeMessage } from './compose-message.js';
import { costOf, dearest, type TextCost } from '../domain/template-cost.js';
import { TemplateUnrenderable } from '../domain/render.js';
import { penalWords } from '../domain/penal-words.js';
import { longestMoment, longestPlaces, type LongMoment, type PlaceSample } from './template-samples.query.js';
import type { TemplateKey } from './template.queries.js';

/** As long as a real one, so that the parts shown are those billed. */
const SAMPLE_TOKEN = 'x'.repeat(22);
const FRANCE = 'Europe/Paris';

export interface RenderedSample {
  readonly placeName: string;
  readonly cost: TextCost;
}

export interface TemplatePreview {
  /** On the data that make it dearest; null: the text cannot be rendered. */
  readonly worst: RenderedSample | null;
  /** How many places it was tried on. */
  readonly places: number;
  /** The link by which one stops messages is in it: it is the first text of a convocation. */
  readonly withStopLink: boolean;
  /** In the discreet register: words of justice that come with the data of a place, and whose. */
  readonly revealing: readonly { readonly placeName: string; readonly word: string }[];
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
    return one ?? { worst: null, places: 0, withStopLink: false, revealing: [] };
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
    const moments = new Map<string, LongMoment>();
    return texts.map(({ text, key }) => {
      const moment = moments.get(key.language) ?? longestMoment(today, key.language);
      moments.set(key.language, moment);
      return this.preview(text, key, samples, moment);
    });
  }

  private preview(
    template: string,
    key: PreviewedText,
    samples: readonly [PlaceSample, ...PlaceSample[]],
    moment: LongMoment,
  ): TemplatePreview {
    const withStopLink = key.kind === 'summons';
    const stopUrl = withStopLink ? `${this.env.PUBLIC_BASE_URL}/s/${SAMPLE_TOKEN}` : null;
    const render = (place: PlaceSample): RenderedSample => {
      const { register, showsAddress, language } = key;
      const from = {
        ...place,
        ...moment,
        register,
        showsAddress,
        templateLanguage: language,
        timeZone: 'UTC',
      };
      const text = composeMessage(template, from, stopUrl, moment.now);
      return { placeName: place.placeName, cost: costOf(text, template) };
    };
    try {
      const [first, ...others] = samples;
      const rendered: [RenderedSample, ...RenderedSample[]] = [render(first), ...others.map(render)];
      const revealing =
        key.register === 'discreet' ? rendered.flatMap((one) => revealed(one, stopUrl, key)) : [];
      return { worst: dearest(rendered), places: samples.length, withStopLink, revealing };
    } catch (error) {
      if (!(error instanceof TemplateUnrenderable)) throw error;
      return { worst: null, places: samples.length, withStopLink, revealing: [] };
    }
  }
}

/** The first word of justice in a rendered text, the link left out. */
function revealed({ placeName, cost }: RenderedSample, stopUrl: string | null, { language }: PreviewedText) {
  const text = stopUrl === null ? cost.text : cost.text.replace(stopUrl, '');
  const [span] = penalWords(text, language);
  return span === undefined ? [] : [{ placeName, word: text.slice(span.start, span.end) }];
}
