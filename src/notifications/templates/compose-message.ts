import { languageOf, type LanguageCode } from '../../shared/message-languages.js';
import { alsoForMessage } from '../../shared/sms-dates.js';
import type { Instant } from '../../shared/time.js';
import { discreetPlace, refuseJustice } from '../domain/discreet-place.js';
import { closed, renderTemplate, withStopLink } from '../domain/render.js';
import { asRead, messageVariables, plainSpaces, type RenderSource } from '../domain/template-variables.js';
import type { SendContext } from '../sending/send-context.query.js';

/** What a text is written from. */
export type Ingredients = Pick<
  SendContext,
  | 'date'
  | 'time'
  | 'timeZone'
  | 'register'
  | 'showsAddress'
  | 'placeName'
  | 'placeAddress'
  | 'placePhone'
  | 'placeEmail'
  | 'contactMethod'
  | 'informationUrl'
  | 'templateLanguage'
>;

/** Another appointment of the same person that day, told by the same text. */
export interface AlsoThatDay {
  /** `HH:mm` at the place. */
  readonly time: string;
  readonly placeName: string;
}

/**
 * The text as it will leave.
 * @param stopUrl only in the first text of a convocation
 * @param now when it leaves: its words for the day are true then
 * @throws TemplateUnrenderable; NotDiscreet where a discreet text would name justice
 */
export function composeMessage(
  template: string,
  from: Ingredients,
  stopUrl: string | null,
  now: Instant,
  alsoThatDay: readonly AlsoThatDay[] = [],
): string {
  const source = sourceOf(template, from, stopUrl, now);
  const text = renderTemplate(template, messageVariables(source));
  if (alsoThatDay.length === 0) return withStop(text, stopUrl, source.language);
  // From right to left, the line before may have taken the other direction from an address.
  const between = languageOf(source.language).rightToLeft ? '\n' : ' ';
  const whole = `${closed(text)}${between}${others(alsoThatDay, from, source)}`;
  return withStop(whole, stopUrl, source.language);
}

/** One of the announcements that leave as one text. */
export interface Announcement {
  readonly template: string;
  readonly from: Ingredients;
}

/**
 * Several announcements in one text, each whole, and one stop link at most; parameters and errors as those of
 * {@link composeMessage}.
 * @param announcements at least one, in the order in which they are read
 */
export function composeAsOne(
  announcements: readonly Announcement[],
  stopUrl: string | null,
  now: Instant,
): string {
  const texts = announcements.map(({ template, from }, at) => {
    const source = sourceOf(template, from, at === 0 ? stopUrl : null, now);
    return renderTemplate(template, messageVariables(source));
  });
  return withStop(
    texts.join('\n\n'),
    stopUrl,
    languageOf(announcements[0]?.from.templateLanguage ?? null).code,
  );
}

function withStop(text: string, stopUrl: string | null, language: LanguageCode): string {
  return stopUrl === null || text.includes(stopUrl) ? text : withStopLink(text, stopUrl, language);
}

function sourceOf(template: string, from: Ingredients, stopUrl: string | null, now: Instant): RenderSource {
  const source = plainSourceOf(from, stopUrl, now);
  if (from.register === 'standard') return source;
  refuseJustice(template, source.language);
  return { ...source, place: discreetPlace(template, source) };
}

function plainSourceOf(from: Ingredients, stopUrl: string | null, now: Instant): RenderSource {
  return {
    promise: { date: from.date, time: from.time, timeZone: from.timeZone },
    now,
    language: languageOf(from.templateLanguage).code,
    place: {
      name: from.placeName,
      address: from.placeAddress,
      phone: from.placePhone,
      email: from.placeEmail,
      contactMethod: from.contactMethod,
      informationUrl: from.informationUrl,
    },
    showsAddress: from.showsAddress,
    stopUrl,
  };
}

/** « Aussi à 14h00, TJ Nanterre. »: in the discreet register, and at the same place, the hour alone. */
function others(alsoThatDay: readonly AlsoThatDay[], from: Ingredients, { language }: RenderSource): string {
  const sentences = alsoThatDay.map(({ time, placeName }) => {
    const isElsewhere = from.register === 'standard' && placeName !== from.placeName;
    const where = isElsewhere ? `, ${asRead(plainSpaces(placeName), language)}` : '';
    return `${alsoForMessage(time, language)}${where}.`;
  });
  return sentences.join(' ');
}
