import { contactId } from '../support/contacts.js';
import { failingOn, NOW, OFF, THIS_EVENING, TOMORROW } from '../support/failing-texts.js';
import { useToldWorld } from '../support/told-world.js';

const stand = useToldWorld(NOW);
const failing = failingOn(stand);

describe('a number', () => {
  it('is flagged at the third message in a row that did not arrive', async () => {
    const phone = '+33622222210';
    const id = await stand.world.summon({ startsAt: TOMORROW, phone });
    for (const occurrence of [7, 3]) {
      await stand.world.tell(id, { ...OFF, occurrence });
      await stand.world.draw();
    }
    expect(await stand.world.person(id)).toMatchObject({ phone_failures: 2, phone_flagged_at: null });
    await stand.world.tell(id, { ...OFF, occurrence: 1 });
    await stand.world.draw();
    expect(await stand.world.person(id)).toMatchObject({
      phone_failures: 3,
      phone_flagged_at: expect.anything(),
      phone_flag_reason: 'three-failures',
    });
    expect(await stand.world.tasks(id)).toContainEqual({
      kind: 'correct-number',
      reason: 'three-failures',
      outcome: null,
    });
  });

  it('is flagged at once when it is nobody’s, for everybody registered with it', async () => {
    const phone = '+33633333310';
    const other = await stand.world.summon({ startsAt: TOMORROW, phone });
    const { id } = await failing({ startsAt: TOMORROW, phone }, { state: 'undelivered', errorCode: '30005' });
    await stand.world.draw();
    for (const one of [id, other])
      expect(await stand.world.person(one)).toMatchObject({ phone_flag_reason: 'wrong-number' });
    const rows: { n: number }[] = await stand.database.dataSource.query(
      `SELECT count(*)::int AS n FROM history_entry h JOIN person p ON p.id = h.person_id
        WHERE p.phone_id = $1 AND event = 'person.number-flagged'`,
      [await contactId(stand.database.dataSource, phone)],
    );
    expect(rows).toEqual([{ n: 2 }]);
  });

  it('is not blamed for what the operator or the text did wrong', async () => {
    for (const told of [
      { state: 'undelivered', errorCode: '30007' },
      { state: 'undelivered', errorCode: '30500' },
      { state: 'failed', errorCode: '21610' },
      { state: 'failed', reason: 'no-template' },
    ]) {
      const { id } = await failing({ startsAt: TOMORROW }, told);
      await stand.world.draw();
      expect(await stand.world.person(id)).toMatchObject({ phone_failures: 0, phone_flagged_at: null });
    }
  });

  it('corrected: the text that missed the old one leaves to the new one, and the task about it closes', async () => {
    const { id, message } = await failing(
      { startsAt: THIS_EVENING },
      { state: 'failed', errorCode: '21614' },
    );
    await stand.world.draw();
    expect(await stand.world.tasks(id)).toEqual([
      { kind: 'correct-number', reason: 'wrong-number', outcome: null },
      { kind: 'reach-otherwise', reason: 'wrong-number', outcome: null },
    ]);
    await stand.database.dataSource.query(
      `UPDATE person SET phone_id = $2, phone_failures = 0, phone_flagged_at = NULL,
         phone_flag_reason = NULL WHERE id = (SELECT person_id FROM convocation WHERE id = $1)`,
      [id, await contactId(stand.database.dataSource, '+33644444410')],
    );
    await stand.world.draw();
    expect(await stand.world.message(message)).toMatchObject({ state: 'planned', wanted_channel: 'sms' });
    expect(await stand.world.tasks(id)).toContainEqual({
      kind: 'correct-number',
      reason: 'wrong-number',
      outcome: 'no-longer-needed',
    });
  });
});
