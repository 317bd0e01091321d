import { type OwnedApp, startOwnedApp } from '../support/owned-app.js';

let stand: OwnedApp;

beforeAll(async () => {
  stand = await startOwnedApp(4);
  await stand.owner.query(`
    UPDATE message SET state = 'failed', reason = 'operator-refused', settled_at = app_now() - interval '10 minutes';
    CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.message_id = (SELECT min(id::text)::uuid FROM message) THEN RAISE EXCEPTION 'poison'; END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER poisoned BEFORE INSERT ON agent_task FOR EACH ROW EXECUTE FUNCTION poison()`);
});
afterAll(() => stand.close());

const followUp = () => stand.run('follow-up');
const metric = async (name: string) =>
  new RegExp(`^${name} (\\S+)$`, 'm').exec(await (await fetch(`${stand.web.baseUrl}/metrics`)).text())?.[1];

describe('a message whose next step cannot be drawn', () => {
  it('stops no other, run after run, and is counted', async () => {
    await followUp();
    await followUp();
    const { rows } = await stand.owner.query('SELECT count(*)::int AS n FROM agent_task');
    expect(rows).toEqual([{ n: 3 }]);
    const { rows: left } = await stand.owner.query(
      'SELECT id = (SELECT min(id::text)::uuid FROM message) AS poisoned FROM message WHERE followed_up_at IS NULL',
    );
    expect(left).toEqual([{ poisoned: true }]);
    expect(await metric('msj_messages_unfollowed')).toBe('1');
  });

  it('has its step once what was wrong is mended', async () => {
    await stand.owner.query('DROP TRIGGER poisoned ON agent_task');
    await followUp();
    const { rows } = await stand.owner.query('SELECT count(*)::int AS n FROM agent_task');
    expect(rows).toEqual([{ n: 4 }]);
  });
});
