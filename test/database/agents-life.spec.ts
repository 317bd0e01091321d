import { randomUUID } from 'node:crypto';
import type { Actor } from '../../src/access/actor.js';
import { Journal } from '../../src/access/journal.js';
import { findAgent } from '../../src/agents/agent.queries.js';
import { AgentMail } from '../../src/agents/life/agent-mail.js';
import { PlanAbsence } from '../../src/agents/life/plan-absence.js';
import { openSession } from '../../src/agents/sessions.js';
import { serviceNow } from '../../src/back-office/service/service.query.js';
import { AskTransfer } from '../../src/notifications/hand-over/ask-transfer.js';
import { ChangeRole } from '../../src/notifications/hand-over/change-role.js';
import { CloseAccount } from '../../src/notifications/hand-over/close-account.js';
import { DecideTransfer } from '../../src/notifications/hand-over/decide-transfer.js';
import { HandOver } from '../../src/notifications/hand-over/hand-over.js';
import { transfersOf } from '../../src/notifications/hand-over/transfer.queries.js';
import { openTasks } from '../../src/notifications/follow-up/open-tasks.js';
import { openTasksOf } from '../../src/notifications/follow-up/task.queries.js';
import { worklistOf } from '../../src/notifications/follow-up/worklist.query.js';
import { Clock } from '../../src/platform/clock.js';
import { moveClock } from '../support/database.js';
import { outcomeOf } from '../support/offices.js';
import { AgentsOffice, ENV, ENV_WITH_MAIL, NOW, type Service } from '../support/agents-office.js';

const SERVICE = { byDefault: null, named: {} };

const office = new AgentsOffice();
const { run, service, actor, agent, admin, follows, convocation, value } = office;
let from: Service;
let to: Service;

const journal = new Journal();
const mail = new AgentMail(ENV);
const mailOn = new AgentMail(ENV_WITH_MAIL);
const handOver = new HandOver(journal);
const closeAccount = new CloseAccount(handOver, mail, journal);
const changeRole = new ChangeRole(handOver, journal);
const ask = new AskTransfer(mailOn, journal);
const decide = new DecideTransfer(handOver, mailOn, journal);
const absence = new PlanAbsence(new Clock(), journal);

beforeAll(async () => {
  [from, to] = await office.open();
});
afterAll(() => office.close());

const left = (agentId: string) =>
  value<number>(
    `SELECT (SELECT count(*) FROM person WHERE referent_id = $1)
      + (SELECT count(*) FROM convocation WHERE assigned_to_agent_id = $1 AND state = 'booked')
      + (SELECT count(*) FROM agent_task WHERE assigned_to_agent_id = $1 AND closed_at IS NULL)
      + (SELECT count(*) FROM session WHERE agent_id = $1) AS value`,
    [agentId],
  ).then(Number);

const referentOf = (personId: string) =>
  value<string | null>('SELECT referent_id AS value FROM person WHERE id = $1', [personId]);

describe('leaving', () => {
  it('leaves nobody, no convocation, no task and no session with who goes, each to who was named', async () => {
    const boss = await admin(from);
    const [leaver, first, second] = [await agent(from), await agent(from), await agent(from)];
    const persons = [];
    for (let n = 0; n < 6; n += 1) persons.push(await follows(leaver, from));
    const [one = '', two = '', three = ''] = persons;
    const meetings = [
      await convocation(one, leaver, from),
      await convocation(two, leaver, from, '2026-06-08'),
    ];
    await run((tx) =>
      openTasks(tx, [
        { kind: 'reply', reason: 'said-by-reply', personId: two, convocationId: null, messageId: null },
      ]),
    );
    await run((tx) => openSession(tx, leaver));
    const heirs = { byDefault: first, named: { [two]: second, [three]: null, [meetings[0] ?? '']: second } };
    await run((tx) => closeAccount.execute(tx, { agentId: leaver, heirs }, boss));
    expect(await left(leaver)).toBe(0);
    expect([await referentOf(one), await referentOf(two), await referentOf(three)]).toEqual([
      first,
      second,
      null,
    ]);
    const assigned = await Promise.all(
      meetings.map((id) =>
        value('SELECT assigned_to_agent_id AS value FROM convocation WHERE id = $1', [id]),
      ),
    );
    expect(assigned).toEqual([second, second]);
    expect(
      await value('SELECT assigned_to_agent_id AS value FROM agent_task WHERE person_id = $1', [two]),
    ).toBe(second);
    const console = await run((tx) => serviceNow(tx, boss));
    expect(console.withoutReferent.map(({ id }) => id)).toEqual([three]);
    expect(
      await outcomeOf(run((tx) => closeAccount.execute(tx, { agentId: leaver, heirs: SERVICE }, boss))),
    ).toBe('conflict');
    const history = await value(
      "SELECT detail AS value FROM history_entry WHERE person_id = $1 AND event = 'person.handed-over'",
      [two],
    );
    expect(history).toEqual({ from: leaver, to: second });
  });

  it('refuses an heir of another service, oneself, and an agent of another service', async () => {
    const boss = await admin(from);
    const [leaver, stranger] = [await agent(from), await agent(to)];
    await follows(leaver, from);
    const leave = (agentId: string, heir: string | null, by = boss) =>
      outcomeOf(
        run((tx) => closeAccount.execute(tx, { agentId, heirs: { byDefault: heir, named: {} } }, by)),
      );
    expect(await leave(leaver, stranger)).toBe('validation');
    expect(await leave(leaver, leaver)).toBe('validation');
    expect(await leave(boss.agentId ?? '', null)).toBe('forbidden');
    expect(await leave(stranger, null)).toBe('not-found');
    expect(await leave(randomUUID(), null)).toBe('not-found');
    const clerk = actor(from, 'sap-head-clerk', await agent(from, 'spip-secretary'));
    expect(await leave(boss.agentId ?? '', null, clerk)).toBe('forbidden');
  });
});

describe('moving to another service', () => {
  it('answers alike for an agent, an administrator, a court’s agent and nobody', async () => {
    const boss = await admin(to);
    await agent(from, 'cpip', 'mobile@example.test');
    await agent(from, 'admin', 'central@example.test');
    await agent(await service('tj'), 'bex', 'court@example.test');
    const emails = [
      'mobile@example.test',
      'central@example.test',
      'court@example.test',
      'nobody@example.test',
    ];
    for (const email of emails)
      expect(await outcomeOf(run((tx) => ask.receive(tx, { email, toOrganizationId: to.id }, boss)))).toBe(
        'done',
      );
    const seen = (await run((tx) => transfersOf(tx, boss))).filter(({ askedEmail }) =>
      emails.includes(askedEmail),
    );
    const shown = seen.map(({ id: _id, askedEmail: _email, askedAt: _at, ...rest }) => JSON.stringify(rest));
    expect(shown).toHaveLength(4);
    expect(new Set(shown).size).toBe(1);
    const other = await run(async (tx) => transfersOf(tx, await admin(from)));
    expect(other.map(({ askedEmail }) => askedEmail).filter((email) => emails.includes(email))).toEqual([
      'mobile@example.test',
    ]);
  });

  it('moves with everything handed over when the other side confirms, once', async () => {
    const [giver, receiver] = [await admin(from), await admin(to)];
    const [mover, heir] = [await agent(from, 'cpip', 'mover@example.test'), await agent(from)];
    const person = await follows(mover, from);
    await convocation(person, mover, from);
    await run((tx) => openSession(tx, mover));
    await run((tx) => ask.receive(tx, { email: 'Mover@example.test', toOrganizationId: to.id }, receiver));
    const id = (await run((tx) => transfersOf(tx, giver))).find(({ agentId }) => agentId === mover)?.id ?? '';
    const confirm = (by: Actor) =>
      outcomeOf(
        run((tx) =>
          decide.execute(
            tx,
            { transferId: id, decision: 'confirm', heirs: { byDefault: heir, named: {} } },
            by,
          ),
        ),
      );
    expect(await confirm(receiver)).toBe('not-found');
    expect(await confirm(actor(await service()))).toBe('not-found');
    const both = await Promise.all([confirm(giver), confirm(await admin(from))]);
    expect(both.sort()).toEqual(['conflict', 'done']);
    expect(await left(mover)).toBe(0);
    expect(await referentOf(person)).toBe(heir);
    expect(await value('SELECT organization_id AS value FROM agent WHERE id = $1', [mover])).toBe(to.id);
    const told = await value<string[]>(
      'SELECT array_agg(kind ORDER BY kind) AS value FROM agent_mail WHERE agent_id = ANY($1::uuid[])',
      [[mover, receiver.agentId, giver.agentId]],
    );
    expect(told).toEqual(expect.arrayContaining(['moved', 'transfer-asked', 'transfer-confirmed']));
  });

  it('refuses administrators, also one who became so after the demand, and a service of another kind', async () => {
    const [giver, receiver] = [await admin(from), await admin(to)];
    const [mover, chief] = [await agent(from), await agent(from, 'local-admin')];
    const court = await service('tj');
    const leave = (agentId: string, toOrganizationId: string) =>
      outcomeOf(run((tx) => ask.leave(tx, { agentId, toOrganizationId, heirs: SERVICE }, giver)));
    expect(await leave(chief, to.id)).toBe('forbidden');
    expect(await leave(mover, court.id)).toBe('validation');
    expect(await leave(await agent(to), from.id)).toBe('not-found');
    expect(await leave(mover, to.id)).toBe('done');
    expect(await leave(mover, to.id)).toBe('conflict');
    const id =
      (await run((tx) => transfersOf(tx, receiver))).find(({ agentId }) => agentId === mover)?.id ?? '';
    await office.database.dataSource.query(`UPDATE agent SET role = 'local-admin' WHERE id = $1`, [mover]);
    const answer = run((tx) =>
      decide.execute(tx, { transferId: id, decision: 'confirm', heirs: SERVICE }, receiver),
    );
    expect(await outcomeOf(answer)).toBe('conflict');
    expect(await value('SELECT state AS value FROM agent_transfer WHERE id = $1', [id])).toBe('pending');
  });

  it('keeps the heirs that the leaving side chose; who went meanwhile leaves it to the service', async () => {
    const [giver, receiver] = [await admin(from), await admin(to)];
    const [mover, stays, goes] = [await agent(from), await agent(from), await agent(from)];
    const [one, two] = [await follows(mover, from), await follows(mover, from)];
    const heirs = { byDefault: stays, named: { [two]: goes } };
    await run((tx) => ask.leave(tx, { agentId: mover, toOrganizationId: to.id, heirs }, giver));
    await run((tx) => closeAccount.execute(tx, { agentId: goes, heirs: SERVICE }, giver));
    const id =
      (await run((tx) => transfersOf(tx, receiver))).find(({ agentId }) => agentId === mover)?.id ?? '';
    await run((tx) => decide.execute(tx, { transferId: id, decision: 'confirm', heirs: SERVICE }, receiver));
    expect([await referentOf(one), await referentOf(two)]).toEqual([stays, null]);
    expect(await left(mover)).toBe(0);
  });
});

describe('an absence', () => {
  it('shows worklist and tasks to the replacement by name, for these days only', async () => {
    await moveClock(office.database.dataSource, NOW);
    const boss = await admin(from);
    const [away, standIn] = [await agent(from), await agent(from)];
    const person = await follows(away, from);
    const meeting = await convocation(person, away, from);
    await run((tx) =>
      openTasks(tx, [
        { kind: 'reply', reason: 'said-by-reply', personId: person, convocationId: null, messageId: null },
      ]),
    );
    const mine = async () => ({
      meetings: (
        await run((tx) => worklistOf(tx, actor(from, 'cpip', standIn), { filter: 'mine', mailIsOn: true }))
      )
        .filter(({ convocationId }) => convocationId === meeting)
        .map(({ standsInFor }) => standsInFor),
      tasks: (await run((tx) => openTasksOf(tx, actor(from, 'cpip', standIn), 'mine'))).map(
        ({ isStandIn }) => isStandIn,
      ),
    });
    expect(await mine()).toEqual({ meetings: [], tasks: [] });
    const days = { startsOn: '2026-06-09', endsOn: '2026-06-09' };
    await run((tx) => absence.execute(tx, { agentId: away, replacementId: standIn, ...days }, boss));
    expect(await mine()).toEqual({ meetings: ['Camille Martin'], tasks: [true] });
    expect((await run((tx) => findAgent(tx, boss, away))).presence).toBe('absent');
    await moveClock(office.database.dataSource, '2026-06-09T21:59:00Z');
    expect(await mine()).toEqual({ meetings: ['Camille Martin'], tasks: [true] });
    await moveClock(office.database.dataSource, '2026-06-09T22:00:30Z');
    expect(await mine()).toEqual({ meetings: [], tasks: [] });
    await moveClock(office.database.dataSource, NOW);
  });

  it('refuses a replacement who is away, of another service, or gone, and two absences at once', async () => {
    const boss = await admin(from);
    const [away, colleague, stranger] = [await agent(from), await agent(from), await agent(to)];
    const plan = (agentId: string, replacementId: string, startsOn = '2026-07-01', endsOn = '2026-07-10') =>
      outcomeOf(run((tx) => absence.execute(tx, { agentId, replacementId, startsOn, endsOn }, boss)));
    expect(await plan(away, stranger)).toBe('validation');
    expect(await plan(away, away)).toBe('validation');
    expect(await plan(stranger, colleague)).toBe('not-found');
    expect(await plan(away, colleague, '2026-07-10', '2026-07-01')).toBe('validation');
    expect(await plan(away, colleague, '2026-05-01', '2026-05-02')).toBe('validation');
    expect(await plan(away, colleague, '2026-02-30', '2026-07-02')).toBe('validation');
    const twice = await Promise.all([plan(away, colleague), plan(away, colleague)]);
    expect(twice.sort()).toEqual(['done', 'validation']);
    expect(await plan(colleague, away, '2026-07-05', '2026-07-06')).toBe('validation');
    expect(await plan(colleague, away, '2026-07-11', '2026-07-12')).toBe('done');
  });
});

describe('roles', () => {
  it('are given by who may, never to oneself, and end sessions', async () => {
    const boss = await admin(from);
    const [colleague, chief] = [await agent(from), await agent(from, 'local-admin')];
    const give = (agentId: string, role: string, by = boss) =>
      outcomeOf(run((tx) => changeRole.execute(tx, { agentId, role }, by)));
    await run((tx) => openSession(tx, colleague));
    const person = await follows(colleague, from);
    expect(await give(boss.agentId ?? '', 'cpip')).toBe('forbidden');
    expect(await give(colleague, 'admin')).toBe('validation');
    expect(await give(colleague, 'bex')).toBe('validation');
    expect(await give(await agent(to), 'dpip')).toBe('not-found');
    const clerk = actor({ ...from }, 'bex-head-clerk', await agent(from, 'educator'));
    expect(await give(colleague, 'local-admin', clerk)).toBe('validation');
    expect(await give(chief, 'cpip', clerk)).toBe('forbidden');
    expect(await give(await agent(from, 'admin'), 'cpip')).toBe('forbidden');
    expect(await give(colleague, 'educator')).toBe('done');
    expect(await left(colleague)).toBe(0);
    expect(await referentOf(person)).toBeNull();
  });
});
