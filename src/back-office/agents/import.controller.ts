import { Body, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import { FreshSignIn } from '../../access/fresh-sign-in.js';
import type { PageSession } from '../../access/identification.port.js';
import { managedServicesOf } from '../../agents/agent.queries.js';
import { LARGEST_AGENT_FILE } from '../../agents/domain/agents-file.js';
import { AgentMail } from '../../agents/life/agent-mail.js';
import { EnlistAgents, type EnlistReport } from '../../agents/life/enlist-agents.js';
import { Transaction } from '../../platform/transaction.js';
import { ValidationFailed } from '../../shared/domain-error.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { exactText, readForm, withoutGroup } from '../form-input.js';
import { frameOf } from '../frame.js';
import { type Again, PageWrites, type Work } from '../page-writes.js';
import { uploadedText } from '../uploaded-text.js';
import { IMPORT_SENTENCES, ROLE_WORDS } from './import-words.js';
import { ImportPage } from './import.page.js';

interface ImportForm {
  readonly organizationId: string;
  readonly text: string;
}

/** Many invitations from one file: what would happen first, then all of it. */
@FreshSignIn()
@Controller('agents/import')
export class AgentsImportController {
  constructor(
    private readonly transaction: Transaction,
    private readonly writes: PageWrites,
    private readonly mail: AgentMail,
    private readonly enlistAgents: EnlistAgents,
  ) {}

  @Allow('agent.manage')
  @Get()
  show(@CurrentSession() session: PageSession, @CurrentActor() actor: Actor): Promise<string> {
    return this.page(session, actor, { organizationId: actor.organizationId, text: '' }, null, []);
  }

  @Allow('agent.manage')
  @Post()
  @HttpCode(200)
  check(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const { act, organizationId } = readForm(withoutGroup(body, 'text'), ['organizationId', 'file', 'act']);
    const form = { organizationId, text: exactText(body, 'text') };
    const command = () => {
      const text = uploadedText(request, form.text, LARGEST_AGENT_FILE);
      return { organizationId, text, roleWords: ROLE_WORDS };
    };
    const again: Again = (_session, _actor, problems, error) => {
      const own =
        error instanceof ValidationFailed ? error.errors.map(({ code }) => problem(code)) : problems;
      return this.page(session, actor, form, null, own);
    };
    const enlist: Work = async (tx) => {
      await this.enlistAgents.execute(tx, command(), actor);
      return '/agents?presence=invited&done=imported';
    };
    if (act === 'apply') return this.writes.answer(request, response, enlist, again);
    const page = async () => {
      const report = await this.transaction.run((tx) => this.enlistAgents.prepare(tx, command(), actor));
      const problems = report.faults.length > 0 ? [problem('lines')] : [];
      if (problems.length > 0) response.status(400);
      return this.page(session, actor, form, report, problems);
    };
    return this.writes.preview(request, response, page, again);
  }

  private async page(
    session: PageSession,
    actor: Actor,
    form: ImportForm,
    report: EnlistReport | null,
    problems: Problems,
  ): Promise<string> {
    const services = await this.transaction.run((tx) => managedServicesOf(tx, actor, 'agent.manage'));
    const view = { frame: frameOf(session), services, ...form, report, problems };
    return renderPage(h(ImportPage, { ...view, mailIsOn: this.mail.isOn }));
  }
}

function problem(code: string): Problems[number] {
  return { field: 'file', sentence: IMPORT_SENTENCES[`file:${code}`] ?? IMPORT_SENTENCES.file ?? '' };
}
