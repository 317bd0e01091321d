import { randomUUID } from 'node:crypto';
import { RouteDeclarations } from '../../src/access/route-declarations.js';
import { anAgentsWorld } from '../support/agents-world.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { Browser, type Form, formsOf } from '../support/browser-lite.js';
import { anOrganization, aService, aSignedInAgent } from '../support/builders.js';
import { type ChangeWitness, watchChanges } from '../support/change-witness.js';
import { moveClock } from '../support/database.js';
import { FIELDS, GROUPS, QUERIES, UNKNOWN } from '../support/form-fields.js';
import { HOSTILE_TEXTS, inParallel } from '../support/hostile-corpus.js';
import { aHostileWorld, aRollout, type HostileWorld, strangers } from '../support/hostile-world.js';

describe('hostile input to the pages', () => {
  let web: TestApp;
  let browser: Browser;
  let pages: readonly string[];
  let forms: readonly { readonly page: string; readonly form: Form }[];
  let sent = 0;
  let witness: ChangeWitness;
  const faults: string[] = [];
  /** Of forms that the administrator does not see. */
  const browsers = new WeakMap<Form, Browser>();

  beforeAll(async () => {
    web = await startTestApp({ env: { SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'msj@example.test' } });
    await moveClock(web.dataSource, '2026-06-09T08:00:00Z');
    const service = await aService(web.dataSource);
    const world = await aHostileWorld(web, service);
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
      `/rollouts/row?rollout=${await aRollout(web, organizationId)}`,
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
    for (const [cookie, page] of await strangers(web, organizationId, active)) {
      const other = new Browser(web.baseUrl, cookie);
      for (const form of formsOf((await other.get(page)).text)) {
        found.push({ page, form });
        browsers.set(form, other);
      }
    }
    forms = distinct(found.filter(({ form }) => form.method === 'post'));
    witness = await watchChanges(web.ownerUrl);
  });

  afterAll(async () => {
    process.stdout.write(
      `forms ${forms.length}, their fields ${forms.flatMap(({ form }) => Object.keys(form.fields)).length}, hostile requests to pages: ${sent}\n`,
    );
    await witness.close();
    await web.close();
  });

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
  }, 1_200_000);

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
  }, 1_200_000);

  it('changed no row without an entry in the journal', async () => {
    expect(await witness.changes()).toBeGreaterThan(20);
    expect(await witness.unjournaled()).toEqual([]);
  });

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

/** The route with real ids in its place; the word before a parameter says what it names. */
function addresses(path: string, world: HostileWorld): string[] {
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
