import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import { API_SCOPES } from '../../access/domain/api-scopes.js';
import { may } from '../../access/domain/rights.js';
import { type Role, ROLES } from '../../access/domain/roles.js';
import { FreshSignIn } from '../../access/fresh-sign-in.js';
import type { PageSession } from '../../access/identification.port.js';
import { findApiKey, listApiKeys } from '../../agents/keys/api-key.queries.js';
import { CreateApiKey, type CreatedApiKey } from '../../agents/keys/create-api-key.js';
import { RevokeApiKey } from '../../agents/keys/revoke-api-key.js';
import { RotateApiKey } from '../../agents/keys/rotate-api-key.js';
import { Transaction } from '../../platform/transaction.js';
import { ValidationFailed } from '../../shared/domain-error.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { organizationGroups } from '../console/organization-choices.js';
import { ShownOncePage } from '../console/shown-once.page.js';
import { readForm, readGroup, withoutGroup } from '../form-input.js';
import { frameOf } from '../frame.js';
import { type Again, PageWrites } from '../page-writes.js';
import { roleGroups } from './key-choices.js';
import { KEY_FIELDS, type KeyForm, KeyFormPage } from './key-form.page.js';
import { KeyPage } from './key.page.js';
import { KeysPage } from './keys.page.js';

const SCOPES = 'scope.';

@FreshSignIn()
@Controller('console/keys')
export class KeysController {
  constructor(
    private readonly transaction: Transaction,
    private readonly writes: PageWrites,
    private readonly createApiKey: CreateApiKey,
    private readonly rotateApiKey: RotateApiKey,
    private readonly revokeApiKey: RevokeApiKey,
  ) {}

  @Allow('api-key.manage')
  @Get()
  async list(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Query('done') done: unknown,
  ): Promise<string> {
    const keys = await this.transaction.run((tx) => listApiKeys(tx, actor));
    const view = {
      keys,
      hasConsole: may(actor, 'console.use'),
      done: typeof done === 'string' ? done : null,
    };
    return renderPage(h(KeysPage, { frame: frameOf(session), ...view }));
  }

  @Allow('api-key.manage')
  @Get('new')
  ask(@CurrentSession() session: PageSession, @CurrentActor() actor: Actor): Promise<string> {
    const fields = { organization: actor.organizationId, keyName: '', role: 'local-admin', validDays: '365' };
    return this.formPage(session, actor, { fields, scopes: [] }, []);
  }

  @Allow('api-key.manage')
  @Post()
  @HttpCode(200)
  create(
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const form = readKeyForm(body);
    const { organization, keyName, role, validDays } = form.fields;
    return this.show(
      request,
      response,
      async (tx, actor) => {
        const command = { organizationId: organization, name: keyName, role: knownRole(role) };
        const limits = { scopes: form.scopes, validDays: whole(validDays) };
        return this.createApiKey.execute(tx, { ...command, ...limits }, actor);
      },
      (session, actor, problems) => this.formPage(session, actor, form, problems),
    );
  }

  @Allow('api-key.manage')
  @Get(':id')
  async one(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
  ): Promise<string> {
    return this.keyPage(session, actor, id, '7', []);
  }

  @Allow('api-key.manage')
  @Post(':id/rotate')
  @HttpCode(200)
  rotate(
    @Param('id') keyId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const { overlapDays } = readForm(body, ['overlapDays']);
    return this.show(
      request,
      response,
      (tx, actor) => this.rotateApiKey.execute(tx, { keyId, overlapDays: whole(overlapDays) }, actor),
      (session, actor, problems) => this.keyPage(session, actor, keyId, overlapDays, problems),
    );
  }

  @Allow('api-key.manage')
  @Post(':id/revoke')
  @HttpCode(200)
  async revoke(
    @Param('id') keyId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    readForm(body, []);
    await this.writes.answer(
      request,
      response,
      async (tx, actor) => {
        await this.revokeApiKey.execute(tx, keyId, actor);
        return '/console/keys?done=revoked';
      },
      (session, actor, problems) => this.keyPage(session, actor, keyId, '7', problems),
    );
  }

  /** The key stands in this one answer and nowhere else: the same form sent again only says so. */
  private show(
    request: CallerRequest,
    response: Response,
    make: (tx: EntityManager, actor: Actor) => Promise<CreatedApiKey>,
    again: Again,
  ): Promise<void> {
    return this.writes.answerOnce(
      request,
      response,
      async (tx, actor) => ({ next: '/console/keys?done=shown-once', shown: (await make(tx, actor)).key }),
      keyMadePage,
      again,
    );
  }

  private async formPage(
    session: PageSession,
    actor: Actor,
    form: KeyForm,
    problems: Problems,
  ): Promise<string> {
    const organizations = await this.transaction.run((tx) => organizationGroups(tx, actor, 'api-key.manage'));
    const view = { frame: frameOf(session), form, organizations, roles: roleGroups(actor), problems };
    return renderPage(h(KeyFormPage, view));
  }

  private async keyPage(
    session: PageSession,
    actor: Actor,
    id: string,
    overlapDays: string,
    problems: Problems,
  ): Promise<string> {
    const one = await this.transaction.run((tx) => findApiKey(tx, actor, id));
    return renderPage(h(KeyPage, { frame: frameOf(session), one, overlapDays, problems }));
  }
}

function keyMadePage(session: PageSession, key: string): string {
  const view = {
    frame: frameOf(session),
    title: 'La clé est prête',
    secret: key,
    about: 'Elle ne sera plus jamais affichée\u00a0: nous n’en gardons qu’une empreinte.',
    next: { href: '/console/keys', label: 'C’est fait, revenir aux clés' },
  };
  return renderPage(h(ShownOncePage, view));
}

function readKeyForm(body: Readonly<Record<string, unknown>>): KeyForm {
  const chosen = readGroup(body, SCOPES);
  return {
    fields: readForm(withoutGroup(body, SCOPES), KEY_FIELDS),
    scopes: API_SCOPES.filter((scope) => chosen.get(scope) === 'true'),
  };
}

/** @throws ValidationFailed */
function knownRole(role: string): Role {
  const known = ROLES.find((one) => one === role);
  if (known === undefined) throw new ValidationFailed([{ field: 'role', code: 'isIn', message: 'a role' }]);
  return known;
}

/** NaN for what is no whole number: the bounds refuse it. */
function whole(text: string): number {
  return /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
}
