import { InviteAgent } from '../../src/agents/invite-agent.js';
import { AgentMail } from '../../src/agents/life/agent-mail.js';
import { MakeResetLink } from '../../src/agents/password/make-reset-link.js';
import { TellAgents } from '../../src/notifications/agent-mail/tell-agents.js';
import { Transaction } from '../../src/platform/transaction.js';
import { anAgent, anOrganization } from '../support/builders.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const env = (APP_ENV: string) =>
  ({
    ...{ APP_ENV, SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'msj@example.test', SEND_ALLOW_LIST: [] },
    PUBLIC_BASE_URL: 'http://127.0.0.1:3000',
  }) as never;

let database: TestDatabase;
let transaction: Transaction;
let agentId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  transaction = new Transaction(database.dataSource);
});
afterAll(() => database.drop());

beforeEach(async () => {
  const { dataSource } = database;
  await dataSource.query('DELETE FROM agent_mail');
  await dataSource.query('UPDATE sending_hold SET released_at = app_now() WHERE released_at IS NULL');
  agentId = await anAgent(dataSource, {
    organizationId: await anOrganization(dataSource),
    acceptsCharter: false,
  });
  await new AgentMail(env('test')).write(dataSource.manager, 'invitation', [agentId]);
});

/** What a worker of this environment takes to send; nothing is sent here. */
async function taken(environment = 'test'): Promise<boolean> {
  const given = env(environment);
  const { invite, reset } = { invite: new InviteAgent(given), reset: new MakeResetLink(given) };
  const tell = new TellAgents(given, undefined as never, transaction, invite, reset);
  return (await transaction.run((tx) => tell.execute(tx))) !== undefined;
}

const links = async () =>
  (await database.dataSource.query('SELECT FROM sign_in_link WHERE agent_id = $1', [agentId])).length;

const hold = (reason: string) =>
  database.dataSource.query(`INSERT INTO sending_hold (reason, set_by) VALUES ($1, 'cli')`, [reason]);

describe('letters to agents', () => {
  it('leave while messages to persons are held by an agent', async () => {
    await hold('command');
    expect(await taken()).toBe(true);
    expect(await links()).toBe(1);
  });

  it('leave no copy of the service: neither one restored from a backup, until it is released', async () => {
    await hold('restored-backup');
    expect(await taken()).toBe(false);
    expect(await links()).toBe(0);
    await database.dataSource.query('UPDATE sending_hold SET released_at = app_now()');
    expect(await taken()).toBe(true);
  });

  it('nor one that runs as another environment than it was made for', async () => {
    expect(await taken('production')).toBe(false);
    expect(await links()).toBe(0);
  });
});
