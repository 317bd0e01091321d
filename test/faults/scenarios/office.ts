import { setTimeout as delay } from 'node:timers/promises';
import { Temporal } from 'temporal-polyfill';
import { aPerson, aService, aSignedInAgent } from '../../support/builders.js';
import { type Answer, ApiClient } from '../../support/client.js';
import type { Rig } from '../rig/rig.js';
import type { ServiceProcess, Special } from '../rig/service-process.js';

/** A service at work: its web process, an agent who is signed in, a program with a key. */
export class Office {
  private people = 0;

  constructor(
    private readonly rig: Rig,
    readonly web: ServiceProcess,
    readonly service: Awaited<ReturnType<typeof aService>>,
    readonly api: ApiClient,
    private readonly cookie: string,
    /** A day on which the service is open, some weeks ahead. */
    readonly day: string,
  ) {}

  /** Somebody new with a mobile of their own. */
  person(): Promise<string> {
    this.people++;
    return aPerson(this.rig.database.dataSource, {
      organizationIds: [this.service.organizationId],
      lastName: `Essai ${this.people}`,
      phone: `+3367${String(1_000_000 + this.people * 11)}`,
    });
  }

  /** Summons somebody new; the summons leaves at once. */
  async book(headers: Record<string, string> = {}): Promise<Answer> {
    return this.summon(await this.person(), headers);
  }

  summon(personId: string, headers: Record<string, string> = {}, time = '10:00'): Promise<Answer> {
    const { agendaId } = this.service;
    const body = { personId, typeCode: 'suivi-spip', agendaId, date: this.day, time, notify: true };
    return this.api.post('/convocations', body, headers);
  }

  search(): Promise<Answer> {
    return this.api.post('/persons/search', { query: 'Essai' });
  }

  page(path: string): Promise<Response> {
    return fetch(this.web.baseUrl + path, { headers: { cookie: this.cookie }, redirect: 'manual' });
  }

  /** Between two looks at something that lasts. */
  pause(): Promise<void> {
    return delay(250);
  }
}

export async function openOffice(
  rig: Rig,
  more: Readonly<Record<string, string>> = {},
  special: Special = {},
): Promise<Office> {
  const { dataSource } = rig.database;
  const service = await aService(dataSource);
  const { cookie } = await aSignedInAgent(dataSource, { organizationId: service.organizationId });
  const web = await rig.web(more, special);
  const api = new ApiClient(web.baseUrl, service.key);
  return new Office(rig, web, service, api, cookie, await anOpenDay(rig, api));
}

/** The first Tuesday at least three weeks ahead that is no holiday. */
async function anOpenDay(rig: Rig, api: ApiClient): Promise<string> {
  const [row] = await rig.query<{ today: string }>(`SELECT to_char(app_now(), 'YYYY-MM-DD') AS today`);
  let day = Temporal.PlainDate.from(row?.today ?? '').add({ days: 21 });
  for (;;) {
    const { body } = await api.get(`/calendars/metropole/${day.year}`);
    const holidays = (body as { date: string }[]).map(({ date }) => date);
    if (day.dayOfWeek === 2 && !holidays.includes(day.toString())) return day.toString();
    day = day.add({ days: 1 });
  }
}
