export const MESSAGE_KINDS = [
  'summons',
  'reminder',
  'cancellation',
  'rescheduling',
  'after-absence',
] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

export const CHANNELS = ['sms', 'email'] as const;
export type Channel = (typeof CHANNELS)[number];

export const MESSAGE_STATES = [
  'planned',
  'queued',
  'sending',
  'uncertain',
  'accepted',
  'delivered',
  'undelivered',
  'failed',
  'withdrawn',
  'suppressed',
  'expired',
] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

/** Where a message may go next; nowhere else. */
export const MESSAGE_TRANSITIONS: Readonly<Record<MessageState, readonly MessageState[]>> = {
  planned: ['queued', 'withdrawn', 'suppressed', 'expired'],
  queued: ['sending', 'planned', 'withdrawn', 'suppressed', 'expired', 'failed'],
  sending: ['accepted', 'planned', 'failed', 'uncertain'],
  uncertain: ['accepted', 'planned', 'expired'],
  accepted: ['delivered', 'undelivered'],
  delivered: [],
  undelivered: ['planned'],
  failed: ['planned'],
  withdrawn: ['planned'],
  suppressed: [],
  expired: [],
};
