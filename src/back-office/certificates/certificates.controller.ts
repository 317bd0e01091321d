import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import type { Actor } from '../../access/actor.js';
import { Limited } from '../../access/limited.decorator.js';
import { Allow, SignedIn } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import { FreshSignIn } from '../../access/fresh-sign-in.js';
import type { PageSession } from '../../access/identification.port.js';
import { Journal } from '../../access/journal.js';
import { JournalKeys } from '../../access/journal/journal-keys.js';
import { certificateByCode } from '../../notifications/certificates/certificate.queries.js';
import { IssueCertificate } from '../../notifications/certificates/issue-certificate.js';
import { typedCode } from '../../notifications/domain/certificate.js';
import { WORKER } from '../../platform/scope.js';
import { Transaction } from '../../platform/transaction.js';
import { sendExport } from '../../ui/exports/send-export.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { readForm } from '../form-input.js';
import { frameOf } from '../frame.js';
import { PageWrites } from '../page-writes.js';
import { CertificatePage, CheckPage, type CheckResult } from './certificate.page.js';
import { inGroups, issuedWords } from './certificate-words.js';
import { CertificatePages } from './certificates.view.js';

const NOT_A_CODE: Problems = [
  { field: 'code', sentence: 'Une référence a seize lettres et chiffres, par groupes de quatre.' },
];

@Controller()
export class CertificatesController {
  constructor(
    private readonly transaction: Transaction,
    private readonly writes: PageWrites,
    private readonly pages: CertificatePages,
    private readonly issueCertificate: IssueCertificate,
    private readonly journal: Journal,
    private readonly keys: JournalKeys,
  ) {}

  @Allow('certificate.make')
  @Get('persons/:id/certificate')
  async show(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Param('id') personId: string,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    const convocationId = idOf(query.convocation);
    const content = await this.transaction.run((tx) =>
      this.pages.content(tx, actor, personId, convocationId),
    );
    return renderPage(h(CertificatePage, { frame: frameOf(session), ...content }));
  }

  @Allow('certificate.make')
  @FreshSignIn()
  @Post('persons/:id/certificate')
  @HttpCode(200)
  issue(
    @Param('id') personId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const { convocation } = readForm(body, ['convocation']);
    return this.writes.follow(request, response, async (tx, actor) => {
      const command = { personId, convocationId: idOf(convocation) };
      return `/certificates/${await this.issueCertificate.execute(tx, command, actor)}/file`;
    });
  }

  @Allow('certificate.make')
  @Limited('export')
  @FreshSignIn()
  @Get('certificates/:id/file')
  async file(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Res() response: Response,
  ): Promise<void> {
    const file = await this.transaction.run((tx) => this.pages.file(tx, actor, id));
    await sendExport(response, file, 'pdf');
  }

  @SignedIn()
  @Get('certificates/check')
  ask(@CurrentSession() session: PageSession): string {
    return renderPage(h(CheckPage, { frame: frameOf(session), code: '', problems: [], result: null }));
  }

  /** Whoever holds the paper may ask, of whatever service: only what stands on it is confirmed. */
  @SignedIn()
  @Post('certificates/check')
  @HttpCode(200)
  async check(
    @CurrentSession() session: PageSession,
    @Body() body: Record<string, unknown>,
    @Res({ passthrough: true }) response: Response,
  ): Promise<string> {
    const { code } = readForm(body, ['code']);
    const tidy = typedCode(code);
    if (tidy === null) response.status(400);
    const result = tidy === null ? null : await this.result(tidy);
    const problems = tidy === null ? NOT_A_CODE : [];
    return renderPage(h(CheckPage, { frame: frameOf(session), code, problems, result }));
  }

  private async result(code: string): Promise<CheckResult> {
    const found = await this.transaction.run(async (tx) => {
      const known = await certificateByCode(tx, this.keys, code);
      const objectId = known?.certificate.id;
      const detail = { found: known !== null };
      await this.journal.record(tx, { action: 'certificate.checked', objectId, detail });
      return known;
    }, WORKER);
    if (found === null) return { found: false };
    const { issuedAt, organizationName, contentDigest, journalHash } = found.certificate;
    return {
      found: true,
      isUnchanged: found.isUnchanged,
      issued: `${issuedWords(issuedAt, 'Europe/Paris')} (Paris)`,
      service: organizationName,
      sends: found.calls.length,
      digest: inGroups(contentDigest.toString('hex')),
      journal: journalHash === null ? null : inGroups(journalHash),
    };
  }
}

function idOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
