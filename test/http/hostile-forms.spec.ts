import { randomUUID } from 'node:crypto';
import { RouteDeclarations } from '../../src/access/route-declarations.js';
import { InviteAgent } from '../../src/agents/invite-agent.js';
import { MakeResetLink } from '../../src/agents/password/make-reset-link.js';
import { openSession } from '../../src/agents/sessions.js';
import { anAgentsWorld } from '../support/agents-world.js';
import { openTasks } from '../../src/notifications/follow-up/open-tasks.js';
import { digest } from '../../src/shared/tokens.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { Browser, type Form, formsOf } from '../support/browser-lite.js';
import { anAgent, anOrganization, aPerson, aService, aSignedInAgent } from '../support/builders.js';
import { ApiClient } from '../support/client.js';
import { moveClock } from '../support/database.js';
import { aStoredTrial } from '../support/trials.js';
import { giveSecondFactor } from '../support/second-factors.js';
import { HOSTILE_TEXTS, inParallel } from '../support/hostile-corpus.js';
import { contactId } from '../support/contacts.js';

/** Plans, hours and territories. */
const PLAN_FIELDS: Readonly<Record<string, string>> = {
  ...{ organization: '', type: '', version: '0', rows: '3', follows: '', weeklyLimit: '4', act: 'apply' },
  ...{ summonsChannel: 'auto', afterAbsence: 'true', afterChannel: 'auto', afterAt: '', afterUntil: '168' },
  ...{ opensAt: '08:00', closesAt: '20:00', closedDays: '' },
  ...{ territory: 'RE', operator: '', poorCoverage: 'true', earlierHours: '3' },
};
/** Texts of messages. */
const TEXT_FIELDS: Readonly<Record<string, string>> = {
  ...{ kind: 'reminder', language: 'fr', base: '0', text: 'RDV {rdv.quand}', fix: '', cheaper: '' },
  ...{ template: randomUUID(), confirmed: 'true' },
};
/** Trials. */
const TRIAL_FIELDS: Readonly<Record<string, string>> = {
  ...{ name: 'J-1 contre J-2', question: 'Quand faut-il rappeler ?', differsBy: 'timing', unit: 'person' },
  ...{ byService: 'true', byFirst: '', seed: 'graine', plannedSize: '800', endsOn: '2026-12-31' },
  ...{ look1: '', look2: '' },
};
/** Register of roll-outs, counts of before, plan by steps. */
const ROLLOUT_FIELDS: Readonly<Record<string, string>> = {
  ...{ scope: 'service', startedOn: '2026-01-01', rollout: randomUUID(), stoppedOn: '2026-05-01' },
  ...{ relativeChange: '30', fromOn: '2026-01-01', untilOn: '2026-06-01', targetNote: '' },
  ...{ source: 'Tableau du secrétariat', file: '', importId: randomUUID(), service: '', services: '' },
  ...{ steps: '2', firstMonth: '2026-09', months: '2', outcomes: '60', rate: '28', effect: '5', icc: '0,02' },
  ...{ seed: 'nanterre', name: 'Vague 2026' },
};
/** What an absence costs a service. */
const COST_FIELDS: Readonly<Record<string, string>> = {
  ...{
    show: 'mine',
    letter: '1,52',
    registered: '6,11',
    hour: '35',
    letters: '1',
    registeredLetters: '0,3',
    minutes: '20',
  },
};
/** Console: keys, webhooks, services, places, types. */
const CONSOLE_FIELDS: Readonly<Record<string, string>> = {
  ...{ organization: '', keyName: 'Greffe', role: 'local-admin', validDays: '90', overlapDays: '3' },
  ...{ url: 'https://logiciel.example/suivi', delivery: '', calendar: 'metropole', timeZone: 'Europe/Paris' },
  ...{ headquarters: '', newHeadquarters: '', interRessort: '', address: '1 rue des Lilas', placeKind: '' },
  ...{ contactMethod: 'phone', informationUrl: '', agendaName: 'Bureau 9' },
};
/** Sign-in and the agent's own account. */
const ACCOUNT_FIELDS: Readonly<Record<string, string>> = {
  ...{ code: '123456', current: 'x', proof: 'x', session: '' },
};
/** Agents, absences, moves, alerts. */
const AGENT_FIELDS: Readonly<Record<string, string>> = {
  ...{ role: 'cpip', organizationId: '', presence: '', toOrganizationId: '', heir: 'service' },
  ...{ startsOn: '2026-07-01', endsOn: '2026-07-02', replacementId: '', shareEmail: '', sharePhone: '' },
  ...{ level: 'info', alertText: 'Réunion à 9 h', charterVersion: '1', absence: '' },
};
/** A sound value for every field of every form; a form with another field fails the first test below. */
const FIELDS: Readonly<Record<string, string>> = {
  ...ACCOUNT_FIELDS,
  ...AGENT_FIELDS,
  ...CONSOLE_FIELDS,
  ...PLAN_FIELDS,
  ...TEXT_FIELDS,
  ...ROLLOUT_FIELDS,
  ...TRIAL_FIELDS,
  ...COST_FIELDS,
  ...{
    _csrf: '',
    formToken: '',
    username: 'a@example.test',
    again: 'x',
    password: 'x',
    email: 'a@example.test',
  },
  ...{ returnTo: '/', query: 'durand', cursor: '', firstName: 'Dominique', lastName: 'Durand' },
  ...{ wordMeans: 'phone', wordSaidOn: '2026-06-09', heardBy: '' },
  ...{
    birthDate: '14/04/1990',
    phone: '06 12 34 56 78',
    dropPhone: '',
    dropEmail: '',
    what: 'phone',
    noPhone: '',
    smsRefused: '',
    register: 'standard',
  },
  ...{
    appiNumber: '',
    then: '',
    version: '',
    typeCode: 'suivi-spip',
    seat: '',
    agenda: '',
    date: '2026-06-12',
  },
  ...{
    time: '10:00',
    notify: 'true',
    cancelledBy: 'service',
    week: '2026-06-15',
    from: '2026-06-15',
    weeks: '1',
  },
  ...{
    durationMinutes: '30',
    capacity: '2',
    times: '09:00',
    rest: '',
    to: '2026-06',
    back: '',
    agendaId: '',
    note: 'rappelée ce matin',
    ...{ convocation: '', code: '7K3M-9QX2-A0VB-4C5D' },
    ...{ reason: 'panne de l’opérateur', hold: '' },
  },
};
/** Fields of which a page has as many as it has rows or days. */
const GROUPS =
  /^(row|outcome|heir|to|weekday|days|when|ahead|channel|at|until|arm|share|text|discreet|service|type|scope|event|link|attribute|role)\./;
const UNKNOWN = ['unknown', 'row.x', 'outcome.x', 'weekday.9', '__proto__', 'constructor', 'a[b]'].map(
  (name) => [name, 'x'] as const,
);
/** What pages read from the query string. */
const QUERIES = [
  'returnTo',
  'done',
  'week',
  'date',
  'agenda',
  'filter',
  'from',
  'to',
  'cursor',
  'query',
  'typeCode',
  'then',
  'undo',
  'show',
  'days',
  'organization',
  'type',
  'territory',
  'kind',
  'register',
  'language',
  'rollout',
  'plan',
  'service',
  'steps',
  'firstMonth',
  'presence',
  'role',
];

describe('hostile input to the pages', () => {
  let web: TestApp;
  let browser: Browser;
  let pages: readonly string[];
  let forms: readonly { readonly page: string; readonly form: Form }[];
  let sent = 0;
  const faults: string[] = [];
  /** Of forms that the administrator does not see. */
  const browsers = new WeakMap<Form, Browser>();

  beforeAll(async () => {
    web = await startTestApp({ env: { SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'msj@example.test' } });
    await moveClock(web.dataSource, '2026-06-09T08:00:00Z');
    const service = await aService(web.dataSource);
    const world = await aWorld(service);
    const { organizationId } = service;
    const admin = await aSignedInAgent(web.dataSource, { organizationId, role: 'admin' });
    const agents = await anAgentsWorld(web.dataSource, { organizationId, readerId: admin.agentId });
    const { invited, active, gone, away } = agents;
    Object.assign(world, { agents: [invited, active, gone, away], transfers: [agents.transfer] });
    browser = new Browser(web.baseUrl, admin.cookie);
    const routes = web.app
      .get(RouteDeclarations)
      .routes()
      .filter(({ path }) => !/^\/(api|hooks|health|metrics|assets)\b/.test(path));
    pages = [
      ...routes.filter(({ method }) => method === 'GET').flatMap(({ path }) => addresses(path, world)),
      `/agendas/${service.agendaId}?week=2026-06-15`,
      '/messages/text?language=en',
      `/rollouts/row?rollout=${await aRollout(organizationId)}`,
      `/rollouts/planner?steps=2&service=${organizationId}&service=${await anOrganization(web.dataSource)}`,
      `/messages/text?organization=${organizationId}`,
    ];
    const found: { page: string; form: Form }[] = [];
    const look = async (page: string) => {
      const answer = await browser.get(page);
      judge('GET', page, '', answer.status, answer.text);
      found.push(...formsOf(answer.text).map((form) => ({ page, form })));
    };
    for (const page of pages) await look(page);
    await web.dataSource.query(`INSERT INTO sending_hold (reason, set_by) VALUES ('command', 'test')`);
    await look('/surety/release');
    for (const cookie of await aGuardedAgent(organizationId)) {
      const other = new Browser(web.baseUrl, cookie);
      for (const page of ['/account/security', '/account/sessions', '/sign-in/second-factor'])
        for (const form of formsOf((await other.get(page)).text)) {
          found.push({ page, form });
          browsers.set(form, other);
        }
    }
    for (const [cookie, page] of await strangers(organizationId, active)) {
      const other = new Browser(web.baseUrl, cookie);
      for (const form of formsOf((await other.get(page)).text)) {
        found.push({ page, form });
        browsers.set(form, other);
      }
    }
    forms = distinct(found.filter(({ form }) => form.method === 'post'));
  }, 120_000);

  afterAll(async () => {
    process.stdout.write(
      `forms ${forms.length}, their fields ${forms.flatMap(({ form }) => Object.keys(form.fields)).length}, hostile requests to pages: ${sent}\n`,
    );
    await web.close();
  });

  /** Two sessions of an agent with a second factor: one showed it, one owes it. */
  async function aGuardedAgent(organizationId: string): Promise<readonly string[]> {
    const { agentId, cookie } = await aSignedInAgent(web.dataSource, { organizationId });
    await giveSecondFactor(web, agentId);
    const owing = await openSession(web.dataSource.manager, agentId);
    return [cookie, `sid=${owing}`];
  }

  /** Who has not accepted the charter, and a central administrator under another name. */
  async function strangers(
    organizationId: string,
    agentId: string,
  ): Promise<readonly (readonly [string, string])[]> {
    const newcomer = await aSignedInAgent(web.dataSource, { organizationId, acceptsCharter: false });
    const helper = await aSignedInAgent(web.dataSource, { organizationId, role: 'admin' });
    await web.dataSource.query(
      `WITH started AS (INSERT INTO impersonation (impersonator_id, agent_id, reason, ends_at)
         VALUES ($1, $2, 'essai', app_now() + interval '30 minutes') RETURNING id)
       UPDATE session SET impersonation_csrf = 'c', impersonation_id = (SELECT id FROM started) WHERE agent_id = $1`,
      [helper.agentId, agentId],
    );
    return [
      [newcomer.cookie, '/charter'],
      [helper.cookie, '/'],
    ];
  }

  async function aRollout(organizationId: string): Promise<string> {
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

  async function aCertificate(personId: string, organizationId: string, agentId: string): Promise<string> {
    const rows: { id: string }[] = await web.dataSource.query(
      `INSERT INTO certificate (code, person_id, organization_id, agent_id, issued_at, message_ids, content_digest, key_id)
       SELECT '7K3M9QX2A0VB4C5D', $1, $2, $3, app_now(), '{}', '', (SELECT key_id FROM journal_entry LIMIT 1) RETURNING id`,
      [personId, organizationId, agentId],
    );
    return rows[0]?.id ?? '';
  }

  async function aWorld(service: Awaited<ReturnType<typeof aService>>): Promise<World> {
    await web.dataSource.query(
      `INSERT INTO template (kind, organization_id, text) VALUES ('reminder', $1, 'RDV {rdv.quand}')`,
      [service.organizationId],
    );
    const api = new ApiClient(web.baseUrl, service.key);
    const personId = await aPerson(web.dataSource, { organizationIds: [service.organizationId] });
    const target = { agendaId: service.agendaId, typeCode: 'suivi-spip' };
    let minute = 10;
    const book = async (date: string) =>
      (
        await api.post('/convocations', {
          personId,
          ...target,
          date,
          time: `11:${(minute += 1)}`,
          notify: true,
        })
      ).body.id as string;
    const slot = await api.post('/slots', {
      ...target,
      date: '2026-06-15',
      time: '10:00',
      durationMinutes: 30,
      capacity: 3,
    });
    const closed = await api.post('/slots', {
      ...target,
      date: '2026-06-16',
      time: '10:00',
      durationMinutes: 30,
      capacity: 3,
    });
    await web.dataSource.query('UPDATE slot SET closed_at = app_now() WHERE id = $1', [closed.body.id]);
    const past = await book('2026-06-09');
    const attended = await book('2026-06-09');
    const future = await book('2026-06-12');
    const refusing = await aPerson(web.dataSource, { organizationIds: [service.organizationId] });
    await web.dataSource.query(
      `UPDATE person SET sms_refused_at = app_now(), sms_refused_origin = 'agent' WHERE id = $1`,
      [refusing],
    );
    const phone = '+33612345699';
    const blocked = await aPerson(web.dataSource, { organizationIds: [service.organizationId], phone });
    await web.dataSource.query(`INSERT INTO phone_block (phone_id, origin) VALUES ($1, 'link')`, [
      await contactId(web.dataSource, phone),
    ]);
    // Nothing reached this one: the list of the next 48 hours offers to send once more.
    await web.dataSource.query(
      `UPDATE message SET state = 'expired', settled_at = app_now() WHERE convocation_id = $1`,
      [await book('2026-06-11')],
    );
    await moveClock(web.dataSource, '2026-06-09T15:00:00Z');
    await api.post(`/convocations/${attended}/attend`, {});
    await web.dataSource.query(
      `INSERT INTO stop_link (token_hash, convocation_id, person_id, expires_at) VALUES ($1, $2, $3, app_now() + interval '30 days')`,
      [digest('stoptokenstoptoken0000'), future, personId],
    );
    await openTasks(web.dataSource.manager, [
      { kind: 'reach-otherwise', reason: 'nothing-sent', personId, convocationId: future, messageId: null },
    ]);
    const agentId = await anAgent(web.dataSource, { organizationId: service.organizationId });
    const { url } = await new InviteAgent(web.env).execute(web.dataSource.manager, { agentId });
    const [key] = await web.dataSource.query(`SELECT id FROM api_key LIMIT 1`);
    const [webhook] = await web.dataSource.query(
      `INSERT INTO webhook_endpoint (organization_id, url, events, secret_sealed)
       VALUES ($1, 'https://logiciel.example/', '{booked}', '') RETURNING id`,
      [service.organizationId],
    );
    await web.dataSource.query(
      `INSERT INTO webhook_delivery (endpoint_id, event_id, event, organization_id, state, status)
       VALUES ($1, gen_random_uuid(), 'booked', $2, 'booked', 'dead')`,
      [webhook.id, service.organizationId],
    );
    const reset = await new MakeResetLink(web.env).execute(web.dataSource.manager, { agentId });
    return {
      ...{
        persons: [personId, refusing, blocked],
        convocations: [past, attended, future],
        agendas: [service.agendaId],
        slots: [slot.body.id as string],
        trials: await Promise.all(
          (['draft', 'registered'] as const).map((state) =>
            aStoredTrial(web.dataSource, { organizationId: service.organizationId, state }),
          ),
        ),
      },
      ...{ keys: [key.id], webhooks: [webhook.id], types: ['suivi-spip'], places: [service.placeId] },
      organizations: [service.organizationId],
      ...{ certificates: [await aCertificate(personId, service.organizationId, agentId)] },
      ...{ days: ['2026-06-09'], attention: ['unsent', 'unmarked'] },
      ...{ s: ['stoptokenstoptoken0000'], welcome: [url.split('/').at(-1) ?? ''] },
      reset: [reset.url.split('/').at(-1) ?? ''],
    };
  }

  function judge(method: string, path: string, body: string, status: number, text: string): void {
    sent += 1;
    if (status >= 500 || /QueryFailedError|\bat .*\.(ts|js):\d+:|SELECT |<script>alert/.test(text))
      faults.push(`${status} ${method} ${path.slice(0, 120)} ${body.slice(0, 200)}`);
  }

  async function post(form: Form, fields: Readonly<Record<string, string>>): Promise<void> {
    const answer = await (browsers.get(form) ?? browser).submit(form, fields);
    judge('POST', form.action, JSON.stringify(fields), answer.status, answer.text);
  }

  it('has a case for every field of every form', () => {
    expect(forms.length).toBeGreaterThan(8);
    const names = forms.flatMap(({ form }) => Object.keys(form.fields)).filter((name) => !GROUPS.test(name));
    expect([...new Set(names)].filter((name) => FIELDS[name] === undefined)).toEqual([]);
  });

  it('meets every route that changes something in a form', () => {
    const changing = web.app
      .get(RouteDeclarations)
      .routes()
      .filter(
        ({ method, path }) =>
          method === 'POST' && !/^\/(api|hooks)\b/.test(path) && !path.endsWith('/preview'),
      );
    const met = (path: string) => {
      const pattern = new RegExp(`^${path.replace(/:\w+/g, '[^/?]+')}([?#].*)?$`);
      return forms.some(({ form }) => pattern.test(form.action));
    };
    expect(changing.map(({ path }) => path).filter((path) => !met(path))).toEqual([]);
  });

  it('answers every hostile value of every field without a fault', async () => {
    const works = forms
      // These end or change the very session that asks; `test/http/agents-life.spec.ts` tries what they read.
      .filter(
        ({ form }) =>
          !/^\/(sign-out|account\/service|impersonation\/end|agents\/.*\/impersonate)$/.test(form.action),
      )
      .flatMap(({ form }) =>
        [...hostileFieldsOf(form), ...UNKNOWN].map(([name, text]) => ({ form, name, text })),
      )
      .map(
        ({ form, name, text }) =>
          () =>
            postHostile(form, name, text),
      );
    await inParallel(works, 6);
    expect(faults).toEqual([]);
  }, 600_000);

  const metNames = new Set<string>();
  const metFields = new Set<string>();

  /** Some of the texts in a field of a new name, fewer where another form has that name; others each time. */
  function hostileFieldsOf(form: Form): (readonly [name: string, text: string])[] {
    return Object.keys(form.fields).flatMap((field) => {
      const name = field.replace(/\..*/, '.');
      const kind = `${patternOf(form.action)} ${name}`;
      if (metFields.has(kind)) return [];
      metFields.add(kind);
      const isNew = !metNames.has(name);
      metNames.add(name);
      const texts = HOSTILE_TEXTS.filter((_, at) => isTried(at + metFields.size, isNew ? 3 : 10));
      return texts.map((text) => [field, text] as const);
    });
  }

  async function postHostile(form: Form, name: string, text: string): Promise<void> {
    const filled = Object.entries(form.fields).map(([one, value]) => [
      one,
      value === '' ? (FIELDS[one] ?? '') : value,
    ]);
    const fields = {
      ...(Object.fromEntries(filled) as Record<string, string>),
      formToken: randomUUID(),
      // The button that writes.
      ...(/^\/(plans|territories)\b/.test(form.action) ? { act: 'apply' } : {}),
      [name]: text,
    };
    await post(form, fields);
    if (form.action.endsWith('/convoke')) await post({ ...form, action: `${form.action}/preview` }, fields);
  }

  it('answers every hostile address without a fault', async () => {
    const one = [...new Map(pages.map((page) => [patternOf(page), page])).values()];
    const works = one.flatMap((page, turn) =>
      HOSTILE_TEXTS.filter((_, at) => isTried(at + turn, 4))
        .flatMap((text) => hostileAddresses(page, text))
        .map((address) => async () => {
          const answer = await browser.get(address);
          judge('GET', address, '', answer.status, answer.text);
        }),
    );
    await inParallel(works, 6);
    expect(faults).toEqual([]);
  }, 600_000);

  it('stored nothing wrong', async () => {
    const wrong = await web.dataSource.query(`
      SELECT 'name' AS what FROM person WHERE trim(first_name) = '' OR trim(last_name) = ''
        OR length(first_name) > 100 OR length(last_name) > 100 OR first_name ~ '[[:cntrl:]]' OR last_name ~ '[[:cntrl:]]'
      UNION ALL SELECT 'birth date' FROM person WHERE birth_date < '1900-01-01' OR birth_date > app_now()
      UNION ALL SELECT 'instant of a slot' FROM slot WHERE starts_at <> (local_date + local_time) AT TIME ZONE time_zone
      UNION ALL SELECT 'instant of a convocation' FROM convocation
        WHERE starts_at <> (local_date + local_time) AT TIME ZONE time_zone
      UNION ALL SELECT 'seats' FROM slot s WHERE seats_taken <> (SELECT count(*) FROM convocation c
        WHERE c.slot_id = s.id AND c.state IN ('booked', 'attended', 'missed'))`);
    expect(wrong).toEqual([]);
  });
});

/** Minutes matter in the suite: each place meets some of the texts, together all. `HOSTILE=all` tries everything. */
function isTried(turn: number, oneIn: number): boolean {
  return process.env['HOSTILE'] === 'all' || turn % oneIn === 0;
}

/** The same page of another person, agenda or day has the same pattern. */
function patternOf(address: string): string {
  return (address.split('?')[0] ?? '').replace(/[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d{2}-\d{2}/g, ':id');
}

function hostileAddresses(page: string, text: string): string[] {
  const raw = text.slice(0, 600).replace(/\p{Surrogate}/gu, '\u0001');
  const hostile = encodeURIComponent(raw).replaceAll('%01', '%ED%A0%80');
  const asked = `${page}?${QUERIES.map((name) => `${name}=${hostile}`)
    .join('&')
    .slice(0, 8000)}`;
  const segments = page.split('/');
  return segments.length > 2
    ? [asked, [...segments.slice(0, 2), hostile, ...segments.slice(3)].join('/')]
    : [asked];
}

type World = Readonly<Record<string, readonly string[]>>;

/** The route with real ids in its place; the word before a parameter says what it names. */
function addresses(path: string, world: World): string[] {
  const found = /\/([\w-]+)\/:\w+/.exec(path);
  if (found === null) return [path];
  const values = world[found[1] ?? ''];
  if (values === undefined) throw new Error(`no case for the parameter of ${path}`);
  return values.flatMap((value) => addresses(path.replace(/:\w+/, value), world));
}

/** One form of each action and set of fields: ids in the action and rows apart. */
function distinct(found: readonly { readonly page: string; readonly form: Form }[]) {
  const kinds = new Map<string, { readonly page: string; readonly form: Form }>();
  for (const one of found) {
    const names = Object.keys(one.form.fields)
      .map((name) => name.replace(/\..*/, '.'))
      .sort();
    const kind = `${one.form.action} ${[...new Set(names)].join()}`;
    if (!kinds.has(kind)) kinds.set(kind, one);
  }
  return [...kinds.values()];
}
