/** Hours before the appointment at which everybody is told, refuses, cannot be told, or is an agent's task. */
export const DECIDED_HOURS = 4;

/** Hours before the appointment from which a text nobody confirmed is said again by e-mail. */
export const UNCONFIRMED_HOURS = 24;

/** Minutes an operator's receipt is waited for before a text counts as unconfirmed. */
export const RECEIPT_MINUTES = 30;

/** What is known of how one booked convocation was told, of its present promise only. */
export interface ReachFacts {
  /** A task « joindre autrement » is open. */
  readonly taskOpen: boolean;
  /** A text was delivered, or a mail relay took an e-mail: it never confirms. */
  readonly arrived: boolean;
  /** Of what arrived: e-mails only. They have not come back; nothing acknowledges them. */
  readonly onlyByEmail: boolean;
  /** An agent closed the task: the person knows. */
  readonly toldByAgent: boolean;
  /** An agent closed the task: the person cannot be reached. */
  readonly gaveUp: boolean;
  /** An agent closed the task « joindre autrement », whatever came of it. */
  readonly wasAsked: boolean;
  readonly smsRefused: boolean;
  readonly hasPhone: boolean;
  /** Known, and the mail channel is on. */
  readonly hasEmail: boolean;
  /** A text was taken by an operator that has not confirmed it. */
  readonly unconfirmed: boolean;
  /** A text is planned, queued, on its way or in doubt, and not to a number whose holder says it is not theirs. */
  readonly waiting: boolean;
  /** A text or an e-mail went to somebody who says that the number or the address is not theirs: nothing arrived so. */
  readonly toldStranger: boolean;
}

/**
 * `pending`: none of the others yet. At four hours before the appointment nobody is left in it. `reached-by-email` is
 * the class « reached » without an acknowledgement, and is shown so.
 */
export type ReachState = 'task-open' | 'reached' | 'reached-by-email' | 'unreachable' | 'refused' | 'pending';

/** The one class a convocation is in. What an agent still has to do comes before everything else. */
export function reachOf(facts: ReachFacts): ReachState {
  if (facts.taskOpen) return 'task-open';
  if (facts.toldByAgent) return 'reached';
  if (facts.arrived) return facts.onlyByEmail ? 'reached-by-email' : 'reached';
  if (facts.gaveUp) return 'unreachable';
  if (facts.hasEmail) return 'pending';
  if (facts.smsRefused) return 'refused';
  return facts.hasPhone ? 'pending' : 'unreachable';
}

/** Nobody told the person, and nobody else can: one whom no text may reach is asked about once, too. */
export function needsAgent(facts: ReachFacts): boolean {
  const reach = reachOf(facts);
  if (reach === 'pending') return true;
  return (reach === 'refused' || reach === 'unreachable') && !facts.gaveUp && !facts.wasAsked;
}

const NOTHING_SENT = { refused: 'sms-refused', unreachable: 'no-phone' } as const;

/** Why an agent must act, when nothing else came of it in time. */
export function whyPending(
  facts: ReachFacts,
): 'not-confirmed' | 'still-waiting' | 'told-stranger' | 'sms-refused' | 'no-phone' | 'nothing-sent' {
  if (facts.unconfirmed) return 'not-confirmed';
  if (facts.waiting) return 'still-waiting';
  if (facts.toldStranger) return 'told-stranger';
  const reach = reachOf(facts);
  return reach === 'refused' || reach === 'unreachable' ? NOTHING_SENT[reach] : 'nothing-sent';
}
