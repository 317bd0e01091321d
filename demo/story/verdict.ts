import { digest } from '../../src/shared/tokens.js';
import type { Player } from './cast.js';
import type { Stage } from './stage.js';

export interface Step {
  readonly step: string;
  readonly ok: boolean;
  readonly seen: string;
}

export interface Verdict {
  readonly story: 'ok' | 'failed';
  readonly steps: readonly Step[];
  /** Taken by the operator, by the mail catcher: those of the seeded world included. */
  readonly sms: number;
  readonly emails: number;
  readonly lost: number;
  readonly duplicated: number;
}

/** Computed from the operator's and the mail catcher's own logs and from SQL, never from what the service says. */
export async function verdict(
  stage: Stage,
  players: readonly Player[],
  steps: readonly Step[],
  from: Date,
): Promise<Verdict> {
  const texts = await stage.texts();
  const mails = await stage.mails();
  const balance = players.flatMap((player) => [
    texts.filter(({ to }) => to === player.phone).length - player.expectedTexts,
    player.email === undefined
      ? 0
      : mails.filter(({ to }) => to === player.email).length - player.expectedMails,
  ]);
  const world = await judgeWorld(stage, texts, from);
  const lost = sum(balance.map((difference) => Math.max(0, -difference))) + world.claimed;
  const duplicated = sum(balance.map((difference) => Math.max(0, difference))) + world.repeated;
  const ok = lost === 0 && duplicated === 0 && steps.every((step) => step.ok);
  return { story: ok ? 'ok' : 'failed', steps, sms: texts.length, emails: mails.length, lost, duplicated };
}

/**
 * The rest of the world: attempts said to be taken that the operator never saw, and messages it took twice without
 * the flag. The token at the end of the callback address ties its log to our attempts.
 */
async function judgeWorld(
  stage: Stage,
  texts: readonly { statusCallback: string | null }[],
  from: Date,
): Promise<{ claimed: number; repeated: number }> {
  const taken = texts.map(({ statusCallback }) => digest(statusCallback?.split('/').at(-1) ?? ''));
  const claimed = await stage.sql(
    `SELECT FROM delivery_attempt WHERE channel = 'sms' AND real_started_at >= $1
        AND result IN ('accepted', 'delivered', 'undelivered') AND NOT token_hash = ANY($2::bytea[])`,
    from,
    taken,
  );
  const repeated = await stage.sql(
    `SELECT FROM delivery_attempt a JOIN message m ON m.id = a.message_id
      WHERE a.token_hash = ANY($1::bytea[]) AND NOT m.possible_duplicate AND m.convocation_id <> ALL($2::uuid[])
      GROUP BY m.id HAVING count(*) > 1`,
    taken,
    await storyConvocations(stage),
  );
  return { claimed: claimed.length, repeated: repeated.length };
}

/** Counted one by one already. */
async function storyConvocations(stage: Stage): Promise<unknown[]> {
  const rows = await stage.sql(
    `SELECT c.id FROM convocation c JOIN person p ON p.id = c.person_id WHERE p.first_name = 'Histoire'`,
  );
  return rows.map((row) => row['id']);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
