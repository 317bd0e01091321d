import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import { type Actor, actsEverywhere } from '../../access/actor.js';
import { Allow, SignedIn } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import { ROLES, ROLES_BY_KIND } from '../../access/domain/roles.js';
import type { PageSession } from '../../access/identification.port.js';
import { managedServicesOf } from '../../agents/agent.queries.js';
import { listAlerts } from '../../agents/alerts/alert.queries.js';
import { type PreparedAlert, PublishAlert } from '../../agents/alerts/publish-alert.js';
import { Transaction } from '../../platform/transaction.js';
import { type Instant, instantOf, toLocal } from '../../shared/time.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { plainDate } from '../../ui/typography.js';
import { doneSentence } from '../done-sentence.js';
import { readForm, readGroup, withoutGroup } from '../form-input.js';
import { frameOf } from '../frame.js';
import { pageBefore } from '../local-path.js';
import { OfficeHours } from '../office-hours.js';
import { type Again, PageWrites, type Work } from '../page-writes.js';
import { type AlertForm, AlertsPage, type AlertsView } from './alerts.page.js';

const DONE: Readonly<Record<string, string>> = {
  published: 'L’alerte est publiée.',
  withdrawn: 'L’alerte est retirée.',
};
const FIELDS = ['level', 'alertText', 'organizationId', 'startsOn', 'endsOn', 'act'] as const;

interface Shown {
  readonly form?: AlertForm;
  readonly preview?: PreparedAlert;
  readonly problems?: Problems;
  readonly done?: string;
}

/** What administrators say to agents: looked at first, then published. */
@Controller('alerts')
export class AlertsController {
  constructor(
    private readonly transaction: Transaction,
    private readonly writes: PageWrites,
    private readonly officeHours: OfficeHours,
    private readonly publishAlert: PublishAlert,
  ) {}

  @Allow('alert.manage')
  @Get()
  show(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Query('done') done: unknown,
  ): Promise<string> {
    return this.page(session, actor, typeof done === 'string' ? { done } : {});
  }

  @Allow('alert.manage')
  @Post()
  @HttpCode(200)
  write(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const roles = [...readGroup(body, 'to.')].flatMap(([role, value]) => (value === 'true' ? [role] : []));
    const { act, ...typed } = readForm(withoutGroup(body, 'to.'), FIELDS);
    const form = { ...typed, roles };
    const command = { ...form, text: form.alertText };
    const again: Again = (_session, _actor, problems) => this.page(session, actor, { form, problems });
    const publish: Work = async (tx, author) => {
      await this.publishAlert.execute(tx, command, author);
      return '/alerts?done=published';
    };
    if (act === 'publish') return this.writes.answer(request, response, publish, again);
    const page = async () => {
      const preview = await this.transaction.run((tx) => this.publishAlert.prepare(tx, command, actor));
      return this.page(session, actor, { form, preview });
    };
    return this.writes.preview(request, response, page, again);
  }

  @Allow('alert.manage')
  @Post(':alert/withdraw')
  withdraw(
    @Param('alert') alertId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    readForm(body, []);
    return this.writes.follow(request, response, async (tx, actor) => {
      await this.publishAlert.withdraw(tx, { alertId }, actor);
      return '/alerts?done=withdrawn';
    });
  }

  /** Back to the page it stood on. */
  @SignedIn()
  @Post(':alert/read')
  read(
    @Param('alert') alertId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    readForm(body, []);
    return this.writes.follow(request, response, async (tx, actor) => {
      await this.publishAlert.close(tx, { alertId }, actor);
      return pageBefore(request.get('Referer'), request.get('Host'));
    });
  }

  private async page(session: PageSession, actor: Actor, shown: Shown): Promise<string> {
    const view = await this.transaction.run((tx) => this.content(tx, actor));
    const { today, ...content } = view;
    const form = shown.form ?? blank(actor, today);
    const { preview = null, problems = [], done = '' } = shown;
    const state = { form, preview, problems, done: doneSentence(DONE, done) };
    return renderPage(h(AlertsPage, { frame: frameOf(session), ...content, ...state }));
  }

  private async content(
    tx: Parameters<typeof listAlerts>[0],
    actor: Actor,
  ): Promise<Pick<AlertsView, 'alerts' | 'services' | 'roles' | 'everywhere'> & { today: string }> {
    const { timeZone, today } = await this.officeHours.of(tx, actor);
    const dayOf = (at: Instant) => plainDate(toLocal(at, timeZone).date);
    const alerts = (await listAlerts(tx, actor)).map((alert) => ({
      ...alert,
      period: `Du ${dayOf(instantOf(alert.startsAt))} au ${dayOf(instantOf(alert.endsAt).subtract({ milliseconds: 1 }))}`,
    }));
    const everywhere = actsEverywhere(actor);
    return {
      alerts,
      services: await managedServicesOf(tx, actor, 'alert.manage'),
      roles: everywhere ? ROLES : ROLES_BY_KIND[actor.organizationKind].filter((role) => role !== 'admin'),
      everywhere,
      today,
    };
  }
}

function blank(actor: Actor, today: string): AlertForm {
  return {
    level: 'info',
    alertText: '',
    organizationId: actor.organizationId,
    startsOn: today,
    endsOn: today,
    roles: [],
  };
}
