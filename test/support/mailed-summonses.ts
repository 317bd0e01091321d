import { moveClock } from './database.js';
import { eventually } from './engine.js';
import type { RelayStand } from './stand.js';
import { at } from './world.js';

/** Summonses that leave by e-mail through a relay that misbehaves, and what came of them. */
export class MailedSummonses {
  constructor(private readonly stand: RelayStand) {}

  /** Somebody without a telephone, summoned at once. */
  async summoned(email: string, day: string): Promise<string> {
    await moveClock(this.stand.database.dataSource, at(day, '10:00'));
    const date = day.replace('2026-06', '2026-07');
    const id = await this.stand.world.book({ date, time: '09:30', phone: null, email, notify: true });
    await this.stand.database.dataSource.query(
      `INSERT INTO person_organization (person_id, organization_id)
       SELECT person_id, organization_id FROM convocation WHERE id = $1`,
      [id],
    );
    await this.stand.engine.run('relay');
    await this.left(id);
    return id;
  }

  /** The call has ended, whatever came of it. */
  private async left(id: string): Promise<void> {
    await eventually(async () => !['queued', 'sending'].includes((await this.summons(id)).state));
  }

  async summons(id: string) {
    const found = (await this.stand.world.messages(id)).find(({ kind }) => kind === 'summons');
    if (found === undefined) throw new Error('no summons');
    return found;
  }

  async attempts(id: string): Promise<{ result: string; code: string | null }[]> {
    return this.stand.database.dataSource.query(
      `SELECT a.result, a.error_code AS code FROM delivery_attempt a JOIN message m ON m.id = a.message_id
        WHERE m.convocation_id = $1 AND m.kind = 'summons' ORDER BY a.number`,
      [id],
    );
  }

  async tasks(id: string): Promise<{ kind: string; reason: string; outcome: string | null }[]> {
    return this.stand.database.dataSource.query(
      `SELECT kind, reason, outcome FROM agent_task
        WHERE person_id = (SELECT person_id FROM convocation WHERE id = $1) ORDER BY opened_at, kind`,
      [id],
    );
  }
}
