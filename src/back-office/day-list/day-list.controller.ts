import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import { Temporal } from 'temporal-polyfill';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import type { PageSession } from '../../access/identification.port.js';
import { dayList } from '../../convocations/convocation.queries.js';
import type { Outcome } from '../../convocations/record-attendance.js';
import { RecordDay } from '../../convocations/record-day.js';
import { MessageQueries } from '../../notifications/message.queries.js';
import { isDate } from '../../organizations/domain/opening.js';
import { listAgendas } from '../../organizations/organization.queries.js';
import { Transaction } from '../../platform/transaction.js';
import { NotFound, ValidationFailed } from '../../shared/domain-error.js';
import { hourInWords, relativeDay } from '../../shared/french-dates.js';
import { AGAIN } from '../../ui/default-button.js';
import { renderPage } from '../../ui/render-page.js';
import { capital, day } from '../../ui/typography.js';
import { readForm, readGroup, withoutGroup } from '../form-input.js';
import { frameOf } from '../frame.js';
import { type Office, OfficeHours } from '../office-hours.js';
import { type Again, PageWrites, type Work } from '../page-writes.js';
import { address, DayListPage, type DayListView, type Half } from './day-list.page.js';
import { type DayRow, dayRows } from './day-row.js';

type Asked = { readonly date: string; readonly half: Half; readonly agendaId: string };
type Done = DayListView['done'];
type Shown = Pick<DayListView, 'done' | 'chosen' | 'notify' | 'problems'>;

@Controller('days')
export class DayListController {
  constructor(
    private readonly transaction: Transaction,
    private readonly writes: PageWrites,
    private readonly officeHours: OfficeHours,
    private readonly messages: MessageQueries,
    private readonly recordDay: RecordDay,
  ) {}

  @Allow('convocation.read')
  @Get(':date')
  show(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Param('date') date: string,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    return this.page(session, actor, asked(date, query), { done: doneOf(query), ...NOTHING_CHOSEN });
  }

  @Allow('attendance.record')
  @Post(':date')
  @HttpCode(200)
  record(
    @Param('date') date: string,
    @Query() query: Record<string, unknown>,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const list = asked(date, query);
    const { chosen, rows, rest, notify, act } = readList(body);
    const again: Again = (session, actor, problems) =>
      this.page(session, actor, list, { done: null, chosen, notify, problems });
    if (act === AGAIN) return this.writes.again(request, response, again);
    const work: Work = async (tx, marker) => {
      const command = { outcomes: outcomesOf(rows, chosen, rest === 'attended'), notify };
      const { recorded, skipped } = await this.recordDay.execute(tx, command, marker);
      const here = address(list.date, list.half, list.agendaId);
      return `${here}${here.includes('?') ? '&' : '?'}recorded=${recorded}&skipped=${skipped.length}`;
    };
    return this.writes.answer(request, response, work, again);
  }

  private async page(session: PageSession, actor: Actor, list: Asked, shown: Shown): Promise<string> {
    const view = await this.transaction.run((tx) => this.view(tx, actor, list));
    return renderPage(h(DayListPage, { frame: frameOf(session), ...view, ...shown }));
  }

  private async view(
    tx: EntityManager,
    actor: Actor,
    list: Asked,
  ): Promise<Omit<DayListView, 'frame' | keyof Shown>> {
    const office = await this.officeHours.of(tx, actor);
    const { date, half, agendaId } = list;
    const found = await dayList(tx, actor, { date, agendaId: agendaId || undefined });
    const rows = await dayRows(tx, found, this.messages, office);
    const mine = (await listAgendas(tx, actor)).filter(
      ({ organizationId }) => organizationId === actor.organizationId,
    );
    const options = mine.map(({ id, placeName, name }) => ({ value: id, label: `${placeName}, ${name}` }));
    const agendas = [{ value: '', label: 'Tous les agendas' }, ...options];
    return {
      ...list,
      title: `${capital(day(date))}${HALVES[half]}`,
      about: aboutOf(date, office),
      agendas,
      rows: rows.filter((row) => isIn(row, half)),
      days: { before: shifted(date, -1), after: shifted(date, 1) },
    };
  }
}

const HALVES: Readonly<Record<Half, string>> = { am: ', matin', pm: ', après-midi', all: '' };

function isIn(row: DayRow, half: Half): boolean {
  return half === 'all' || row.morning === (half === 'am');
}

function aboutOf(date: string, office: Office): string {
  if (date !== office.today) return `${capital(relativeDay(date, office.today))}.`;
  return `Aujourd’hui. Il est ${hourInWords(office.time)}.`;
}

function shifted(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

function asked(date: string, query: Record<string, unknown>): Asked {
  if (!isDate(date)) throw new NotFound('day');
  const half = query.half === 'am' || query.half === 'pm' ? query.half : 'all';
  return { date, half, agendaId: typeof query.agenda === 'string' ? query.agenda : '' };
}

function doneOf({ recorded, skipped }: Record<string, unknown>): Done {
  const count = /^\d{1,4}$/;
  if (typeof recorded !== 'string' || typeof skipped !== 'string') return null;
  return count.test(recorded) && count.test(skipped)
    ? { recorded: Number(recorded), skipped: Number(skipped) }
    : null;
}

const NOTHING_CHOSEN = { chosen: new Map<string, string>(), notify: false, problems: [] };

/** @throws ValidationFailed for an unknown field */
function readList(body: Record<string, unknown>) {
  const { rest, notify, act } = readForm(withoutGroup(withoutGroup(body, 'row.'), 'outcome.'), [
    'rest',
    'notify',
    'act',
  ]);
  const rows = [...readGroup(body, 'row.').keys()];
  return { rows, chosen: readGroup(body, 'outcome.'), notify: notify === 'true', rest, act };
}

/** @param completes rows without a choice become « Présent » */
function outcomesOf(
  rows: readonly string[],
  chosen: ReadonlyMap<string, string>,
  completes: boolean,
): { convocationId: string; outcome: Outcome }[] {
  return rows.flatMap((convocationId) => {
    const outcome = chosen.get(convocationId) ?? (completes ? 'attend' : undefined);
    if (outcome === undefined) return [];
    if (outcome !== 'attend' && outcome !== 'miss' && outcome !== 'excuse')
      throw new ValidationFailed([{ field: 'outcomes', code: 'isIn', message: 'unknown outcome' }]);
    return [{ convocationId, outcome }];
  });
}
