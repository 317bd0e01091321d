import { type Instant, instantOf } from '../../shared/time.js';
import type { RecentText, SendFacts } from '../domain/decide-send.js';
import type { MessageKind } from '../domain/notification.states.js';
import type { SendContext } from './send-context.js';

/** A text of the same batch that is about to leave to the same person. */
export type LeavingText = Pick<SendContext, 'messageId' | 'kind' | 'convocationId' | 'promiseVersion'>;

/**
 * What the rules ask, from what the rows say.
 * @param leaving texts of this batch to the same person; @param now when they leave
 */
export function factsOf(context: SendContext, leaving: readonly LeavingText[], now: Instant): SendFacts {
  return {
    kind: context.kind,
    promiseVersion: context.promiseVersion,
    usefulUntil: instantOf(context.usefulUntil),
    convocation: {
      state: context.convocationState,
      promiseVersion: context.currentPromiseVersion,
      promise: { date: context.date, time: context.time, timeZone: context.timeZone },
    },
    person: context,
    wantedChannel: context.wantedChannel,
    isRepeat: context.isRepeat,
    isSpaced: context.isSpaced,
    lately: {
      texts: recentTexts(context, leaving, now),
      weeklyLimit: context.weeklyLimit ?? Number.POSITIVE_INFINITY,
      isNewsDue: (context.newsDue ?? []).length > 0,
      isLastReminder: context.isLastReminder,
    },
  };
}

function recentTexts(
  context: SendContext,
  leaving: readonly LeavingText[],
  now: Instant,
): readonly RecentText[] {
  if (context.recent === null && leaving.length === 0) return [];
  const isSamePromise = (text: { readonly convocationId: string; readonly promiseVersion: number }) =>
    text.convocationId === context.convocationId && text.promiseVersion === context.promiseVersion;
  const recent = context.recent ?? [];
  return [
    ...recent.flatMap(({ at, kind, textId }) =>
      at === null
        ? []
        : {
            at: instantOf(new Date(at)),
            // One text may say several promises.
            isSamePromise: recent.some((said) => said.textId === textId && isSamePromise(said)),
            isAnnouncement: isAnnouncement({ kind }),
          },
    ),
    ...leaving.map((text) => ({
      at: now,
      isSamePromise: isSamePromise(text),
      isAnnouncement: isAnnouncement(text),
    })),
  ];
}

function isAnnouncement({ kind }: { readonly kind: MessageKind }): boolean {
  return kind === 'summons' || kind === 'rescheduling';
}
