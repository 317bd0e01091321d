import type { Instant } from '../../shared/time.js';
import { mayLeaveAsOne } from '../domain/joined-text.js';
import type { Channel } from '../domain/notification.states.js';
import { TemplateUnrenderable } from '../domain/render.js';
import { type Announcement, composeAsOne } from '../templates/compose-message.js';
import { needsLink, type SendContext } from './send-context.js';

/** How the text leaves. */
export interface JoinedLeaving {
  readonly channel: Channel;
  readonly stopUrl: string;
  readonly now: Instant;
  /** Hours (`HH:mm`) of reminders that the own text tells in a word. */
  readonly alsoAt: readonly string[];
}

/** Several messages as one text. */
export interface JoinedText {
  readonly body: string;
  /** What it says besides its own, whole. */
  readonly joined: readonly SendContext[];
}

/**
 * The text of a message with those of others for the same day, each whole, in the order of their hours: as many as may
 * leave as one. One that cannot be written, or would make it too long, leaves on its own.
 * @throws TemplateUnrenderable when its own text cannot be written
 */
export function joinTexts(
  own: SendContext,
  others: readonly SendContext[],
  leaving: JoinedLeaving,
): JoinedText {
  const write = (said: readonly SendContext[]) => {
    const stop = said.some((one) => needsLink(one, leaving.channel)) ? leaving : null;
    const texts = said.map((one) => announcementOf(one, one === own ? leaving.alsoAt : []));
    return composeAsOne(texts, stop === null ? null : { url: stop.stopUrl, by: stop.channel }, leaving.now);
  };
  let said = [own];
  let body = write(said);
  for (const other of others) {
    const more = [...said, other].sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime());
    const text = unlessUnrenderable(() => asOne(more, write, leaving.channel));
    if (text !== null) [said, body] = [more, text];
  }
  return { body, joined: said.filter((one) => one !== own) };
}

/** Null where they may not leave as one. */
function asOne(
  said: readonly SendContext[],
  write: (said: readonly SendContext[]) => string,
  channel: Channel,
): string | null {
  const apart = said.map((one) => write([one]));
  const text = write(said);
  return channel === 'email' || mayLeaveAsOne(text, apart) ? text : null;
}

function unlessUnrenderable(compose: () => string | null): string | null {
  try {
    return compose();
  } catch (error) {
    if (error instanceof TemplateUnrenderable) return null;
    throw error;
  }
}

function announcementOf(from: SendContext, alsoAt: readonly string[]): Announcement {
  return { template: from.templateText ?? '', from, alsoAt };
}
