import { Body, Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import type { PageSession } from '../../access/identification.port.js';
import { cheaper } from '../../notifications/domain/template-cost.js';
import { ReviewTemplate } from '../../notifications/templates/review-template.js';
import { SaveTemplate } from '../../notifications/templates/save-template.js';
import type { TemplateKey } from '../../notifications/templates/template.queries.js';
import { Transaction } from '../../platform/transaction.js';
import { Conflict } from '../../shared/domain-error.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { doneSentence } from '../done-sentence.js';
import { readForm } from '../form-input.js';
import { frameOf } from '../frame.js';
import { PageWrites } from '../page-writes.js';
import { doneWords, isOfText, problemsAt, resetSentence } from './editor-words.js';
import { EditorPage } from './editor.page.js';
import { EditorPages } from './editor.view.js';
import { mended } from './finding-words.js';
import { SheetPage } from './sheet.page.js';
import { SheetPages } from './sheet.view.js';
import { keyOf, sheetOf, textHref } from './text-address.js';

const ADDRESS = ['organization', 'type', 'kind', 'register', 'language'] as const;
const TEXT_FIELDS = [...ADDRESS, 'base', 'text', 'fix', 'cheaper', 'template', 'confirmed'] as const;

@Controller('messages')
export class MessagesController {
  constructor(
    private readonly transaction: Transaction,
    private readonly writes: PageWrites,
    private readonly sheets: SheetPages,
    private readonly editors: EditorPages,
    private readonly saveTemplate: SaveTemplate,
    private readonly reviewTemplate: ReviewTemplate,
  ) {}

  @Allow('template.manage')
  @Get()
  async list(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    const content = await this.transaction.run((tx) => this.sheets.content(tx, actor, sheetOf(query, actor)));
    return renderPage(h(SheetPage, { frame: frameOf(session), ...content }));
  }

  @Allow('template.manage')
  @Get('text')
  edit(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    const asked = { key: keyOf(query, actor), text: null, from: query.from, done: query.done };
    return this.page(session, actor, asked);
  }

  /** Shows what was typed, mended when a button of the panel was pressed; writes nothing. */
  @Allow('template.manage')
  @Post('text/preview')
  @HttpCode(200)
  async preview(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Body() body: Record<string, unknown>,
  ): Promise<string> {
    const form = readForm(body, TEXT_FIELDS);
    const key = keyOf(form, actor);
    const text = await this.transaction.run((tx) => this.mended(tx, actor, key, form));
    return this.page(session, actor, { key, text, base: form.base });
  }

  @Allow('template.manage')
  @Post('text')
  @HttpCode(200)
  save(
    @CurrentActor() actor: Actor,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const form = readForm(body, TEXT_FIELDS);
    const key = keyOf(form, actor);
    const text = lines(form.text);
    return this.writes.answer(
      request,
      response,
      async (tx, writer) => {
        await this.saveTemplate.execute(tx, { ...key, text, basedOn: version(form.base) }, writer);
        return textHref(key, { done: key.language === 'fr' ? 'saved' : 'draft' });
      },
      (session, _actor, problems, error) =>
        this.page(session, actor, { key, text, base: form.base, problems, error }),
    );
  }

  @Allow('template.manage')
  @Post('text/reset')
  @HttpCode(200)
  reset(
    @CurrentActor() actor: Actor,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const form = readForm(body, [...ADDRESS, 'base']);
    const key = keyOf(form, actor);
    return this.writes.answer(
      request,
      response,
      async (tx, writer) => {
        await this.saveTemplate.execute(tx, { ...key, text: null, basedOn: version(form.base) }, writer);
        return textHref(key, { done: 'reset' });
      },
      (session, _actor, problems) => this.page(session, actor, { key, text: null, problems }),
    );
  }

  @Allow('template.manage')
  @Post('text/review')
  @HttpCode(200)
  review(
    @CurrentActor() actor: Actor,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const form = readForm(body, TEXT_FIELDS);
    const key = keyOf(form, actor);
    const text = body.text === undefined ? null : lines(form.text);
    return this.writes.answer(
      request,
      response,
      async (tx, reviewer) => {
        const reviewed = await this.reviewTemplate.execute(
          tx,
          {
            ...{ templateId: form.template, organizationId: key.organizationId },
            confirmed: form.confirmed === 'true',
            typed: text === null ? null : { text, basedOn: version(form.base) },
          },
          reviewer,
        );
        return textHref(reviewed, { done: 'reviewed' });
      },
      (session, _actor, problems, error) =>
        this.page(session, actor, { key, text, base: form.base, problems, error }),
    );
  }

  /** What the pressed button asks for: one finding mended, or one dear character replaced. */
  private async mended(
    tx: Parameters<EditorPages['content']>[0],
    actor: Actor,
    key: TemplateKey,
    form: Readonly<Record<'text' | 'fix' | 'cheaper', string>>,
  ): Promise<string> {
    const text = lines(form.text);
    if (/^[0-9a-f]{1,6}$/.test(form.cheaper)) return cheaper(text, characterOf(form.cheaper));
    if (!/^\d{1,4}$/.test(form.fix)) return text;
    const { checked } = await this.editors.content(tx, actor, key, text);
    const finding = checked.findings[Number(form.fix)];
    return finding === undefined ? text : mended(text, finding);
  }

  private async page(session: PageSession, actor: Actor, asked: Asked): Promise<string> {
    const { key, text, from = null, problems = [], error } = asked;
    const content = await this.transaction.run((tx) => this.editors.content(tx, actor, key, text, from));
    const shown = isOfText(error) ? problemsAt(content) : problems;
    const done = doneSentence({ ...doneWords(content), reset: resetSentence(content) }, asked.done);
    const base = asked.base === undefined || error instanceof Conflict ? content.base : version(asked.base);
    return renderPage(h(EditorPage, { frame: frameOf(session), ...content, base, problems: shown, done }));
  }
}

interface Asked {
  readonly key: TemplateKey;
  readonly text: string | null;
  readonly from?: unknown;
  /** The version the typed text began from, kept until its writer is told of a newer one. */
  readonly base?: string;
  readonly problems?: Problems;
  readonly done?: unknown;
  readonly error?: unknown;
}

function lines(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

/** What is no version of ours reads as an old one. */
function version(text: string): number {
  return /^\d{1,6}$/.test(text) ? Number(text) : -1;
}

function characterOf(hexadecimal: string): string | null {
  const point = Number.parseInt(hexadecimal, 16);
  return point > 0x10ffff ? null : String.fromCodePoint(point);
}
