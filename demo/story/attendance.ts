import { DAY, type Player } from './cast.js';
import { ask } from './office.js';
import type { Seen } from './scenes.js';
import type { Stage } from './stage.js';

const MISSED = 3;

/** Outcomes are marked after the hour; the director's figure of the day follows, and agrees with the rows. */
export async function absenceMoves(stage: Stage, players: readonly Player[]): Promise<Seen> {
  await stage.moveClock(Date.parse(`${DAY}T17:00:00Z`));
  const mark = async (player: Player, outcome: 'attend' | 'miss') =>
    ask(
      stage.demo.file,
      player.scene.service,
      'POST',
      `/convocations/${player.convocationId}/${outcome}`,
      {},
    );
  for (const player of players.slice(MISSED)) await mark(player, 'attend');
  const before = await figure(stage, players);
  for (const player of players.slice(0, MISSED)) await mark(player, 'miss');
  const after = await figure(stage, players);
  const recounted = await recount(stage, players);
  return {
    ok: before === 0 && after !== null && after === recounted && after > before,
    seen: `absence rate ${percent(before)} → ${percent(after)}, recounted ${percent(recounted)}`,
  };
}

async function figure(stage: Stage, [first]: readonly Player[]): Promise<number | null> {
  const path = `/statistics/attendance?from=${DAY}&to=${DAY}&groupBy=month`;
  const rows = await ask(stage.demo.file, first?.scene.service ?? '', 'GET', path);
  return (rows as unknown as readonly { absenceRate: number | null }[])[0]?.absenceRate ?? null;
}

/** By SQL, of the rows themselves. */
async function recount(stage: Stage, [first]: readonly Player[]): Promise<number | null> {
  const [row] = await stage.sql(
    `SELECT (count(*) FILTER (WHERE c.state = 'missed'))::float8
            / nullif(count(*) FILTER (WHERE c.state IN ('attended', 'missed', 'excused')), 0) AS rate
       FROM convocation c JOIN organization o ON o.id = c.organization_id
      WHERE o.name = $1 AND c.local_date = $2`,
    first?.scene.service,
    DAY,
  );
  return (row?.['rate'] as number | null | undefined) ?? null;
}

function percent(rate: number | null): string {
  return rate === null ? 'unknown' : `${(rate * 100).toFixed(1)} %`;
}
