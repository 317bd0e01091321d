import { waitFor } from '../support/processes.js';
import { BETWEEN, type Kind, type Player } from './cast.js';
import type { Seen } from './scenes.js';
import type { Stage, Taken } from './stage.js';

export interface Step extends Seen {
  readonly name: string;
}

export interface Verdict {
  readonly story: 'ok' | 'failed';
  readonly steps: readonly Step[];
  /** Taken by the operator. */
  readonly sms: number;
  /** Taken by the mail catcher. */
  readonly emails: number;
  /** Promised and never taken. */
  readonly lost: number;
  /** Taken beyond what was promised: a second time, or never meant to leave. */
  readonly duplicated: number;
}

export type Account = Omit<Verdict, 'story' | 'steps'>;

/** Counted from the operator's and the mail catcher's own logs, against what the story promised. */
export async function account(stage: Stage, players: readonly Player[]): Promise<Account> {
  const [texts, mails] = await Promise.all([stage.texts(), stage.mails()]);
  const taken = [...texts, ...mails];
  const balance = players.flatMap((player) =>
    (['summons', 'reminder'] as const).map(balanceOf(player, taken)),
  );
  const strangers = taken.filter(({ to }) => !players.some(({ address }) => address === to));
  return {
    sms: texts.length,
    emails: mails.length,
    lost: sum(balance.map((difference) => Math.max(0, -difference))),
    duplicated: sum(balance.map((difference) => Math.max(0, difference))) + strangers.length,
  };
}

/** Messages taken beyond (or below: negative) the promise. A reminder never makes up for a lost summons. */
function balanceOf(player: Player, taken: readonly Taken[]): (kind: Kind) => number {
  return (kind) => {
    const mine = taken.filter(
      ({ to, at }) => to === player.address && at >= BETWEEN === (kind === 'reminder'),
    );
    return mine.length - (player.expects.includes(kind) ? 1 : 0);
  };
}

/** Once each, all of them received, and the rows say the same as the logs. */
export async function everyPromiseOnce(stage: Stage, players: readonly Player[]): Promise<Seen> {
  const rows = () => stage.count(`message WHERE state NOT IN ('delivered', 'suppressed')${NOT_A_MAIL}`);
  await waitFor(async () => (await rows()) === 0, 4_000);
  const { sms, emails, lost, duplicated } = await account(stage, players);
  const undelivered = await rows();
  const delivered = await stage.count(`message WHERE state = 'delivered'`);
  return {
    ok: lost === 0 && duplicated === 0 && undelivered === 0 && delivered === sms,
    seen: `${sms} texts and ${emails} mails left, ${lost} lost, ${duplicated} too many; ${delivered} texts known to be delivered, ${undelivered} messages not`,
  };
}

/** A mail is taken or not: nothing tells more. */
const NOT_A_MAIL = ` AND NOT (state = 'accepted' AND EXISTS (
  SELECT FROM delivery_attempt a WHERE a.message_id = message.id AND a.channel = 'email'))`;

export function judge(steps: readonly Step[], counts: Account): Verdict {
  const ok = counts.lost === 0 && counts.duplicated === 0 && steps.every((step) => step.ok);
  return { story: ok ? 'ok' : 'failed', steps, ...counts };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
