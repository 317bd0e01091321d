import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Actor, actsEverywhere } from '../../access/actor.js';
import { RECOMMENDED } from '../../notifications/domain/reminder-plan-presets.js';
import type { ReminderPlan } from '../../notifications/domain/reminder-plan.js';
import {
  planInForce,
  planOfScope,
  type PlanOrigin,
  storedPlans,
} from '../../notifications/plans/reminder-plan.queries.js';
import { earlierHoursOf } from '../../notifications/plans/territory.queries.js';
import type { PlanScope } from '../../notifications/plans/replan-batch.js';
import {
  type TrialBesidePlan,
  trialsBesidePlan,
} from '../../notifications/plans/trials-beside-plan.query.js';
import { type ServiceHours, SendingRules } from '../../notifications/sending/sending-rules.js';
import { listOrganizations } from '../../organizations/organization.queries.js';
import { territoryOfZone } from '../../persons/domain/territories.js';
import { Clock } from '../../platform/clock.js';
import { NotFound } from '../../shared/domain-error.js';
import { namedOptions, type Option } from '../../ui/select-field.js';
import { dateInWords, hourInWords } from '../../shared/french-dates.js';
import { NATIONAL } from '../service-switch.js';
import { type CalendarRow, calendarOf } from './calendar-weeks.js';
import { formOf, type PlanForm } from './plan-form.js';
import { type Sample, samplesOf } from './plan-samples.js';
import { FOLLOWED_WORDS, ORIGIN_WORDS, planInWords } from './plan-words.js';

const EVERY_TYPE = 'Tous les types';
const NATION = 'Plan national';

/** A service as its plans see it; null: the nation. */
export interface PlannedService {
  readonly id: string | null;
  readonly name: string;
  readonly timeZone: string;
  readonly hours: ServiceHours;
}

export interface PlanLine {
  readonly typeCode: string | null;
  readonly name: string;
  readonly words: string;
  readonly origin: string;
  readonly weeklyLimit: number;
  readonly href: string;
}

export interface HoursForm {
  readonly organization: string;
  readonly opensAt: string;
  readonly closesAt: string;
  readonly closedDays: string;
}

export interface PlansContent {
  readonly service: PlannedService;
  /** To choose from; a local administrator has no choice. */
  readonly services: readonly Option[];
  readonly lines: readonly PlanLine[];
  /** Null for the nation: its hours are those of the environment. */
  readonly hours: HoursForm | null;
  readonly usualHours: string;
}

export interface EditorContent {
  readonly service: PlannedService;
  readonly typeName: string;
  /** Made for this service and these types; else it follows one already. */
  readonly isOwn: boolean;
  /** What there is to follow instead; null for the national plan of all types. */
  readonly follows: string | null;
  readonly form: PlanForm;
  /** Whose appointments keep the reminders of their arm. */
  readonly trials: readonly TrialBesidePlan[];
}

export interface PlanPreview {
  readonly samples: readonly Sample[];
  readonly calendar: { readonly caption: string; readonly rows: readonly CalendarRow[] } | null;
}

/** What the pages of plans show. */
@Injectable()
export class PlanPages {
  constructor(
    private readonly clock: Clock,
    private readonly rules: SendingRules,
  ) {}

  /** @param asked service of the address; nothing: one's own @throws NotFound */
  async service(tx: EntityManager, actor: Actor, asked: unknown): Promise<PlannedService> {
    const wanted = typeof asked === 'string' && asked !== '' ? asked : actor.organizationId;
    if (wanted !== actor.organizationId && !actsEverywhere(actor)) throw new NotFound('organization');
    if (wanted === NATIONAL)
      return {
        id: null,
        name: NATION,
        timeZone: 'Europe/Paris',
        hours: { calendar: 'metropole', sendsOnClosedDays: true, sendWindow: null },
      };
    const rows: (ServiceHours & { id: string; name: string; timeZone: string })[] = await tx.query(
      `SELECT id, name, time_zone AS "timeZone", calendar, sends_on_closed_days AS "sendsOnClosedDays",
              send_window AS "sendWindow" FROM organization WHERE id::text = $1`,
      [wanted],
    );
    const row = rows[0];
    if (row === undefined) throw new NotFound('organization');
    return { id: row.id, name: row.name, timeZone: row.timeZone, hours: row };
  }

  async list(tx: EntityManager, actor: Actor, asked: unknown): Promise<PlansContent> {
    const service = await this.service(tx, actor, asked);
    const stored = await storedPlans(tx, service.id);
    const types = await readTypes(tx);
    const lines = [{ code: null, name: EVERY_TYPE }, ...types].map(({ code, name }) => {
      const scope = { organizationId: service.id, typeCode: code };
      const found = planInForce(stored, scope);
      return {
        typeCode: code,
        name,
        words: isGeneral(code, found?.origin)
          ? 'Comme tous les types'
          : planInWords(found?.plan ?? RECOMMENDED),
        origin: found === undefined ? 'recommandé' : ORIGIN_WORDS[found.origin],
        weeklyLimit: found?.weeklyLimit ?? 4,
        href: `/plans/edit?organization=${service.id ?? NATIONAL}&type=${code ?? ''}`,
      };
    });
    return {
      service,
      services: actsEverywhere(actor) ? await services(tx, actor) : [],
      lines,
      hours: service.id === null ? null : hoursForm(service),
      usualHours: this.usualHours(),
    };
  }

  /** The form as it stands: what is stored for this scope, else what it follows. @throws NotFound */
  async editor(tx: EntityManager, actor: Actor, asked: unknown, type: unknown): Promise<EditorContent> {
    const service = await this.service(tx, actor, asked);
    const typeCode = typeof type === 'string' && type !== '' ? type : null;
    const typeName = await typeNameOf(tx, typeCode);
    const stored = await storedPlans(tx, service.id);
    const scope: PlanScope = { organizationId: service.id, typeCode };
    const own = planOfScope(stored, scope);
    const above = planInForce(
      stored.filter((one) => one !== own),
      scope,
    );
    const inForce = planInForce(stored, scope);
    return {
      service,
      typeName,
      isOwn: own?.plan != null,
      follows: above === undefined ? null : FOLLOWED_WORDS[above.origin],
      trials: await trialsBesidePlan(tx, scope),
      form: formOf(inForce?.plan ?? RECOMMENDED, {
        organization: service.id ?? NATIONAL,
        type: typeCode ?? '',
        version: String(own?.version ?? 0),
        weeklyLimit: String(inForce?.weeklyLimit ?? 4),
      }),
    };
  }

  /** What somebody booked today would get, the first of them as a calendar too. */
  async samples(
    tx: EntityManager,
    service: PlannedService,
    plan: ReminderPlan,
    weeklyLimit: number,
  ): Promise<PlanPreview> {
    const rules = this.rules.of(service.hours);
    const { timeZone } = service;
    const earlierHours = await earlierHoursOf(tx, territoryOfZone(timeZone));
    const now = await this.clock.now(tx);
    const samples = samplesOf(plan, { now, timeZone, rules, earlierHours, weeklyLimit });
    const [first] = samples;
    if (first === undefined) return { samples, calendar: null };
    const caption = `${first.who}, rendez-vous le ${dateInWords(first.date)} à ${first.hour}`;
    return { samples, calendar: { caption, rows: calendarOf(first, rules.isClosed) } };
  }

  usualHours(): string {
    const { from, to } = this.rules.usualWindow;
    return `de ${hourInWords(from)} à ${hourInWords(to)}`;
  }
}

/** Says nothing that the line of all types does not say. */
function isGeneral(typeCode: string | null, origin: PlanOrigin | undefined): boolean {
  return typeCode !== null && (origin === 'service' || origin === 'national');
}

export function hoursForm({ id, hours }: PlannedService): HoursForm {
  const [opensAt = '', closesAt = ''] = hours.sendWindow?.split('-') ?? [];
  return { organization: id ?? '', opensAt, closesAt, closedDays: hours.sendsOnClosedDays ? '' : 'true' };
}

async function services(tx: EntityManager, actor: Actor): Promise<readonly Option[]> {
  const organizations = await listOrganizations(tx, actor);
  return [{ value: NATIONAL, label: NATION }, ...namedOptions(organizations)];
}

interface Type {
  readonly code: string;
  readonly name: string;
}

async function readTypes(tx: EntityManager): Promise<readonly Type[]> {
  return tx.query('SELECT code, name FROM appointment_type ORDER BY position');
}

async function typeNameOf(tx: EntityManager, typeCode: string | null): Promise<string> {
  if (typeCode === null) return EVERY_TYPE;
  const type = (await readTypes(tx)).find(({ code }) => code === typeCode);
  if (type === undefined) throw new NotFound('appointment type');
  return type.name;
}
