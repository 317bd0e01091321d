import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { h } from 'preact';
import type { EntityManager } from 'typeorm';
import { Env } from '../../../config/env.js';
import type { Actor } from '../../access/actor.js';
import { Allow } from '../../access/allow.decorator.js';
import { type CallerRequest, CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import type { PageSession } from '../../access/identification.port.js';
import { CloseTask } from '../../notifications/follow-up/close-task.js';
import type { LockedTask } from '../../notifications/follow-up/locked-task.js';
import { ResendTaskMessage } from '../../notifications/follow-up/resend-task-message.js';
import { taskEnd } from '../../notifications/follow-up/task-end.query.js';
import { countTasks, openTasksOf, type TaskFilter } from '../../notifications/follow-up/task.queries.js';
import { holdOf } from '../../notifications/surety/sending-hold.js';
import { Transaction } from '../../platform/transaction.js';
import type { Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';
import { doneSentence } from '../done-sentence.js';
import { readForm } from '../form-input.js';
import { frameOf } from '../frame.js';
import { OfficeHours } from '../office-hours.js';
import { PageWrites } from '../page-writes.js';
import { ALL_HELD } from '../words.js';
import { idInTask } from './task-card.js';
import { overtakenBy, taskLine } from './task.view.js';
import { TasksPage } from './tasks.page.js';

function doneWords(isHeld: boolean): Readonly<Record<string, string>> {
  return {
    closed: 'Tâche close. L’historique le garde.',
    resent: isHeld
      ? `Nouvel envoi demandé. ${ALL_HELD}`
      : 'Le texte repart. La tâche se fermera à son arrivée.',
  };
}

@Controller('tasks')
export class TasksController {
  constructor(
    private readonly env: Env,
    private readonly transaction: Transaction,
    private readonly writes: PageWrites,
    private readonly officeHours: OfficeHours,
    private readonly closeTask: CloseTask,
    private readonly resendTaskMessage: ResendTaskMessage,
  ) {}

  @Allow('task.read')
  @Get()
  list(
    @CurrentSession() session: PageSession,
    @CurrentActor() actor: Actor,
    @Query() query: Record<string, unknown>,
  ): Promise<string> {
    return this.page(session, actor, filterOf(query.show), query.done, []);
  }

  @Allow('task.close')
  @Post(':id/close')
  @HttpCode(200)
  close(
    @Param('id') taskId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const form = readForm(body, ['outcome', 'note', 'back']);
    const { outcome, note, back } = form;
    return this.writes.answer(
      request,
      response,
      async (tx, actor) =>
        addressOf(await this.closeTask.execute(tx, { taskId, outcome, note }, actor), back, 'closed'),
      (session, actor, problems) =>
        this.page(session, actor, 'all', null, problemsOfCard(problems, taskId), { taskId, note }),
    );
  }

  @Allow('task.close')
  @Post(':id/resend')
  @HttpCode(200)
  resend(
    @Param('id') taskId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const form = readForm(body, ['back']);
    return this.change(request, response, async (tx, actor) =>
      addressOf(await this.resendTaskMessage.execute(tx, { taskId }, actor), form.back, 'resent'),
    );
  }

  private change(
    request: CallerRequest,
    response: Response,
    work: (tx: EntityManager, actor: Actor) => Promise<string>,
  ): Promise<void> {
    return this.writes.answer(request, response, work, (session, actor, problems) =>
      this.page(session, actor, 'all', null, problems),
    );
  }

  private async page(
    session: PageSession,
    actor: Actor,
    filter: TaskFilter,
    done: unknown,
    problems: Problems,
    typed: { readonly taskId: string; readonly note: string } | null = null,
  ): Promise<string> {
    const view = await this.transaction.run(async (tx) => {
      const office = await this.officeHours.of(tx, actor);
      const tasks = await openTasksOf(tx, actor, filter);
      const counts = await countTasks(tx, actor);
      const isMine = ({ assignedToAgentId, isStandIn }: (typeof tasks)[number]) =>
        isStandIn || (assignedToAgentId !== null && assignedToAgentId === actor.agentId);
      const line = (task: (typeof tasks)[number]) => taskLine(task, office, actor.agentId);
      const isHeld = done === 'resent' && (await holdOf(tx, this.env.APP_ENV)) !== null;
      const end = typed === null ? null : await taskEnd(tx, actor, typed.taskId);
      return {
        counts,
        done: doneSentence(doneWords(isHeld), done),
        refused: typed === null ? null : { ...typed, problems },
        overtaken: typed === null || end === null ? null : overtakenBy(end, typed.note, office),
        mine: tasks.filter((task) => isMine(task)).map(line),
        others: tasks.filter((task) => !isMine(task)).map(line),
      };
    });
    return renderPage(h(TasksPage, { frame: frameOf(session), filter, problems, ...view }));
  }
}

/** At the fields of its own card. */
function problemsOfCard(problems: Problems, taskId: string): Problems {
  return problems.map(({ field, sentence }) =>
    field === 'note' || field === 'outcome'
      ? { field: idInTask(field, taskId), sentence }
      : { field, sentence },
  );
}

function filterOf(show: unknown): TaskFilter {
  return show === 'mine' || show === 'others' ? show : 'all';
}

function addressOf(task: LockedTask, back: string, done: string): string {
  return back === 'convocation' && task.convocationId !== null
    ? `/convocations/${task.convocationId}?done=task-${done}`
    : `/tasks?done=${done}`;
}
