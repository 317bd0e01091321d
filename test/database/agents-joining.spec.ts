import type { Actor } from '../../src/access/actor.js';
import { Journal } from '../../src/access/journal.js';
import { listAgents } from '../../src/agents/agent.queries.js';
import { AgentMail } from '../../src/agents/life/agent-mail.js';
import { findInvitation } from '../../src/agents/accept-invitation.js';
import { ChangeAgent } from '../../src/agents/life/change-agent.js';
import { EnlistAgent } from '../../src/agents/life/enlist-agent.js';
import { EnlistAgents } from '../../src/agents/life/enlist-agents.js';
import { Impersonate } from '../../src/agents/life/impersonate.js';
import { PublishAlert } from '../../src/agents/alerts/publish-alert.js';
import { listAlerts } from '../../src/agents/alerts/alert.queries.js';
import { IdentifyCaller } from '../../src/agents/identify-caller.js';
import { InviteAgent } from '../../src/agents/invite-agent.js';
import { openSession } from '../../src/agents/sessions.js';
import { ROLE_WORDS } from '../../src/back-office/agents/import-words.js';
import { Clock } from '../../src/platform/clock.js';
import { moveClock } from '../support/database.js';
import { outcomeOf } from '../support/offices.js';
import { AgentsOffice, ENV, ENV_WITH_MAIL, NOW, type Service } from '../support/agents-office.js';

const office = new AgentsOffice();
const { run, actor, agent, admin, value } = office;
let from: Service;
let to: Service;

const journal = new Journal();
const mail = new AgentMail(ENV);
const mailOn = new AgentMail(ENV_WITH_MAIL);
const enlist = new EnlistAgent(new InviteAgent(ENV), mail, journal);
const enlistAll = new EnlistAgents(mailOn, journal);
const alerts = new PublishAlert(new Clock(), journal);
const impersonate = new Impersonate(journal);

beforeAll(async () => {
  [from, to] = await office.open();
});
afterAll(() => office.close());

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
    await office.database.dataSource.query(
      `UPDATE clock_offset SET shift = shift + interval '29 minutes 30 seconds'`,
    );
    expect((await run((tx) => identify.ofSession(tx, token)))?.impersonation?.minutesLeft).toBe(1);
    await office.database.dataSource.query(`UPDATE session SET last_seen_at = app_now()`);
    await office.database.dataSource.query(`UPDATE clock_offset SET shift = shift + interval '1 minute'`);
    const after = await run((tx) => identify.ofSession(tx, token));
    expect(after?.actor).toMatchObject({ agentId: central.agentId, impersonatorId: null });
    expect(after?.csrfToken).toBe(before?.csrfToken);
    await moveClock(office.database.dataSource, NOW);
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
    await moveClock(office.database.dataSource, '2026-06-10T22:00:00Z');
    expect(await seen(await agent(from, 'psychologist'))).toEqual([]);
    await moveClock(office.database.dataSource, NOW);
  });
});
