import { RecordReceipt } from '../../src/notifications/sending/record-receipt.js';
import { moveClock } from './database.js';
import { PUBLIC_BASE_URL } from './engine.js';
import type { OperatorMessage } from './plain-operator.js';
import type { MailStand } from './stand.js';
import { aMobile, at, type BookingWishes } from './world.js';

interface Row {
  readonly id: string;
  readonly state: string;
  readonly reason: string | null;
  readonly told_by_message_id: string | null;
  readonly ladder_step: number;
}

/** Two appointments of one person on one day, and what was said of them. */
export class SameDay {
  constructor(private readonly stand: MailStand) {}

  readonly query = <T = unknown>(sql: string, values: readonly unknown[] = []): Promise<T[]> =>
    this.stand.database.dataSource.query(sql, [...values]);

  readonly clock = (date: string, time: string) => moveClock(this.stand.database.dataSource, at(date, time));

  readonly message = async (convocationId: string, kind = 'summons'): Promise<Row> => {
    const [row] = await this.query<Row>('SELECT * FROM message WHERE convocation_id = $1 AND kind = $2', [
      convocationId,
      kind,
    ]);
    if (row === undefined) throw new Error(`no ${kind}`);
    return row;
  };

  /** Booked in the evening, both for one day, unless the wishes say otherwise; they leave at eight the next morning. */
  readonly evening = async (
    date: string,
    first: Partial<BookingWishes> = {},
    second: Partial<BookingWishes> = {},
  ) => {
    const { world } = this.stand;
    await this.clock(date, '21:00');
    const phone = aMobile();
    const personId = await world.person({ phone, ...first });
    const one = { date: '2026-12-10', personId, notify: true };
    const morning = await world.book({ ...one, time: '09:30', ...first });
    const afternoon = await world.book({
      ...{ ...one, time: '14:00', placeName: 'TJ Nanterre' },
      ...second,
    });
    await this.relocate(afternoon, '6 rue Pablo Neruda, 92000 Nanterre');
    return { phone, morning, afternoon };
  };

  readonly relocate = (convocationId: string, address: string) =>
    this.query('UPDATE place SET address = $2 WHERE id = (SELECT place_id FROM convocation WHERE id = $1)', [
      convocationId,
      address,
    ]);

  readonly cancel = (convocationId: string) =>
    this.query(`UPDATE convocation SET state = 'cancelled', cancelled_by = 'service' WHERE id = $1`, [
      convocationId,
    ]);

  readonly report = async (
    said: OperatorMessage | undefined,
    status: string,
    code: string | null = null,
  ): Promise<void> => {
    const token = said?.callback?.replace(`${PUBLIC_BASE_URL}/hooks/twilio/status/`, '') ?? '';
    const receipt = { operatorMessageId: said?.sid ?? '', status, errorCode: code };
    const { database, engine } = this.stand;
    await database.dataSource.transaction((tx) =>
      engine.module.get(RecordReceipt).execute(tx, token, receipt),
    );
  };

  readonly bodies = (phone: string) => this.stand.operator.to(phone).map(({ body }) => body);

  /** Which of the two hours each text says. */
  readonly hours = (phone: string) =>
    this.bodies(phone).map((body) => ['9h30', '14h00'].filter((hour) => body.includes(hour)));
}
