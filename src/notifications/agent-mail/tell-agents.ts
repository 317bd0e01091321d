import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { createTransport, type Transporter } from 'nodemailer';
import type { EntityManager } from 'typeorm';
import { Env, isHostAllowed } from '../../../config/env.js';
import type { AgentMailKind } from '../../agents/life/agent-mail.js';
import { InviteAgent } from '../../agents/invite-agent.js';
import { MakeResetLink } from '../../agents/password/make-reset-link.js';
import { type AfterCommit, ScheduledTasks } from '../../platform/scheduled-tasks.js';
import { Transaction } from '../../platform/transaction.js';
import { IS_RESTORED_COPY } from '../surety/sending-hold.js';
import { agentMailWords } from './agent-mail-words.js';

interface Waiting {
  readonly id: string;
  readonly agentId: string;
  readonly kind: AgentMailKind;
  readonly email: string;
  readonly firstName: string;
}

interface Letter extends Waiting {
  readonly url: string;
}

const BATCH = 20;
const TRIES = 5;
const TIMEOUT_MS = 20_000;

/**
 * Sends what agents are told. A mail that may have left is tried again after five minutes, five times: twice the same
 * news does no harm, and a new invitation replaces the one before.
 */
@Injectable()
export class TellAgents implements OnModuleInit, OnApplicationShutdown {
  private readonly log = new Logger(TellAgents.name);
  private transport: Transporter | undefined;

  constructor(
    private readonly env: Env,
    private readonly tasks: ScheduledTasks,
    private readonly transaction: Transaction,
    private readonly invite: InviteAgent,
    private readonly resetLink: MakeResetLink,
  ) {}

  onModuleInit(): void {
    this.tasks.register('tell-agents', (tx) => this.execute(tx));
  }

  onApplicationShutdown(): void {
    this.transport?.close();
  }

  async execute(tx: EntityManager): Promise<AfterCommit | undefined> {
    if (this.env.SMTP_URL === undefined) return undefined;
    const letters: Letter[] = [];
    for (const waiting of await claim(tx, this.env.APP_ENV))
      if (this.mayReach(waiting.email)) letters.push({ ...waiting, url: await this.urlOf(tx, waiting) });
    return letters.length === 0 ? undefined : () => this.sendAll(letters);
  }

  private async urlOf(tx: EntityManager, { kind, agentId }: Waiting): Promise<string> {
    if (kind === 'invitation') return (await this.invite.execute(tx, { agentId })).url;
    if (kind === 'password-reset') return (await this.resetLink.execute(tx, { agentId })).url;
    return new URL(kind === 'moved' ? '/' : '/agents/transfers', this.env.PUBLIC_BASE_URL).href;
  }

  private async sendAll(letters: readonly Letter[]): Promise<void> {
    const sent: string[] = [];
    for (const letter of letters) if (await this.send(letter)) sent.push(letter.id);
    await this.transaction.run((tx) =>
      tx.query('UPDATE agent_mail SET sent_at = app_now() WHERE id = ANY($1::uuid[])', [sent]),
    );
  }

  private async send({ kind, email, firstName, url }: Letter): Promise<boolean> {
    const words = agentMailWords(kind, { firstName, url });
    const headers = { 'Auto-Submitted': 'auto-generated' };
    try {
      await this.connection().sendMail({ from: this.env.MAIL_FROM, to: email, ...words, headers });
      return true;
    } catch (error) {
      this.log.warn({ err: error, kind }, 'a mail to an agent did not leave');
      return false;
    }
  }

  private connection(): Transporter {
    this.transport ??= createTransport({
      url: this.env.SMTP_URL ?? '',
      requireTLS: this.env.APP_ENV === 'production',
      connectionTimeout: TIMEOUT_MS,
      greetingTimeout: TIMEOUT_MS,
      socketTimeout: TIMEOUT_MS,
    });
    return this.transport;
  }

  /** Outside production: a relay on the loopback, or an address that is allowed. */
  private mayReach(email: string): boolean {
    const { APP_ENV, SMTP_URL = '', SEND_ALLOW_LIST } = this.env;
    return APP_ENV === 'production' || isHostAllowed(this.env, SMTP_URL) || SEND_ALLOW_LIST.includes(email);
  }
}

/**
 * A copy of the database, restored for a rehearsal or made for another environment, writes to nobody: its links would
 * lead agents to the copy, and what it still has waiting may have left since.
 */
async function claim(tx: EntityManager, environment: string): Promise<Waiting[]> {
  const [rows]: [Waiting[], number] = await tx.query(
    `UPDATE agent_mail m SET claimed_at = app_now(), tries = m.tries + 1 FROM agent a
      WHERE a.id = m.agent_id AND a.disabled_at IS NULL AND (SELECT name FROM environment) = $3
        AND NOT ${IS_RESTORED_COPY} AND m.id IN (
        SELECT w.id FROM agent_mail w WHERE w.sent_at IS NULL AND w.tries < $1
           AND (w.claimed_at IS NULL OR w.claimed_at < app_now() - interval '5 minutes')
         ORDER BY w.created_at LIMIT $2 FOR UPDATE SKIP LOCKED)
     RETURNING m.id, m.agent_id AS "agentId", m.kind, a.email, a.first_name AS "firstName"`,
    [TRIES, BATCH, environment],
  );
  return rows;
}
