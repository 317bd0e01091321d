import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import { may } from '../../access/domain/rights.js';
import type { PageSession } from '../../access/identification.port.js';
import { ArchivePlace } from '../../organizations/console/archive-place.js';
import { ChangeAgenda } from '../../organizations/console/change-agenda.js';
import { listFuture } from '../../organizations/console/future-convocations.query.js';
import {
  findManagedPlace,
  listManagedPlaces,
  placeServices,
} from '../../organizations/console/place-console.queries.js';
import { SavePlace } from '../../organizations/console/save-place.js';
import { Transaction } from '../../platform/transaction.js';
import type { Problems } from '../../ui/forms.js';
import { namedOptions } from '../../ui/select-field.js';
import { renderPage } from '../../ui/render-page.js';
import { readForm } from '../form-input.js';
import { frameOf } from '../frame.js';
import { PageWrites } from '../page-writes.js';
import { PLACE_FIELDS } from './place-form.js';
import { agendaCommand, fieldsOf, type PlaceFields, wishesOf } from './place-input.js';
import { NewPlacePage, PlacePage, type Refused } from './place.page.js';
import { PlacesPage } from './places.page.js';

interface Shown {
  readonly fields?: PlaceFields;
  readonly agendaName?: string;
  readonly agendaId?: string;
  readonly refused?: Refused;
  readonly problems: Problems;
}

/** Where people are summoned, and the agendas there. */
@Controller('places')
export class PlacesController {
  constructor(
    private readonly transaction: Transaction,
    private readonly writes: PageWrites,
    private readonly savePlace: SavePlace,
    private readonly archivePlace: ArchivePlace,
    private readonly changeAgenda: ChangeAgenda,
  ) {}

  @Allow('place.manage')
  @Get()
  async list(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Query('done') done: unknown,
  ): Promise<string> {
    const places = await this.transaction.run((tx) => listManagedPlaces(tx, actor));
    const view = {
      places,
      hasConsole: may(actor, 'console.use'),
      done: typeof done === 'string' ? done : null,
    };
    return renderPage(h(PlacesPage, { frame: frameOf(session), ...view }));
  }

  @Allow('place.manage')
  @Get('new')
  ask(@CurrentSession() session: PageSession, @CurrentActor() actor: Actor): Promise<string> {
    return this.newPage(session, actor, null, []);
  }

  @Allow('place.manage')
  @Post()
  @HttpCode(200)
  async create(
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const fields: PlaceFields = readForm(body, PLACE_FIELDS);
    await this.writes.answer(
      request,
      response,
      async (tx, actor) => {
        const organizationId = fields['organization'] ?? '';
        const id = await this.savePlace.execute(tx, { ...wishesOf(fields), id: null, organizationId }, actor);
        return `/places/${id}`;
      },
      (session, actor, problems) => this.newPage(session, actor, fields, problems),
    );
  }

  @Allow('place.manage')
  @Get(':id')
  one(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
  ): Promise<string> {
    return this.page(session, actor, id, { problems: [] });
  }

  @Allow('place.manage')
  @Post(':id')
  @HttpCode(200)
  async change(
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const fields: PlaceFields = readForm(body, PLACE_FIELDS);
    await this.writes.answer(
      request,
      response,
      async (tx, actor) => {
        await this.savePlace.execute(tx, { ...wishesOf(fields), id, organizationId: '' }, actor);
        return '/places?done=saved';
      },
      (session, actor, problems) => this.page(session, actor, id, { fields, refused: 'place', problems }),
    );
  }

  @Allow('place.manage')
  @Post(':id/archive')
  @HttpCode(200)
  async archive(
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    readForm(body, []);
    await this.writes.answer(
      request,
      response,
      async (tx, actor) => {
        await this.archivePlace.execute(tx, id, actor);
        return '/places?done=archived';
      },
      (session, actor, problems) => this.page(session, actor, id, { refused: 'archive', problems }),
    );
  }

  @Allow('agenda.manage')
  @Post(':id/agendas')
  @HttpCode(200)
  async agendas(
    @Param('id') placeId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const { act, agenda, agendaName } = readForm(body, ['act', 'agenda', 'agendaName']);
    await this.writes.answer(
      request,
      response,
      async (tx, actor) => {
        await this.changeAgenda.execute(tx, agendaCommand(placeId, act, agenda, agendaName), actor);
        return `/places/${placeId}`;
      },
      (session, actor, problems) =>
        this.page(session, actor, placeId, {
          ...{ refused: 'agenda', agendaId: agenda, problems },
          agendaName: act === 'add' ? agendaName : '',
        }),
    );
  }

  private async page(session: PageSession, actor: Actor, id: string, shown: Shown): Promise<string> {
    const { refused, problems, agendaId } = shown;
    const isHeldBack = problems.some(({ field }) => field === 'archive' || field === 'timeZone');
    const view = await this.transaction.run(async (tx) => {
      const place = await findManagedPlace(tx, actor, id);
      const where = refused === 'agenda' ? { agendaId: agendaId ?? '' } : { placeId: place.id };
      return { place, future: isHeldBack ? await listFuture(tx, where) : [] };
    });
    return renderPage(
      h(PlacePage, {
        frame: frameOf(session),
        ...view,
        fields: shown.fields ?? fieldsOf(view.place),
        mayManageAgendas: may(actor, 'agenda.manage'),
        agendaName: shown.agendaName ?? '',
        refused: refused ?? null,
        problems,
      }),
    );
  }

  private async newPage(
    session: PageSession,
    actor: Actor,
    typed: PlaceFields | null,
    problems: Problems,
  ): Promise<string> {
    const services = await this.transaction.run((tx) => placeServices(tx, actor));
    const own = services.find(({ id }) => id === actor.organizationId) ?? services[0];
    const fields = typed ?? {
      ...{ organization: own?.id ?? '', timeZone: own?.timeZone ?? 'Europe/Paris' },
      contactMethod: 'phone',
    };
    const options = namedOptions(services);
    return renderPage(h(NewPlacePage, { frame: frameOf(session), fields, services: options, problems }));
  }
}
