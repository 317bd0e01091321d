import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import type { PageSession } from '../../access/identification.port.js';
import { CloseSlot } from '../../organizations/close-slot.js';
import { isDate } from '../../organizations/domain/opening.js';
import { OpenSlots } from '../../organizations/open-slots.js';
import { type AgendaView, listAgendas } from '../../organizations/organization.queries.js';
import { ReopenSlot } from '../../organizations/reopen-slot.js';
import { Transaction } from '../../platform/transaction.js';
import { NotFound } from '../../shared/domain-error.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { readForm, readGroup, withoutGroup } from '../form-input.js';
import { frameOf } from '../frame.js';
import { OfficeHours } from '../office-hours.js';
import { PageWrites } from '../page-writes.js';
import { AgendasPage, type AgendasView } from './agendas.page.js';
import { openingOf } from './opening-form.js';
import { OPEN_FIELDS, type OpenValues, WeekPage } from './week.page.js';
import { WeekPages } from './week.view.js';

@Controller('agendas')
export class AgendasController {
  constructor(
    private readonly transaction: Transaction,
    private readonly writes: PageWrites,
    private readonly officeHours: OfficeHours,
    private readonly weeks: WeekPages,
    private readonly openSlots: OpenSlots,
    private readonly closeSlot: CloseSlot,
    private readonly reopenSlot: ReopenSlot,
  ) {}

  @Allow('agenda.read')
  @Get()
  async list(@CurrentSession() session: PageSession, @CurrentActor() actor: Actor): Promise<string> {
    const view = await this.transaction.run(async (tx) => ({
      today: (await this.officeHours.of(tx, actor)).today,
      places: byPlace(await listAgendas(tx, actor)),
    }));
    return renderPage(h(AgendasPage, { frame: frameOf(session), ...view }));
  }

  @Allow('agenda.read')
  @Get(':id')
  show(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    return this.page(session, actor, id, query, null, []);
  }

  @Allow('slot.manage')
  @Post(':id/slots')
  @HttpCode(200)
  open(
    @Param('id') agendaId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const weekdays = [...readGroup(body, 'weekday.').keys()];
    const { week, ...values } = readForm(withoutGroup(body, 'weekday.'), [...OPEN_FIELDS, 'week']);
    return this.writes.answer(
      request,
      response,
      async (tx, opener) => {
        const opening = openingOf(values, weekdays);
        const { opened, skipped } = await this.openSlots.execute(tx, { agendaId, ...opening }, opener);
        return `/agendas/${agendaId}?week=${opening.dates[0] ?? week}&opened=${opened}&skipped=${skipped.length}`;
      },
      (session, actor, problems) =>
        this.page(session, actor, agendaId, { week }, { values, weekdays }, problems),
    );
  }

  @Allow('slot.manage')
  @Post(':id/slots/:slotId/close')
  @HttpCode(200)
  close(
    @Param('id') id: string,
    @Param('slotId') slotId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ) {
    return this.toggle(this.closeSlot, 'closed', id, slotId, body, request, response);
  }

  @Allow('slot.manage')
  @Post(':id/slots/:slotId/reopen')
  @HttpCode(200)
  reopen(
    @Param('id') id: string,
    @Param('slotId') slotId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ) {
    return this.toggle(this.reopenSlot, 'reopened', id, slotId, body, request, response);
  }

  private toggle(
    useCase: Pick<CloseSlot, 'execute'>,
    done: 'closed' | 'reopened',
    agendaId: string,
    slotId: string,
    body: Record<string, unknown>,
    request: CallerRequest,
    response: Response,
  ): Promise<void> {
    const { week } = readForm(body, ['week']);
    return this.writes.answer(
      request,
      response,
      async (tx, manager) => {
        const slot = await useCase.execute(tx, { slotId }, manager);
        if (slot.agendaId !== agendaId.toLowerCase()) throw new NotFound('slot');
        return `/agendas/${slot.agendaId}?week=${slot.date}&done=${done}`;
      },
      (session, actor, problems) => this.page(session, actor, agendaId, { week }, null, problems),
    );
  }

  private async page(
    session: PageSession,
    actor: Actor,
    agendaId: string,
    query: Record<string, unknown>,
    form: { readonly values: OpenValues; readonly weekdays: readonly string[] } | null,
    problems: Problems,
  ): Promise<string> {
    const week = typeof query.week === 'string' && isDate(query.week) ? query.week : null;
    const content = await this.transaction.run((tx) => this.weeks.content(tx, actor, agendaId, week, form));
    return renderPage(h(WeekPage, { frame: frameOf(session), ...content, done: doneOf(query), problems }));
  }
}

function byPlace(agendas: readonly AgendaView[]): AgendasView['places'] {
  return [...new Set(agendas.map(({ placeId }) => placeId))].map((placeId) => {
    const here = agendas.filter((agenda) => agenda.placeId === placeId);
    return { name: here[0]?.placeName ?? '', service: here[0]?.organizationName ?? '', agendas: here };
  });
}

function doneOf({ done, opened, skipped }: Record<string, unknown>): string | null {
  if (done === 'closed')
    return 'Créneau fermé\u00a0: personne d’autre ne peut y être convoqué. Les personnes déjà convoquées le restent.';
  if (done === 'reopened') return 'Créneau rouvert.';
  const count = /^\d{1,4}$/;
  if (
    typeof opened !== 'string' ||
    typeof skipped !== 'string' ||
    !count.test(opened) ||
    !count.test(skipped)
  )
    return null;
  const left = skipped === '0' ? '' : ` ${skipped}\u00a0laissés de côté (jour fermé, passé, ou déjà ouvert).`;
  return `Créneaux ouverts\u00a0: ${opened}.${left}`;
}
