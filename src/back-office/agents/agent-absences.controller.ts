import { Body, Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Allow } from '../../access/allow.decorator.js';
import type { CallerRequest } from '../../access/caller.decorators.js';
import { PlanAbsence } from '../../agents/life/plan-absence.js';
import { readForm } from '../form-input.js';
import { PageWrites, type Work } from '../page-writes.js';
import { CardWrites } from './card-writes.js';

/** Colleagues who are away for a time, and who stands in for them. */
@Controller('agents')
export class AgentAbsencesController {
  constructor(
    private readonly writes: PageWrites,
    private readonly card: CardWrites,
    private readonly planAbsence: PlanAbsence,
  ) {}

  @Allow('agent.manage')
  @Post(':id/absence')
  @HttpCode(200)
  absent(
    @Param('id') agentId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    const absence = readForm(body, ['startsOn', 'endsOn', 'replacementId']);
    return this.card.answer(
      request,
      response,
      { agentId, done: 'absence', typed: { absence } },
      (tx, actor) => this.planAbsence.execute(tx, { ...absence, agentId }, actor),
    );
  }

  @Allow('agent.manage')
  @Post('absence/:absence/end')
  @HttpCode(200)
  back(
    @Param('absence') absenceId: string,
    @Body() body: Record<string, unknown>,
    @Req() request: CallerRequest,
    @Res() response: Response,
  ): Promise<void> {
    readForm(body, []);
    const work: Work = async (tx, actor) =>
      `/agents/${await this.planAbsence.end(tx, { absenceId }, actor)}?done=absence-ended`;
    return this.writes.follow(request, response, work);
  }
}
