import { MESSAGE_STATES, MESSAGE_TRANSITIONS, type MessageState } from './notification.states.js';

/** What the engine writes, arrow by arrow, with the file that writes it. */
const WRITTEN: readonly [from: MessageState, to: MessageState, where: string][] = [
  ['planned', 'queued', 'relay-due'],
  ['planned', 'withdrawn', 'plan-messages'],
  ['planned', 'expired', 'sweep-messages'],
  ['queued', 'planned', 'sweep-messages, relay-due'],
  ['queued', 'sending', 'prepare-sends'],
  ['queued', 'withdrawn', 'prepare-sends, plan-messages'],
  ['queued', 'suppressed', 'prepare-sends'],
  ['queued', 'expired', 'prepare-sends, sweep-messages'],
  ['queued', 'failed', 'prepare-sends'],
  ['sending', 'accepted', 'record-outcomes, record-receipt'],
  ['sending', 'planned', 'record-outcomes'],
  ['sending', 'failed', 'record-outcomes'],
  ['sending', 'uncertain', 'record-outcomes, sweep-messages'],
  ['uncertain', 'accepted', 'resolve-uncertain, record-receipt'],
  ['uncertain', 'planned', 'resolve-uncertain'],
  ['uncertain', 'expired', 'resolve-uncertain'],
  ['accepted', 'delivered', 'record-receipt'],
  ['accepted', 'undelivered', 'record-receipt'],
  ['withdrawn', 'planned', 'plan-messages'],
];

describe('message states', () => {
  it.each(WRITTEN)('allows %s → %s (%s)', (from, to) => {
    expect(MESSAGE_TRANSITIONS[from]).toContain(to);
  });

  it('reaches every state from planned', () => {
    const reached = new Set<MessageState>(['planned']);
    for (const from of reached) for (const to of MESSAGE_TRANSITIONS[from]) reached.add(to);
    expect([...reached].sort()).toEqual([...MESSAGE_STATES].sort());
  });
});
