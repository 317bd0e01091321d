import { Body, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import type { PageSession } from '../../access/identification.port.js';
import { managedServicesOf } from '../../agents/agent.queries.js';
import { LARGEST_AGENT_FILE } from '../../agents/domain/agents-file.js';
import { AgentMail } from '../../agents/life/agent-mail.js';
import { EnlistAgents, type EnlistReport } from '../../agents/life/enlist-agents.js';
import { uploadedFiles } from '../../platform/multipart.js';
import { inScope, WORKER } from '../../platform/scope.js';
import { Transaction } from '../../platform/transaction.js';
import { ValidationFailed } from '../../shared/domain-error.js';
import { decodeText } from '../../statistics/baseline/read-table.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { exactText, readForm, withoutGroup } from '../form-input.js';
import { frameOf } from '../frame.js';
import { PageWrites, refusalOf } from '../page-writes.js';
import { IMPORT_SENTENCES, ROLE_WORDS } from './import-words.js';
import { ImportPage } from './import.page.js';

const UNUSABLE = /\0|\p{Surrogate}/u;

interface ImportForm {
  readonly organizationId: string;
  readonly text: string;
}

/** Many invitations from one file: what would happen first, then all of it. */
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
  async check(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const { act, organizationId } = readForm(withoutGroup(body, 'text'), ['organizationId', 'file', 'act']);
    const form = { organizationId, text: exactText(body, 'text') };
    try {
      const command = { organizationId, text: textOf(form, request), roleWords: ROLE_WORDS };
      if (act === 'apply') {
        response.redirect(303, await this.apply(command, request));
        return;
      }
      // An address may be taken in a service that this request does not see.
      const report = await inScope(WORKER, () =>
        this.transaction.run((tx) => this.enlistAgents.prepare(tx, command, actor)),
      );
      const problems = report.faults.length > 0 ? [problem('lines')] : [];
      if (problems.length > 0) response.status(400);
      response.type('html').send(await this.page(session, actor, form, report, problems));
    } catch (error) {
      const problems = refusalOf(error, response);
      const own =
        error instanceof ValidationFailed ? error.errors.map(({ code }) => problem(code)) : problems;
      response.type('html').send(await this.page(session, actor, form, null, own));
    }
  }

  private apply(command: Parameters<EnlistAgents['execute']>[1], request: CallerRequest): Promise<string> {
    return inScope(WORKER, () =>
      this.writes.run(request, async (tx, actor) => {
        await this.enlistAgents.execute(tx, command, actor);
        return '/agents?presence=invited&done=imported';
      }),
    );
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

/** @throws ValidationFailed for none, two, too large a one, and one that is no text */
function textOf(form: ImportForm, request: CallerRequest): string {
  const [file, ...more] = uploadedFiles(request);
  const pasted = form.text.trim() !== '';
  if (more.length > 0 || (file !== undefined && pasted)) throw refused('both');
  if (file === undefined && !pasted) throw refused('none');
  if ((file?.bytes.byteLength ?? form.text.length) > LARGEST_AGENT_FILE) throw refused('too-large');
  const text = file === undefined ? form.text : decodeText(file.bytes);
  if (text === undefined || UNUSABLE.test(text)) throw refused('not-text');
  return text;
}

function refused(code: string): ValidationFailed {
  return new ValidationFailed([{ field: 'file', code, message: code }]);
}

function problem(code: string): Problems[number] {
  return { field: 'file', sentence: IMPORT_SENTENCES[`file:${code}`] ?? IMPORT_SENTENCES.file ?? '' };
}
