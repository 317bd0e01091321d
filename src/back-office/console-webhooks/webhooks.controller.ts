import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import type { EntityManager } from 'typeorm';
import { Env } from '../../../config/env.js';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import { FreshSignIn } from '../../access/fresh-sign-in.js';
import type { PageSession } from '../../access/identification.port.js';
import { holdOf } from '../../notifications/surety/sending-hold.js';
import { Transaction } from '../../platform/transaction.js';
import { ValidationFailed } from '../../shared/domain-error.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { type CreatedWebhook, CreateWebhook } from '../../webhooks/create-webhook.js';
import { WEBHOOK_EVENTS } from '../../webhooks/domain/webhook.js';
import { ReplayDeliveries } from '../../webhooks/replay-deliveries.js';
import { RotateWebhookSecret } from '../../webhooks/rotate-webhook-secret.js';
import { SwitchWebhook } from '../../webhooks/switch-webhook.js';
import { TestWebhook } from '../../webhooks/test-webhook.js';
import { findEndpoint, listDeliveries, listEndpoints } from '../../webhooks/webhook.queries.js';
import { organizationGroups } from '../console/organization-choices.js';
import { ShownOncePage } from '../console/shown-once.page.js';
import { readForm, readGroup, withoutGroup } from '../form-input.js';
import { frameOf } from '../frame.js';
import { type Again, PageWrites } from '../page-writes.js';
import { type WebhookForm, WebhookFormPage } from './webhook-form.page.js';
import { WebhookPage } from './webhook.page.js';
import { WebhooksPage } from './webhooks.page.js';

const EVENTS = 'event.';

@FreshSignIn()
@Controller('console/webhooks')
export class WebhooksController {
  constructor(
    private readonly env: Env,
    private readonly transaction: Transaction,
    private readonly writes: PageWrites,
    private readonly createWebhook: CreateWebhook,
    private readonly rotateSecret: RotateWebhookSecret,
    private readonly switchWebhook: SwitchWebhook,
    private readonly testWebhook: TestWebhook,
    private readonly replayDeliveries: ReplayDeliveries,
  ) {}

  @Allow('webhook.manage')
  @Get()
  async list(@CurrentSession() session: PageSession, @CurrentActor() actor: Actor): Promise<string> {
    const endpoints = await this.transaction.run((tx) => listEndpoints(tx, actor));
    return renderPage(h(WebhooksPage, { frame: frameOf(session), endpoints }));
  }

  @Allow('webhook.manage')
  @Get('new')
  ask(@CurrentSession() session: PageSession, @CurrentActor() actor: Actor): Promise<string> {
    const form = { organization: actor.organizationId, url: '', events: WEBHOOK_EVENTS };
    return this.formPage(session, actor, form, []);
  }

  @Allow('webhook.manage')
  @Post()
  @HttpCode(200)
  create(
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const form = readWebhookForm(body);
    const { organization, url, events } = form;
    return this.showSecret(
      request,
      response,
      (tx, actor) => this.createWebhook.execute(tx, { organizationId: organization, url, events }, actor),
      (session, actor, problems) => this.formPage(session, actor, form, problems),
    );
  }

  @Allow('webhook.manage')
  @Get(':id')
  one(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Query('done') done: unknown,
  ): Promise<string> {
    return this.page(session, actor, id, typeof done === 'string' ? done : null, []);
  }

  @Allow('webhook.manage')
  @Post(':id')
  @HttpCode(200)
  change(
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const { act } = readForm(body, ['act']);
    const again: Again = (session, actor, problems) => this.page(session, actor, id, null, problems);
    if (act === 'secret')
      return this.showSecret(
        request,
        response,
        (tx, actor) => this.rotateSecret.execute(tx, id, actor),
        again,
      );
    return this.writes.answer(
      request,
      response,
      async (tx, actor) => {
        await this.act(tx, act, id, actor);
        return `/console/webhooks/${id}?done=${act}`;
      },
      again,
    );
  }

  @Allow('webhook.manage')
  @Post(':id/replay')
  @HttpCode(200)
  async replay(
    @Param('id') endpointId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const { delivery } = readForm(body, ['delivery']);
    await this.writes.answer(
      request,
      response,
      async (tx, actor) => {
        const deliveryId = delivery === '' ? null : delivery;
        const count = await this.replayDeliveries.execute(tx, { endpointId, deliveryId }, actor);
        return `/console/webhooks/${endpointId}?done=${count === 0 ? 'replayed-none' : 'replayed'}`;
      },
      (session, actor, problems) => this.page(session, actor, endpointId, null, problems),
    );
  }

  /** @throws ValidationFailed for an act nobody knows */
  private async act(tx: EntityManager, act: string, id: string, actor: Actor): Promise<void> {
    if (act === 'test') return this.testWebhook.execute(tx, id, actor);
    if (act === 'on' || act === 'off') return this.switchWebhook.execute(tx, id, act === 'on', actor);
    throw new ValidationFailed([{ field: 'act', code: 'isIn', message: 'test, secret, on, off' }]);
  }

  /** The secret stands in this one answer and nowhere else. */
  private showSecret(
    request: CallerRequest,
    response: Response,
    make: (tx: EntityManager, actor: Actor) => Promise<CreatedWebhook>,
    again: Again,
  ): Promise<void> {
    return this.writes.answerOnce(
      request,
      response,
      async (tx, actor) => {
        const webhook = await make(tx, actor);
        return { next: `/console/webhooks/${webhook.id}?done=shown-once`, shown: webhook };
      },
      (session, { id, secret }) => secretPage(session, id, secret),
      again,
    );
  }

  private async formPage(
    session: PageSession,
    actor: Actor,
    form: WebhookForm,
    problems: Problems,
  ): Promise<string> {
    const organizations = await this.transaction.run((tx) => organizationGroups(tx, actor, 'webhook.manage'));
    return renderPage(h(WebhookFormPage, { frame: frameOf(session), form, organizations, problems }));
  }

  private async page(
    session: PageSession,
    actor: Actor,
    id: string,
    done: string | null,
    problems: Problems,
  ): Promise<string> {
    const view = await this.transaction.run(async (tx) => {
      const one = await findEndpoint(tx, actor, id);
      const isHeld = (await holdOf(tx, this.env.APP_ENV)) !== null;
      return { one, isHeld, deliveries: await listDeliveries(tx, one.id) };
    });
    return renderPage(h(WebhookPage, { frame: frameOf(session), ...view, done, problems }));
  }
}

function secretPage(session: PageSession, id: string, secret: string): string {
  const view = {
    frame: frameOf(session),
    title: 'Le secret de signature',
    secret,
    about: 'Il ne sera plus jamais affiché. Le logiciel en a besoin pour vérifier que l’appel vient de nous.',
    next: { href: `/console/webhooks/${id}`, label: 'C’est fait, voir l’appel d’essai' },
  };
  return renderPage(h(ShownOncePage, view));
}

function readWebhookForm(body: Readonly<Record<string, unknown>>): WebhookForm {
  const chosen = readGroup(body, EVENTS);
  return {
    ...readForm(withoutGroup(body, EVENTS), ['organization', 'url'] as const),
    events: WEBHOOK_EVENTS.filter((event) => chosen.get(event) === 'true'),
  };
}
