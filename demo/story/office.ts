import { Browser, type Form } from '../../test/support/browser-lite.js';
import type { DemoFile } from '../supervisor/demo-file.js';
import { DAY, type Player, type Role } from './cast.js';

export type Answer = Readonly<Record<string, unknown>>;

const TYPE = 'suivi-spip';

/**
 * Asks the JSON API with the key of a service.
 * @throws Error when it refuses
 */
export async function ask(
  file: DemoFile,
  service: string,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<Answer> {
  const key = file.apiKeys.find(({ organization }) => organization === service)?.key ?? '';
  const answer = await fetch(`${file.baseUrl}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const said = (await answer.json()) as Answer;
  if (answer.ok) return said;
  throw new Error(`${method} ${path}: ${answer.status} ${String(said['code'])}`);
}

/** Registers and books, as a program of the service would. */
export async function bookByApi(file: DemoFile, role: Role): Promise<Player> {
  const { service } = role.scene;
  const { lastName, phone, email = null } = role;
  const person = await ask(file, service, 'POST', '/persons', {
    firstName: 'Histoire',
    lastName,
    phone,
    email,
  });
  const agendas = (await ask(file, service, 'GET', '/agendas')) as { items?: readonly { id: string }[] };
  const booked = await ask(file, service, 'POST', '/convocations', {
    personId: person['id'],
    typeCode: TYPE,
    agendaId: agendas.items?.[0]?.id,
    date: DAY,
    time: role.time,
    notify: role.expects.includes('summons'),
  });
  return { ...role, convocationId: String(booked['id']) };
}

/**
 * Signs in, registers the person and books, on the pages, as an agent of the service who has no JavaScript.
 * @throws Error naming the page that did not lead further
 */
export async function bookByPages(file: DemoFile, role: Role): Promise<Player> {
  const { service } = role.scene;
  const agent = file.agents.find((one) => one.organization === service && one.role === 'cpip');
  if (agent === undefined) throw new Error(`no agent at ${service}`);
  const browser = new Browser(file.baseUrl);
  const signIn = await browser.form('/sign-in', '/sign-in');
  await follow(browser, signIn, { email: agent.email, password: agent.password });
  const { lastName, phone } = role;
  const newPerson = await browser.form('/persons/new', '/persons/new');
  const booking = await follow(browser, newPerson, { firstName: 'Histoire', lastName, phone });
  const form = await browser.form(booking, booking);
  const notify = String(role.expects.includes('summons'));
  const said = { typeCode: TYPE, seat: 'free', date: DAY, time: role.time, notify };
  const page = await follow(browser, form, said);
  return { ...role, convocationId: /^\/convocations\/([\da-f-]{36})/.exec(page)?.[1] ?? '' };
}

/** Sends a form; returns the address it leads to. */
async function follow(
  browser: Browser,
  form: Form,
  fields: Readonly<Record<string, string>>,
): Promise<string> {
  const answer = await browser.submit(form, fields);
  const next = answer.headers.get('location');
  if (answer.status === 303 && next !== null) return next;
  throw new Error(`${form.action.replace(/[\da-f-]{36}/, ':id')} answered ${answer.status}`);
}
