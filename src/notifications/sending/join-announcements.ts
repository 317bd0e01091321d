import type { Instant } from '../../shared/time.js';
import { mayLeaveAsOne } from '../domain/joined-text.js';
import type { Channel } from '../domain/notification.states.js';
import { TemplateUnrenderable } from '../domain/render.js';
import { type Announcement, composeAsOne, composeMessage } from '../templates/compose-message.js';
import type { SendContext } from './send-context.query.js';

/** How the text leaves. */
export interface JoinedLeaving {
  readonly channel: Channel;
  readonly stopUrl: string;
  readonly now: Instant;
}

/** Several announcements as one text. */
export interface JoinedText {
  readonly body: string;
  /** What it says besides its own. */
  readonly joined: readonly SendContext[];
}

/**
 * The text of an announcement with those of others for the same day, each whole, in the order of their hours: as many
 * as may leave as one. One that cannot be written, or would make it too long, leaves on its own.
 * @throws TemplateUnrenderable when its own text cannot be written
 */
export function joinAnnouncements(
  own: SendContext,
  others: readonly SendContext[],
  leaving: JoinedLeaving,
): JoinedText {
  let said = [own];
  let body = alone(own, leaving);
  for (const other of others) {
    const more = [...said, other].sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime());
    const text = asOne(more, leaving);
    if (text !== null) [said, body] = [more, text];
  }
  return { body, joined: said.filter((one) => one !== own) };
}

function asOne(said: readonly SendContext[], leaving: JoinedLeaving): string | null {
  const { stopUrl, now, channel } = leaving;
  try {
    const apart = said.map((one) => alone(one, leaving));
    const isFirst = said.some((one) => one.isFirst);
    const text = composeAsOne(said.map(announcementOf), isFirst ? stopUrl : null, now);
    return channel === 'email' || mayLeaveAsOne(text, apart) ? text : null;
  } catch (error) {
    if (error instanceof TemplateUnrenderable) return null;
    throw error;
  }
}

function alone(context: SendContext, { stopUrl, now }: JoinedLeaving): string {
  const { template, from } = announcementOf(context);
  return composeMessage(template, from, context.isFirst ? stopUrl : null, now);
}

function announcementOf(from: SendContext): Announcement {
  return { template: from.templateText ?? '', from };
}
