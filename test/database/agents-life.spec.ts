import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../src/access/actor.js';
import type { Role } from '../../src/access/domain/roles.js';
import { Journal } from '../../src/access/journal.js';
import { findAgent, listAgents } from '../../src/agents/agent.queries.js';
import { AgentMail } from '../../src/agents/life/agent-mail.js';
import { findInvitation } from '../../src/agents/accept-invitation.js';
import { ChangeAgent } from '../../src/agents/life/change-agent.js';
import { EnlistAgent } from '../../src/agents/life/enlist-agent.js';
import { EnlistAgents } from '../../src/agents/life/enlist-agents.js';
import { Impersonate } from '../../src/agents/life/impersonate.js';
import { PlanAbsence } from '../../src/agents/life/plan-absence.js';
import { PublishAlert } from '../../src/agents/alerts/publish-alert.js';
import { listAlerts } from '../../src/agents/alerts/alert.queries.js';
import { IdentifyCaller } from '../../src/agents/identify-caller.js';
import { InviteAgent } from '../../src/agents/invite-agent.js';
import { openSession } from '../../src/agents/sessions.js';
import { ROLE_WORDS } from '../../src/back-office/agents/import-words.js';
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
import { Transaction } from '../../src/platform/transaction.js';
import { aPerson, aPlace, anAgenda, anAgent, anOrganization } from '../support/builders.js';
import { createTestDatabase, moveClock, type TestDatabase } from '../support/database.js';
import { outcomeOf } from '../support/offices.js';

const NOW = '2026-06-09T08:00:00Z';
const ENV = { PUBLIC_BASE_URL: 'http://127.0.0.1:3000', SMTP_URL: undefined, APP_ENV: 'test' } as never;
const SERVICE = { byDefault: null, named: {} };

let database: TestDatabase;
let transaction: Transaction;
let from: Service;
let to: Service;

interface Service {
  readonly id: string;
  readonly agendaId: string;
  readonly placeId: string;
}

const journal = new Journal();
const mail = new AgentMail(ENV);
const mailOn = new AgentMail({ ...(ENV as object), SMTP_URL: 'smtp://127.0.0.1:1' } as never);
const handOver = new HandOver(journal);
const closeAccount = new CloseAccount(handOver, mail, journal);
const changeRole = new ChangeRole(handOver, journal);
const ask = new AskTransfer(mailOn, journal);
const decide = new DecideTransfer(handOver, mailOn, journal);
const enlist = new EnlistAgent(new InviteAgent(ENV), mail, journal);
const enlistAll = new EnlistAgents(mailOn, journal);
const absence = new PlanAbsence(new Clock(), journal);
const alerts = new PublishAlert(new Clock(), journal);
const impersonate = new Impersonate(journal);

beforeAll(async () => {
  database = await createTestDatabase();
  transaction = new Transaction(database.dataSource);
  await moveClock(database.dataSource, NOW);
  from = await service();
  to = await service();
});
afterAll(() => database.drop());

const run = <T>(work: (tx: EntityManager) => Promise<T>): Promise<T> => transaction.run(work);

async function service(kind: 'spip' | 'tj' = 'spip'): Promise<Service> {
  const id = await anOrganization(database.dataSource, { kind });
  const placeId = await aPlace(database.dataSource, { organizationId: id });
  return { id, placeId, agendaId: await anAgenda(database.dataSource, { placeId }) };
}

function actor(of: Service, role: Role = 'local-admin', agentId: string | null = null): Actor {
  return {
    ...{ agentId, apiKeyId: null, role, organizationId: of.id, organizationKind: 'spip' },
    ...{ linkedOrganizationIds: [], headquartersOrganizationIds: [], isInterRessort: false },
    timeZone: 'Europe/Paris',
  };
}

const agent = (of: Service, role: Role = 'cpip', email?: string) =>
  anAgent(database.dataSource, { organizationId: of.id, role, ...(email === undefined ? {} : { email }) });

async function admin(of: Service): Promise<Actor> {
  return actor(of, 'local-admin', await agent(of, 'local-admin'));
}

async function follows(agentId: string, of: Service): Promise<string> {
  const id = await aPerson(database.dataSource, { organizationIds: [of.id] });
  await database.dataSource.query('UPDATE person SET referent_id = $2 WHERE id = $1', [id, agentId]);
  return id;
}

async function convocation(
  personId: string,
  agentId: string,
  of: Service,
  date = '2026-06-10',
): Promise<string> {
  const rows: { id: string }[] = await database.dataSource.query(
    `INSERT INTO convocation (person_id, type_code, agenda_id, place_id, organization_id, local_date, local_time,
       time_zone, starts_at, created_by_organization_id, assigned_to_agent_id)
     VALUES ($1, 'suivi-spip', $2, $3, $4, $5::date, '10:00', 'Europe/Paris', ($5::date + time '10:00') AT TIME ZONE 'Europe/Paris', $4, $6)
     RETURNING id`,
    [personId, of.agendaId, of.placeId, of.id, date, agentId],
  );
  return rows[0]?.id ?? '';
}

async function value<T>(sql: string, parameters: readonly unknown[]): Promise<T | undefined> {
  const rows: { value: T }[] = await database.dataSource.query(sql, [...parameters]);
  return rows[0]?.value;
}

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
    await database.dataSource.query(`UPDATE agent SET role = 'local-admin' WHERE id = $1`, [mover]);
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
    await moveClock(database.dataSource, NOW);
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
    await moveClock(database.dataSource, '2026-06-09T21:59:00Z');
    expect(await mine()).toEqual({ meetings: ['Camille Martin'], tasks: [true] });
    await moveClock(database.dataSource, '2026-06-09T22:00:30Z');
    expect(await mine()).toEqual({ meetings: [], tasks: [] });
    await moveClock(database.dataSource, NOW);
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

describe('inviting', () => {
  const form = { firstName: 'Inès', lastName: 'Caradec', phone: '', role: 'cpip' };

  it('makes an account with a link, and is found without accents', async () => {
    const boss = await admin(from);
    const { agentId, url } = await run((tx) =>
      enlist.execute(tx, { ...form, email: 'Ines.Caradec@Example.test', organizationId: from.id }, boss),
    );
    expect(url).toContain('/welcome/');
    const filter = { query: 'ines CARAD', role: '', organizationId: '', presence: 'invited', cursor: '' };
    const { items } = await run((tx) => listAgents(tx, boss, filter));
    expect(items).toMatchObject([{ id: agentId, email: 'ines.caradec@example.test', presence: 'invited' }]);
    const elsewhere = { ...form, email: 'ines.caradec@example.test', organizationId: to.id };
    expect(await outcomeOf(run(async (tx) => enlist.execute(tx, elsewhere, await admin(to))))).toBe(
      'validation',
    );
    expect(
      await outcomeOf(run((tx) => enlist.execute(tx, { ...elsewhere, email: 'x@example.test' }, boss))),
    ).toBe('not-found');
  });

  it('changes the address of who came by a central administrator only', async () => {
    const boss = await admin(from);
    const colleague = await agent(from, 'cpip', 'before@example.test');
    const change = new ChangeAgent(mail, journal);
    const wish = { ...form, agentId: colleague, email: 'after@example.test' };
    const email = () => value('SELECT email AS value FROM agent WHERE id = $1', [colleague]);
    await run((tx) => change.execute(tx, wish, boss));
    expect(await email()).toBe('before@example.test');
    await run((tx) => change.execute(tx, wish, actor(to, 'admin', boss.agentId)));
    expect(await email()).toBe('after@example.test');
  });

  it('shows persons no number that somebody else typed, until its agent agrees again', async () => {
    const boss = await admin(from);
    const colleague = await agent(from, 'cpip', 'shares@example.test');
    const change = new ChangeAgent(mail, journal);
    await value(
      `UPDATE agent SET phone = '+33140970012', share_phone = true, share_email = true WHERE id = $1 RETURNING id AS value`,
      [colleague],
    );
    const shown = () =>
      value(`SELECT concat(share_phone, ' ', share_email) AS value FROM agent WHERE id = $1`, [colleague]);
    const wish = { ...form, agentId: colleague, email: 'shares@example.test' };
    await run((tx) => change.execute(tx, { ...wish, phone: '01 40 97 00 12' }, boss));
    expect(await shown()).toBe('t t');
    await run((tx) => change.execute(tx, { ...wish, phone: '06 12 34 56 78' }, boss));
    expect(await shown()).toBe('f t');
  });

  it('lets nothing that lies in the mailbox of before open the account', async () => {
    const boss = await admin(from);
    const change = new ChangeAgent(mailOn, journal);
    const wrong = { ...form, email: 'wrong.mailbox@example.test', organizationId: from.id };
    const { agentId, url } = await run((tx) => enlist.execute(tx, wrong, boss));
    const token = url?.split('/').pop() ?? '';
    const opens = () => outcomeOf(run((tx) => findInvitation(tx, token, 'invitation')));
    await run((tx) => change.execute(tx, { ...wrong, agentId, phone: '01 40 97 00 00' }, boss));
    expect(await opens()).toBe('done');
    await run((tx) => change.execute(tx, { ...wrong, agentId, email: 'right.mailbox@example.test' }, boss));
    expect(await opens()).toBe('not-found');
    const letters = "SELECT string_agg(kind, ',') AS value FROM agent_mail WHERE agent_id = $1";
    expect(await value(letters, [agentId])).toBe('invitation');
  });
});

describe('a file of invitations', () => {
  const command = (text: string) => ({ organizationId: from.id, text, roleWords: ROLE_WORDS });
  const prepare = async (text: string) => {
    const boss = await admin(from);
    return run((tx) => enlistAll.prepare(tx, command(text), boss));
  };

  it('names each fault by line and column, and does nothing half', async () => {
    await agent(to, 'cpip', 'taken@example.test');
    const text = [
      'Nom,Prénom,E-mail,Rôle,Téléphone',
      'Bon,Alix,alix.bon@example.test,CPIP,01 47 25 00 00',
      ',Zoé,zoe@example.test,cpip,',
      'Roi,Léo,pas une adresse,Éducateur,',
      'Roi,Léo,leo@example.test,Magistrat du parquet,12',
      'Pris,Paul,TAKEN@example.test,DPIP,',
      'Bon,Alix,alix.bon@example.test,CPIP,',
    ].join('\r\n');
    const { lines, faults } = await prepare(text);
    expect(faults.map(({ line, column, code }) => `${line} ${column} ${code}`)).toEqual([
      '3 lastName name',
      '4 email email',
      '5 phone phone',
      '5 role role',
      '6 email taken',
      '7 email twice',
    ]);
    expect(lines.map(({ email }) => email)).toEqual(['alix.bon@example.test']);
    const write = run(async (tx) => enlistAll.execute(tx, command(text), await admin(from)));
    expect(await outcomeOf(write)).toBe('validation');
    expect(await value(`SELECT count(*)::int AS value FROM agent WHERE email LIKE 'alix.bon%'`, [])).toBe(0);
  });

  it('reads semicolons, a mark, quoted cells, and invites all of 500 lines at once', async () => {
    const rows = Array.from({ length: 500 }, (_, n) => `"D""or;${n}";Ada;agent${n}@file.test;CPIP`);
    const text = `\ufeffnom;prenom;email;role\n${rows.join('\n')}\n`;
    expect((await prepare(text)).faults).toEqual([]);
    const boss = await admin(from);
    expect(await run((tx) => enlistAll.execute(tx, command(text), boss))).toBe(500);
    expect(
      await value(
        `SELECT count(*)::int AS value FROM agent_mail m JOIN agent a ON a.id = m.agent_id WHERE a.email LIKE '%@file.test'`,
        [],
      ),
    ).toBe(500);
    expect(await value(`SELECT last_name AS value FROM agent WHERE email = 'agent7@file.test'`, [])).toBe(
      'D"or;7',
    );
    expect((await prepare(`${text}X;Y;z@file.test;CPIP`)).faults).toMatchObject([
      { line: 0, code: 'too-many' },
    ]);
    expect((await prepare('nom;prenom;email\nA;B;c@d.fr')).faults).toMatchObject([
      { column: 'role', code: 'missing-column' },
    ]);
  });
});

describe('acting under another name', () => {
  it('makes the session the agent’s for half an hour, both known, then the administrator’s again', async () => {
    const central = actor(to, 'admin', await agent(to, 'admin'));
    const target = await agent(from);
    const identify = new IdentifyCaller({ APP_ENV: 'demo' } as never);
    const own = await run((tx) => openSession(tx, central.agentId ?? ''));
    const before = await run((tx) => identify.ofSession(tx, own));
    const start = (agentId: string, token = own, reason = 'aide au téléphone', by = central) =>
      run((tx) => impersonate.execute(tx, { agentId, reason, token }, by));
    expect(await outcomeOf(start(await agent(from, 'admin')))).toBe('conflict');
    expect(await outcomeOf(start(target, own, ' '))).toBe('validation');
    expect(await outcomeOf(start(target, own, 'aide au téléphone', await admin(from)))).toBe('forbidden');
    const token = await start(target);
    const during = await run((tx) => identify.ofSession(tx, token));
    expect(during?.actor).toMatchObject({ agentId: target, role: 'cpip', impersonatorId: central.agentId });
    expect(during?.impersonation).toMatchObject({ byName: 'Camille Martin' });
    expect(during?.csrfToken).not.toBe(before?.csrfToken);
    expect(await run((tx) => identify.ofSession(tx, own))).toBeUndefined();
    const again = start(target, token, 'encore une fois', { ...central, impersonatorId: central.agentId });
    expect(await outcomeOf(again)).toBe('forbidden');
    await database.dataSource.query(
      `UPDATE clock_offset SET shift = shift + interval '29 minutes 30 seconds'`,
    );
    expect((await run((tx) => identify.ofSession(tx, token)))?.impersonation?.minutesLeft).toBe(1);
    await database.dataSource.query(`UPDATE session SET last_seen_at = app_now()`);
    await database.dataSource.query(`UPDATE clock_offset SET shift = shift + interval '1 minute'`);
    const after = await run((tx) => identify.ofSession(tx, token));
    expect(after?.actor).toMatchObject({ agentId: central.agentId, impersonatorId: null });
    expect(after?.csrfToken).toBe(before?.csrfToken);
    await moveClock(database.dataSource, NOW);
  });
});

describe('alerts', () => {
  it('reach the roles and services meant, until each agent closes theirs; readers are counted', async () => {
    const boss = await admin(from);
    const identify = new IdentifyCaller({ APP_ENV: 'demo' } as never);
    const form = { level: 'warning', text: 'Coupure à 18 h', startsOn: '2026-06-09', endsOn: '2026-06-10' };
    const publish = (organizationId: string, roles: string[], by = boss) =>
      outcomeOf(run((tx) => alerts.execute(tx, { ...form, organizationId, roles }, by)));
    expect(await publish('', [])).toBe('forbidden');
    expect(await publish(to.id, [])).toBe('not-found');
    expect(await publish(from.id, ['king'])).toBe('validation');
    expect(await publish(from.id, ['psychologist'])).toBe('done');
    const seen = async (agentId: string) => {
      const token = await run((tx) => openSession(tx, agentId));
      return (await run((tx) => identify.ofSession(tx, token)))?.alerts ?? [];
    };
    const [reader, other, elsewhere] = [
      await agent(from, 'psychologist'),
      await agent(from),
      await agent(to, 'psychologist'),
    ];
    expect([await seen(other), await seen(elsewhere)]).toEqual([[], []]);
    const [alert] = await seen(reader);
    expect(alert).toMatchObject({ level: 'warning', text: 'Coupure à 18 h' });
    const close = (by: Actor) => outcomeOf(run((tx) => alerts.close(tx, { alertId: alert?.id ?? '' }, by)));
    expect(await close(actor(from, 'cpip', other))).toBe('not-found');
    expect(await close(actor(from, 'psychologist', reader))).toBe('done');
    expect(await close(actor(from, 'psychologist', reader))).toBe('done');
    expect(await seen(reader)).toEqual([]);
    expect((await run((tx) => listAlerts(tx, boss)))[0]).toMatchObject({
      readers: 1,
      addressed: 1,
      state: 'shown',
    });
    await moveClock(database.dataSource, '2026-06-10T22:00:00Z');
    expect(await seen(await agent(from, 'psychologist'))).toEqual([]);
    await moveClock(database.dataSource, NOW);
  });
});
