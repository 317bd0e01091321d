import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import type { EntityManager } from 'typeorm';
import { Allow } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentSession } from '../../access/caller.decorators.js';
import { FreshSignIn } from '../../access/fresh-sign-in.js';
import type { PageSession } from '../../access/identification.port.js';
import { ReplanMessages } from '../../notifications/plans/replan-messages.js';
import { type FutureConvocation, listFuture } from '../../organizations/console/future-convocations.query.js';
import {
  findOrganization,
  listAllOrganizations,
  listHeadquarters,
  type OrganizationRow,
} from '../../organizations/console/organization-console.queries.js';
import {
  SaveOrganization,
  type SaveOrganizationCommand,
} from '../../organizations/console/save-organization.js';
import { Transaction } from '../../platform/transaction.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { readForm, readGroup, withoutGroup } from '../form-input.js';
import { frameOf } from '../frame.js';
import { PageWrites } from '../page-writes.js';
import { effectsQuery, effectsSaid } from '../plans/plan-words.js';
import {
  ORGANIZATION_FIELDS,
  type OrganizationForm,
  OrganizationFormPage,
} from './organization-form.page.js';
import { OrganizationsPage } from './organizations.page.js';

const LINKS = 'link.';
const EMPTY = { kind: 'spip', timeZone: 'Europe/Paris', calendar: 'metropole' };

@FreshSignIn()
@Controller('console/organizations')
export class OrganizationsController {
  constructor(
    private readonly transaction: Transaction,
    private readonly writes: PageWrites,
    private readonly saveOrganization: SaveOrganization,
    private readonly replan: ReplanMessages,
  ) {}

  @Allow('organization.manage')
  @Get()
  async list(
    @CurrentSession() session: PageSession,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    const content = await this.transaction.run(async (tx) => ({
      organizations: await listAllOrganizations(tx),
      effects: await effectsSaid(tx, query),
    }));
    const isSaved = query.done === 'saved';
    return renderPage(h(OrganizationsPage, { frame: frameOf(session), ...content, isSaved }));
  }

  @Allow('organization.manage')
  @Get('new')
  ask(@CurrentSession() session: PageSession): Promise<string> {
    return this.page(session, null, { fields: EMPTY, linkIds: [] }, []);
  }

  @Allow('organization.manage')
  @Post()
  @HttpCode(200)
  create(
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    return this.save(null, body, request, response);
  }

  @Allow('organization.manage')
  @Get(':id')
  one(@CurrentSession() session: PageSession, @Param('id') id: string): Promise<string> {
    return this.page(session, id, null, []);
  }

  @Allow('organization.manage')
  @Post(':id')
  @HttpCode(200)
  change(
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    return this.save(id, body, request, response);
  }

  private async save(
    id: string | null,
    body: Record<string, unknown>,
    request: CallerRequest,
    response: Response,
  ): Promise<void> {
    const fields = readForm(withoutGroup(body, LINKS), ORGANIZATION_FIELDS);
    const chosen = [...readGroup(body, LINKS)].filter(([, value]) => value === 'true');
    const linkIds = chosen.map(([organizationId]) => organizationId);
    await this.writes.answer(
      request,
      response,
      (tx) => this.saved(tx, { ...commandOf(fields), id, linkIds }),
      (session, _actor, problems) => this.page(session, id, { fields, linkIds }, problems),
    );
  }

  /** Another calendar closes other days: what is not yet sent is planned again. */
  private async saved(tx: EntityManager, command: SaveOrganizationCommand): Promise<string> {
    const before = command.id === null ? null : await findOrganization(tx, command.id);
    const organizationId = await this.saveOrganization.execute(tx, command);
    const address = '/console/organizations?done=saved';
    if (before === null || before.calendar === command.calendar) return address;
    const scope = { organizationId, typeCode: null, territory: null, isDryRun: false };
    return `${address}&${effectsQuery(await this.replan.execute(tx, scope))}`;
  }

  private async page(
    session: PageSession,
    id: string | null,
    typed: OrganizationForm | null,
    problems: Problems,
  ): Promise<string> {
    const isZoneRefused = problems.some(({ field }) => field === 'timeZone');
    const view = await this.transaction.run(async (tx) => {
      const one = id === null ? null : await findOrganization(tx, id);
      const future: readonly FutureConvocation[] =
        one !== null && isZoneRefused ? await listFuture(tx, { organizationId: one.id }) : [];
      const others = (await listAllOrganizations(tx)).filter((other) => other.id !== id);
      return { one, future, others, headquarters: await listHeadquarters(tx) };
    });
    const form = typed ?? formOf(view.one);
    return renderPage(h(OrganizationFormPage, { frame: frameOf(session), ...view, form, problems }));
  }
}

function formOf(one: OrganizationRow | null): OrganizationForm {
  if (one === null) return { fields: EMPTY, linkIds: [] };
  const { name, kind, timeZone, calendar, email, headquartersId, isInterRessort, linkIds } = one;
  const { siret, emailDomains } = one;
  return {
    fields: {
      ...{ name, kind, timeZone, calendar, email: email ?? '', headquarters: headquartersId ?? '' },
      ...{ siret: siret ?? '', emailDomains: emailDomains.join(', ') },
      interRessort: isInterRessort ? 'true' : '',
    },
    linkIds,
  };
}

function commandOf(fields: Readonly<Record<string, string>>) {
  const text = (name: string) => fields[name] ?? '';
  const orNull = (name: string) => (text(name) === '' ? null : text(name));
  return {
    ...{ name: text('name'), kind: text('kind'), timeZone: text('timeZone'), calendar: text('calendar') },
    ...{ email: orNull('email'), headquartersId: orNull('headquarters') },
    siret: orNull('siret')?.replace(/\s/g, '') ?? null,
    emailDomains: text('emailDomains')
      .toLowerCase()
      .split(/[\s,;]+/)
      .filter(Boolean),
    ...{ newHeadquarters: text('newHeadquarters'), isInterRessort: text('interRessort') === 'true' },
  };
}
