import pg from 'pg';
import { ScheduledTasks } from '../../src/platform/scheduled-tasks.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { planDueNow } from '../support/due-messages.js';

let web: TestApp;
let owner: pg.Client;

beforeAll(async () => {
  web = await startTestApp();
  owner = new pg.Client({ connectionString: web.ownerUrl });
  await owner.connect();
  await planDueNow(web.dataSource, 4);
  await owner.query(`
    UPDATE message SET state = 'failed', reason = 'operator-refused', settled_at = app_now() - interval '10 minutes';
    CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.message_id = (SELECT min(id::text)::uuid FROM message) THEN RAISE EXCEPTION 'poison'; END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER poisoned BEFORE INSERT ON agent_task FOR EACH ROW EXECUTE FUNCTION poison()`);
});
afterAll(async () => {
  await owner.end();
  await web.close();
});

const followUp = () => web.app.get(ScheduledTasks).run('follow-up');
const metric = async (name: string) =>
  new RegExp(`^${name} (\\S+)$`, 'm').exec(await (await fetch(`${web.baseUrl}/metrics`)).text())?.[1];

describe('a message whose next step cannot be drawn', () => {
  it('stops no other, run after run, and is counted', async () => {
    await followUp();
    await followUp();
    const { rows } = await owner.query('SELECT count(*)::int AS n FROM agent_task');
    expect(rows).toEqual([{ n: 3 }]);
    const { rows: left } = await owner.query(
      'SELECT id = (SELECT min(id::text)::uuid FROM message) AS poisoned FROM message WHERE followed_up_at IS NULL',
    );
    expect(left).toEqual([{ poisoned: true }]);
    expect(await metric('msj_messages_unfollowed')).toBe('1');
  });

  it('has its step once what was wrong is mended', async () => {
    await owner.query('DROP TRIGGER poisoned ON agent_task');
    await followUp();
    const { rows } = await owner.query('SELECT count(*)::int AS n FROM agent_task');
    expect(rows).toEqual([{ n: 4 }]);
  });
});
