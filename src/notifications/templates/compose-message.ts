import { languageOf, type LanguageCode } from '../../shared/message-languages.js';
import { alsoForMessage } from '../../shared/sms-dates.js';
import type { Instant } from '../../shared/time.js';
import { discreetPlace, refuseJustice } from '../domain/discreet-place.js';
import type { Channel } from '../domain/notification.states.js';
import { closed, renderTemplate } from '../domain/render.js';
import { messageVariables, type RenderSource } from '../domain/template-variables.js';
import type { SendContext } from '../sending/send-context.js';

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

/** The link by which whoever reads the text asks for no more of them. */
export interface StopLink {
  readonly url: string;
  /** What it stops: those that come by the same way. */
  readonly by: Channel;
}

/** One of the appointments that a text tells. */
export interface Announcement {
  readonly template: string;
  readonly from: Ingredients;
  /** Hours (`HH:mm`) of others of that day, at the same place and of the same type. */
  readonly alsoAt?: readonly string[];
}

/**
 * The text as it will leave.
 * @param stop only where the recipient has none yet
 * @param now when it leaves: its words for the day are true then
 * @throws TemplateUnrenderable; NotDiscreet where a discreet text would name justice
 */
export function composeMessage(
  template: string,
  from: Ingredients,
  stop: StopLink | null,
  now: Instant,
  alsoAt: readonly string[] = [],
): string {
  return composeAsOne([{ template, from, alsoAt }], stop, now);
}

/**
 * Several announcements in one text, each whole, and one stop link at most; parameters and errors as those of
 * {@link composeMessage}.
 * @param announcements at least one, in the order in which they are read
 */
export function composeAsOne(
  announcements: readonly Announcement[],
  stop: StopLink | null,
  now: Instant,
): string {
  const texts = announcements.map((one, at) => said(one, at === 0 ? (stop?.url ?? null) : null, now));
  const text = texts.join('\n\n');
  if (stop === null || text.includes(stop.url)) return text;
  return withStopLink(text, stop, languageOf(announcements[0]?.from.templateLanguage ?? null).code);
}

function said({ template, from, alsoAt = [] }: Announcement, stopUrl: string | null, now: Instant): string {
  const source = sourceOf(template, from, stopUrl, now);
  const text = renderTemplate(template, messageVariables(source));
  if (alsoAt.length === 0) return text;
  // From right to left, the line before may have taken the other direction from an address.
  const between = languageOf(source.language).rightToLeft ? '\n' : ' ';
  const also = alsoAt.map((time) => `${alsoForMessage(time, source.language)}.`);
  return `${closed(text)}${between}${also.join(' ')}`;
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

const STOPS: Readonly<Record<Channel, string>> = { sms: 'Stop SMS', email: 'Stop e-mail' };

/** No full stop after a link or an e-mail address: some phones would take it into the address. */
export function withStopLink(text: string, { url, by }: StopLink, language: LanguageCode): string {
  // On a line of its own, the link is read from left to right.
  if (languageOf(language).rightToLeft) return `${text}\nSTOP ${url}`;
  return `${closed(text)} ${STOPS[by]} : ${url}`;
}
