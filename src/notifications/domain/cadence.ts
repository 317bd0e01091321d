import type { Instant, LocalTime } from '../../shared/time.js';
import type { MessageKind } from './notification.states.js';
import type { SendWindow } from './send-window.js';

export interface PlanInput {
  readonly promise: LocalTime;
  readonly startsAt: Instant;
  readonly bookedAt: Instant;
  readonly announce: 'summons' | 'rescheduling' | null;
  readonly offsets?: readonly number[];
  readonly window: SendWindow | null;
  readonly isClosed?: (date: string) => boolean;
}

export type MoveReason = 'window' | 'gap' | 'closed-day' | 'late';

export interface PlannedMessage {
  readonly kind: MessageKind;
  readonly offsetDays: number;
  readonly dueAt: Instant;
  readonly usefulUntil: Instant;
  readonly localDate: string;
  readonly localTime: string;
  readonly reason: MoveReason | null;
}

export function planMessages(_input: PlanInput): PlannedMessage[] {
  throw new Error('not written yet');
}
export function usefulUntil(_kind: MessageKind, _startsAt: Instant): Instant {
  throw new Error('not written yet');
}
export function announcementDueAt(
  _now: Instant,
  _timeZone: string,
  _window: SendWindow | null,
  _isClosed?: (date: string) => boolean,
): Instant {
  throw new Error('not written yet');
}
