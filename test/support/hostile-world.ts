import { InviteAgent } from '../../src/agents/invite-agent.js';
import { MakeResetLink } from '../../src/agents/password/make-reset-link.js';
import { openSession } from '../../src/agents/sessions.js';
import { openTasks } from '../../src/notifications/follow-up/open-tasks.js';
import { digest } from '../../src/shared/tokens.js';
import type { TestApp } from './app.js';
import { anAgent, aPerson, type aService, aSignedInAgent } from './builders.js';
import { ApiClient } from './client.js';
import { contactId } from './contacts.js';
import { moveClock } from './database.js';
import { giveSecondFactor } from './second-factors.js';
import { aStoredTrial } from './trials.js';

/** Values for the parameters of routes, by the word of the path before the parameter. */
export type HostileWorld = Readonly<Record<string, readonly string[]>>;

type Service = Awaited<ReturnType<typeof aService>>;

const STOP_TOKEN = 'stoptokenstoptoken0000';

/** One of everything a page shows, in the states that show every form; it is 9 June 2026, 15:00 UTC afterwards. */
export async function aHostileWorld(web: TestApp, service: Service): Promise<HostileWorld> {
  const { organizationId } = service;
  await web.dataSource.query(
    `INSERT INTO template (kind, organization_id, text) VALUES ('reminder', $1, 'RDV {rdv.quand}')`,
    [organizationId],
  );
  const persons = await somePersons(web, organizationId);
  const [personId = ''] = persons;
  const { convocations, slots } = await aDayOfWork(web, service, personId);
  await aStop(web, personId, convocations.at(-1) ?? '');
  await somebodyUnheardOf(web, service);
  const agentId = await anAgent(web.dataSource, { organizationId });
  const { key, webhook } = await somePrograms(web, organizationId);
  return {
    ...{ persons, convocations, slots, agendas: [service.agendaId] },
    trials: await Promise.all(
      (['draft', 'registered'] as const).map((state) =>
        aStoredTrial(web.dataSource, { organizationId, state }),
      ),
    ),
    ...{ keys: [key], webhooks: [webhook], types: ['suivi-spip'], places: [service.placeId] },
    organizations: [organizationId],
    certificates: [await aCertificate(web, personId, organizationId, agentId)],
    ...{ days: ['2026-06-09'], attention: ['unsent', 'unmarked'] },
    ...{ s: [STOP_TOKEN], ...(await someLinks(web, agentId)) },
  };
}

/** With messages; who refuses them; whose number said it is somebody else. */
async function somePersons(web: TestApp, organizationId: string): Promise<readonly string[]> {
  const phone = '+33612345699';
  const person = await aPerson(web.dataSource, { organizationIds: [organizationId] });
  const refusing = await aPerson(web.dataSource, { organizationIds: [organizationId] });
  await web.dataSource.query(
    `UPDATE person SET sms_refused_at = app_now(), sms_refused_origin = 'agent' WHERE id = $1`,
    [refusing],
  );
  const blocked = await aPerson(web.dataSource, { organizationIds: [organizationId], phone });
  await web.dataSource.query(`INSERT INTO phone_block (phone_id, origin) VALUES ($1, 'link')`, [
    await contactId(web.dataSource, phone),
  ]);
  return [person, refusing, blocked];
}

/** An open and a closed slot; convocations past, attended and to come. */
async function aDayOfWork(
  web: TestApp,
  service: Service,
  personId: string,
): Promise<Record<'convocations' | 'slots', readonly string[]>> {
  const api = new ApiClient(web.baseUrl, service.key);
  const target = { agendaId: service.agendaId, typeCode: 'suivi-spip' };
  const open = async (date: string) => {
    const slot = await api.post('/slots', {
      ...{ ...target, date, time: '10:00', durationMinutes: 30, capacity: 3 },
    });
    return slot.body.id as string;
  };
  let minute = 10;
  const book = async (date: string) => {
    const time = `11:${(minute += 1)}`;
    const booked = await api.post('/convocations', { personId, ...target, date, time, notify: true });
    return booked.body.id as string;
  };
  const slot = await open('2026-06-15');
  await web.dataSource.query('UPDATE slot SET closed_at = app_now() WHERE id = $1', [
    await open('2026-06-16'),
  ]);
  const past = await book('2026-06-09');
  const attended = await book('2026-06-09');
  const future = await book('2026-06-12');
  await moveClock(web.dataSource, '2026-06-09T15:00:00Z');
  await api.post(`/convocations/${attended}/attend`, {});
  return { convocations: [past, attended, future], slots: [slot] };
}

async function aStop(web: TestApp, personId: string, convocationId: string): Promise<void> {
  await web.dataSource.query(
    `INSERT INTO stop_link (token_hash, convocation_id, person_id, expires_at)
     VALUES ($1, $2, $3, app_now() + interval '30 days')`,
    [digest(STOP_TOKEN), convocationId, personId],
  );
}

/** Summoned in vain, and nothing waits: the task and the list of the next 48 hours offer to send once more. */
async function somebodyUnheardOf(web: TestApp, service: Service): Promise<void> {
  const { organizationId, agendaId } = service;
  const personId = await aPerson(web.dataSource, { organizationIds: [organizationId] });
  const asked = {
    personId,
    agendaId,
    typeCode: 'suivi-spip',
    date: '2026-06-11',
    time: '11:30',
    notify: true,
  };
  const convocationId: string = (await new ApiClient(web.baseUrl, service.key).post('/convocations', asked))
    .body.id;
  await web.dataSource.query(
    `UPDATE message SET state = 'expired', settled_at = app_now() WHERE convocation_id = $1`,
    [convocationId],
  );
  await openTasks(web.dataSource.manager, [
    { kind: 'reach-otherwise', reason: 'nothing-sent', personId, convocationId, messageId: null },
  ]);
}

/** The key of the service, and an endpoint with a delivery that failed. */
async function somePrograms(
  web: TestApp,
  organizationId: string,
): Promise<Record<'key' | 'webhook', string>> {
  const [key] = await web.dataSource.query(`SELECT id FROM api_key LIMIT 1`);
  const [webhook] = await web.dataSource.query(
    `INSERT INTO webhook_endpoint (organization_id, url, events, secret_sealed)
     VALUES ($1, 'https://logiciel.example/', '{booked}', '') RETURNING id`,
    [organizationId],
  );
  await web.dataSource.query(
    `INSERT INTO webhook_delivery (endpoint_id, event_id, event, organization_id, state, status)
     VALUES ($1, gen_random_uuid(), 'booked', $2, 'booked', 'dead')`,
    [webhook.id, organizationId],
  );
  return { key: key.id, webhook: webhook.id };
}

/** Tokens of the letters an agent gets. */
async function someLinks(web: TestApp, agentId: string): Promise<Record<'welcome' | 'reset', string[]>> {
  const { manager } = web.dataSource;
  const welcome = await new InviteAgent(web.env).execute(manager, { agentId });
  const reset = await new MakeResetLink(web.env).execute(manager, { agentId });
  return { welcome: [tokenOf(welcome.url)], reset: [tokenOf(reset.url)] };
}

const tokenOf = (url: string) => url.split('/').at(-1) ?? '';

async function aCertificate(
  web: TestApp,
  personId: string,
  organizationId: string,
  agentId: string,
): Promise<string> {
  const rows: { id: string }[] = await web.dataSource.query(
    `INSERT INTO certificate (code, person_id, organization_id, agent_id, issued_at, message_ids, content_digest, key_id)
     SELECT '7K3M9QX2A0VB4C5D', $1, $2, $3, app_now(), '{}', '', (SELECT key_id FROM journal_entry LIMIT 1) RETURNING id`,
    [personId, organizationId, agentId],
  );
  return rows[0]?.id ?? '';
}

/** A roll-out under way, with counts of before. @returns its id */
export async function aRollout(web: TestApp, organizationId: string): Promise<string> {
  await web.dataSource.query(
    `INSERT INTO baseline_import (organization_id, source) VALUES ($1, 'Tableau du secrétariat')`,
    [organizationId],
  );
  const rows: { id: string }[] = await web.dataSource.query(
    `INSERT INTO rollout (organization_id, started_on) VALUES ($1, '2026-01-01') RETURNING id`,
    [organizationId],
  );
  return rows[0]?.id ?? '';
}

/**
 * Who sees forms the administrator does not: two sessions of an agent with a second factor (one showed it, one owes
 * it), who has not accepted the charter, and a central administrator under another name.
 * @returns the cookie and the page
 */
export async function strangers(
  web: TestApp,
  organizationId: string,
  impersonatedId: string,
): Promise<readonly (readonly [cookie: string, page: string])[]> {
  const guarded = await aSignedInAgent(web.dataSource, { organizationId });
  await giveSecondFactor(web, guarded.agentId);
  const owing = await openSession(web.dataSource.manager, guarded.agentId);
  const newcomer = await aSignedInAgent(web.dataSource, { organizationId, acceptsCharter: false });
  const helper = await aSignedInAgent(web.dataSource, { organizationId, role: 'admin' });
  await web.dataSource.query(
    `WITH started AS (INSERT INTO impersonation (impersonator_id, agent_id, reason, ends_at)
       VALUES ($1, $2, 'essai', app_now() + interval '30 minutes') RETURNING id)
     UPDATE session SET impersonation_csrf = 'c', impersonation_id = (SELECT id FROM started) WHERE agent_id = $1`,
    [helper.agentId, impersonatedId],
  );
  return [
    ...[guarded.cookie, `sid=${owing}`].flatMap((cookie) =>
      ['/account/security', '/account/sessions', '/sign-in/second-factor'].map(
        (page) => [cookie, page] as const,
      ),
    ),
    [newcomer.cookie, '/charter'],
    [helper.cookie, '/'],
  ];
}
