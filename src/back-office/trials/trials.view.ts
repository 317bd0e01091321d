import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { isAllowed } from '../../access/domain/rights.js';
import type { PageSession } from '../../access/identification.port.js';
import { stopProgress } from '../../notifications/trials/stop-progress.query.js';
import { findTrial, listTrials, trialEvents } from '../../notifications/trials/trial.queries.js';
import { listAppointmentTypes, listOrganizations } from '../../organizations/organization.queries.js';
import { Transaction } from '../../platform/transaction.js';
import { instantOf, toLocal } from '../../shared/time.js';
import { readTrial } from '../../statistics/trials/read-trial.js';
import type { ExportFile } from '../../ui/exports/export-file.js';
import type { Problems } from '../../ui/forms.js';
import { namedOptions } from '../../ui/select-field.js';
import { shortMoment } from '../../ui/typography.js';
import { doneSentence } from '../done-sentence.js';
import { frameOf } from '../frame.js';
import { OfficeHours } from '../office-hours.js';
import { progressInWords } from '../plans/plan-words.js';
import { trialExport } from './trial-export.js';
import type { TrialForm } from './trial-form.js';
import type { TrialFormView } from './trial-form.page.js';
import { emptyForm, formOf } from './trial-form.js';
import type { TrialPageView } from './trial-page.view.js';
import type { TrialsView } from './trials.page.js';

const DONE: Readonly<Record<string, string>> = {
  drafted: 'Brouillon enregistré.',
  register: 'Essai inscrit\u00a0: il ne changera plus.',
  start: 'L’essai a commencé.',
  stop: 'Essai arrêté.',
  end: 'Le dernier jour était passé\u00a0: l’essai s’est terminé à sa date, et n’est pas arrêté.',
};

/** What the pages of trials show, each read in one transaction. */
@Injectable()
export class TrialPages {
  constructor(
    private readonly transaction: Transaction,
    private readonly hours: OfficeHours,
  ) {}

  list(session: PageSession, actor: Actor): Promise<TrialsView> {
    return this.transaction.run(async (tx) => ({
      frame: frameOf(session),
      trials: await listTrials(tx, actor),
      mayManage: isAllowed(actor.role, 'trial.manage'),
    }));
  }

  one(
    session: PageSession,
    actor: Actor,
    id: string,
    more: { readonly done?: unknown; readonly reason?: string; readonly problems?: Problems },
  ): Promise<TrialPageView> {
    return this.transaction.run(async (tx) => {
      const office = await this.hours.of(tx, actor);
      const report = await readTrial(tx, actor, id, office.now);
      const events = await trialEvents(tx, report.trial.id);
      const progress = await stopProgress(tx, report.trial.id);
      const isTold = progress !== undefined && (!progress.isFinished || more.done !== undefined);
      const { startedAt } = report.trial;
      const on = (at: Date) => shortMoment(instantOf(at), office.timeZone, office.timeZone, office.now);
      return {
        ...report,
        frame: frameOf(session),
        events: events.map(({ at, ...event }) => ({ ...event, on: on(at) })),
        startedOn: startedAt === null ? null : toLocal(instantOf(startedAt), office.timeZone).date,
        mayManage: isAllowed(actor.role, 'trial.manage'),
        reason: more.reason ?? '',
        done: doneSentence(DONE, more.done),
        replanned: isTold ? progressInWords(progress) : null,
        problems: more.problems ?? [],
      };
    });
  }

  /** What the page shows, as tables. */
  file(actor: Actor, id: string): Promise<ExportFile> {
    return this.transaction.run(async (tx) => {
      const { now } = await this.hours.of(tx, actor);
      return trialExport(await readTrial(tx, actor, id, now), new Date(now.epochMilliseconds));
    });
  }

  /** @param typed null: the form as it opens, for another trial where `from` is one */
  form(
    session: PageSession,
    actor: Actor,
    typed: TrialForm | null,
    query: Readonly<Record<string, unknown>>,
    problems: Problems,
  ): Promise<TrialFormView> {
    return this.transaction.run(async (tx) => ({
      frame: frameOf(session),
      form: typed ?? (await opened(tx, actor, query)),
      services: namedOptions(await listOrganizations(tx, actor)),
      types: namedOptions(await listAppointmentTypes(tx, actor)),
      problems,
    }));
  }
}

async function opened(
  tx: EntityManager,
  actor: Actor,
  query: Readonly<Record<string, unknown>>,
): Promise<TrialForm> {
  if (typeof query['from'] === 'string') return formOf(await findTrial(tx, actor, query['from']));
  return emptyForm(typeof query['by'] === 'string' ? query['by'] : 'timing');
}
