import { Injectable, type OnModuleInit } from '@nestjs/common';
import { JobQueue } from '../../platform/queue.js';
import { ScheduledTasks } from '../../platform/scheduled-tasks.js';
import { CheckReach } from '../follow-up/check-reach.js';
import { Dispatcher } from './dispatcher.js';
import { FollowUpMessages } from '../follow-up/follow-up-messages.js';
import { HoldRestoredBackup } from '../surety/hold-restored-backup.js';
import { RelayDue } from './relay-due.js';
import { ResolveUncertain } from './resolve-uncertain.js';
import { FoldTally } from '../surety/surety-tally.js';
import { SweepMessages } from './sweep-messages.js';

/** Registers what the schedule runs for messages, and takes jobs once the process is a worker. */
@Injectable()
export class SendingWorker implements OnModuleInit {
  constructor(
    private readonly tasks: ScheduledTasks,
    private readonly queue: JobQueue,
    private readonly dispatcher: Dispatcher,
    private readonly relay: RelayDue,
    private readonly sweep: SweepMessages,
    private readonly resolve: ResolveUncertain,
    private readonly followUp: FollowUpMessages,
    private readonly checkReach: CheckReach,
    private readonly foldTally: FoldTally,
    private readonly restoredBackup: HoldRestoredBackup,
  ) {}

  onModuleInit(): void {
    this.tasks.registerTaking('relay', (tx) => this.relay.execute(tx));
    this.tasks.register('sweep', (tx) => this.sweep.execute(tx));
    this.tasks.register('resolve', (tx) => this.resolve.execute(tx));
    this.tasks.register('follow-up', (tx) => this.followUp.execute(tx));
    this.tasks.register('check-reach', (tx) => this.checkReach.execute(tx));
    this.tasks.register('fold-tally', (tx) => this.foldTally.execute(tx));
  }

  /** Compares this database with what the operators took before any job is taken or message claimed. */
  async start(): Promise<void> {
    if (!(await this.restoredBackup.run())) return;
    await this.queue.listen(
      this.dispatcher.appetite,
      (jobs) => this.dispatcher.dispatch(jobs),
      () => this.relayMore(),
    );
  }

  /** Takes no new job; ends when the open calls have been recorded. */
  async stop(): Promise<void> {
    this.restoredBackup.stop();
    await this.queue.stopListening();
    await this.dispatcher.idle();
  }

  /** A long backlog does not wait for the second to end. */
  private relayMore(): void {
    if (this.relay.leftSome) this.tasks.hasten('relay');
  }
}
