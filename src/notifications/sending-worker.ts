import { Injectable, type OnModuleInit } from '@nestjs/common';
import { JobQueue } from '../platform/queue.js';
import { ScheduledTasks } from '../platform/scheduled-tasks.js';
import { Dispatcher } from './dispatcher.js';
import { RelayDue } from './relay-due.js';
import { ResolveUncertain } from './resolve-uncertain.js';
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
  ) {}

  onModuleInit(): void {
    this.tasks.register('relay', (tx) => this.relay.execute(tx));
    this.tasks.register('sweep', (tx) => this.sweep.execute(tx));
    this.tasks.register('resolve', (tx) => this.resolve.execute(tx));
  }

  async start(): Promise<void> {
    await this.queue.listen(this.dispatcher.appetite, (job) => this.dispatcher.dispatch(job));
  }

  /** Takes no new job; ends when the open calls have been recorded. */
  async stop(): Promise<void> {
    await this.queue.stopListening();
  }
}
