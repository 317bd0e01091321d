import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ForgetNames } from './access/journal/forget-names.js';
import { SealJournal } from './access/journal/seal-journal.js';
import { ForgetSessions } from './agents/forget-sessions.js';
import { ExtendWeeklySlots } from './organizations/extend-weekly-slots.js';
import { forgetContacts } from './platform/contacts.js';
import { ScheduledTasks } from './platform/scheduled-tasks.js';
import { FoldAttendance } from './statistics/fold-attendance.js';
import { FoldBreakdowns } from './statistics/fold-breakdowns.js';
import { PublishFigures } from './statistics/publish-figures.js';

/** Gives the schedule the work of the features that know nothing of repeated tasks. */
@Injectable()
export class Housekeeping implements OnModuleInit {
  constructor(
    private readonly tasks: ScheduledTasks,
    private readonly extendWeeklySlots: ExtendWeeklySlots,
    private readonly forgetSessions: ForgetSessions,
    private readonly sealJournal: SealJournal,
    private readonly forgetNames: ForgetNames,
    private readonly publishFigures: PublishFigures,
    private readonly foldAttendance: FoldAttendance,
    private readonly foldBreakdowns: FoldBreakdowns,
  ) {}

  onModuleInit(): void {
    this.tasks.register('extend-weekly-slots', async (tx) => {
      await this.extendWeeklySlots.execute(tx);
      return undefined;
    });
    this.tasks.register('forget-sessions', async (tx) => {
      await this.forgetSessions.execute(tx);
      await forgetContacts(tx);
      return undefined;
    });
    this.tasks.register('fold-attendance', async (tx) => {
      await this.foldAttendance.execute(tx);
      return undefined;
    });
    this.tasks.register('fold-breakdowns', async (tx) => {
      await this.foldBreakdowns.execute(tx);
      return undefined;
    });
    this.tasks.register('seal-journal', async (tx) => {
      await this.sealJournal.execute(tx);
      return undefined;
    });
    this.tasks.register('forget-names', async (tx) => {
      await this.forgetNames.execute(tx);
      return undefined;
    });
    this.tasks.register('publish-figures', async (tx) => {
      await this.publishFigures.execute(tx);
      return undefined;
    });
  }
}
