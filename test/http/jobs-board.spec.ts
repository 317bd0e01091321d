import { randomUUID } from 'node:crypto';
import { JobQueue } from '../../src/platform/queue.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { describeBackends } from '../support/backends.js';
import { Browser } from '../support/browser-lite.js';
import { anOrganization, aSignedInAgent } from '../support/builders.js';

let test: TestApp;

afterEach(() => test.close());

async function start(env?: Readonly<Record<string, string>>) {
  test = await startTestApp(env === undefined ? {} : { env });
  const organizationId = await anOrganization(test.dataSource);
  return async (role: 'admin' | 'local-admin') =>
    new Browser(test.baseUrl, (await aSignedInAgent(test.dataSource, { organizationId, role })).cookie);
}

describeBackends('the board of what waits in the queue', ({ redisUrl }) => {
  it('shows each job by the ids of its messages, and takes none of them', async () => {
    const session = await start({
      ...{ JOBS_BOARD: 'on' },
      ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
    });
    const reader = await session('admin');
    const messageId = randomUUID();
    await test.app.get(JobQueue).ring([{ messageId, epoch: 1 }]);
    const list = '/console/jobs/api/queues?activeQueue=messages&status=waiting';
    const [first, again] = [await reader.get(list), await reader.get(list)];
    expect((await reader.get('/console/jobs')).status).toBe(200);
    expect(first.body.queues[0].counts.waiting).toBe(1);
    const [job] = first.body.queues[0].jobs;
    expect(job.data).toEqual({ messages: [{ messageId, epoch: 1 }] });
    expect(again.body.queues[0].jobs).toHaveLength(1);
  });
});

describe('the board of the queue', () => {
  it('shows ids and counts under the policy of every page, and only reads', async () => {
    const session = await start({ JOBS_BOARD: 'on' });
    const [admin, local] = [await session('admin'), await session('local-admin')];
    const board = await admin.get('/console/jobs');
    expect(board.status).toBe(200);
    expect(board.text).not.toMatch(/<style|style=|googleapis|<script>/);
    const policy = board.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
    const script = /src="(\/console\/jobs\/static\/[^"]+)"/.exec(board.text)?.[1] ?? '';
    expect((await admin.get(script)).headers.get('content-type')).toContain('javascript');
    const queues = await admin.get('/console/jobs/api/queues');
    expect(queues.status).toBe(200);
    expect(queues.body.queues).toMatchObject([{ name: 'messages', readOnlyMode: true }]);
    const opened: unknown[] = await test.dataSource.query(
      `SELECT FROM journal_entry WHERE action = 'jobs.opened'`,
    );
    expect(opened).not.toEqual([]);
    const write = await fetch(`${test.baseUrl}/console/jobs/api/queues/messages/pause`, {
      ...{ method: 'PUT', headers: { cookie: admin.cookieHeader() } },
    });
    expect(write.status).toBe(404);
    expect((await local.get('/console/jobs/api/queues')).status).toBe(403);
  });

  it('is off unless it is switched on', async () => {
    const session = await start();
    const reader = await session('admin');
    const answers = [await reader.get('/console/jobs'), await reader.get('/console/jobs/api/queues')];
    const hub = await reader.get('/console');
    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
    expect(hub.text).not.toContain('/console/jobs');
  });
});
