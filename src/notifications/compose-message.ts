import { messageVariables, renderTemplate, withStopLink } from './domain/render.js';
import type { SendContext } from './send-context.query.js';

/** What a text is written from. */
export type Ingredients = Pick<
  SendContext,
  | 'date'
  | 'time'
  | 'showsAddress'
  | 'placeName'
  | 'placeAddress'
  | 'placePhone'
  | 'placeEmail'
  | 'contactMethod'
  | 'informationUrl'
>;

/**
 * The text as it will leave.
 * @param stopUrl only in the first text of a convocation
 * @throws TemplateUnrenderable
 */
export function composeMessage(template: string, from: Ingredients, stopUrl: string | null): string {
  const variables = messageVariables({
    promise: { date: from.date, time: from.time },
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
  });
  const text = renderTemplate(template, variables);
  return stopUrl === null ? text : withStopLink(text, stopUrl);
}
