import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import type { Role } from '../../access/domain/roles.js';
import { Journal } from '../../access/journal.js';
import { elevated } from '../../platform/elevated.js';
import { readTable } from '../../platform/read-table.js';
import { Conflict, ValidationFailed } from '../../shared/domain-error.js';
import { type AgentLine, type FileRecord, type LineFault, readAgentsFile } from '../domain/agents-file.js';
import { rolesToGive } from '../domain/agent-rules.js';
import { AgentMail } from './agent-mail.js';
import { kindOfReached } from './enlist-agent.js';

export interface EnlistAgentsCommand {
  readonly organizationId: string;
  readonly text: string;
  /** Words that name each role on screen, plain: `readAgentsFile` compares them. */
  readonly roleWords: ReadonlyMap<string, Role>;
}

export interface EnlistReport {
  readonly lines: readonly AgentLine[];
  readonly faults: readonly LineFault[];
}

/** Many invitations from one file: looked at line by line first, then all of them or none. */
@Injectable()
export class EnlistAgents {
  constructor(
    private readonly mail: AgentMail,
    private readonly journal: Journal,
  ) {}

  /** What each line would do; nothing is written. @throws NotFound, ValidationFailed for a file that is no table */
  async prepare(tx: EntityManager, command: EnlistAgentsCommand, actor: Actor): Promise<EnlistReport> {
    const kind = await kindOfReached(tx, actor, command.organizationId);
    const given = rolesToGive(actor.role, kind);
    const { lines, faults } = readAgentsFile(recordsOf(command.text), (word) => {
      const role = command.roleWords.get(word);
      return role !== undefined && given.includes(role) ? role : undefined;
    });
    // An address may be taken in a service that this request does not see; where is not said.
    const taken = await elevated(tx, () => takenAmong(tx, lines));
    const twice = lines.filter(({ email }) => taken.has(email));
    const found = twice.map(({ line }) => ({ line, column: 'email' as const, code: 'taken' as const }));
    return {
      lines: lines.filter(({ email }) => !taken.has(email)),
      faults: [...faults, ...found].sort(byLine),
    };
  }

  /** @throws NotFound; ValidationFailed while a line is faulty; Conflict when an address was taken meanwhile */
  async execute(tx: EntityManager, command: EnlistAgentsCommand, actor: Actor): Promise<number> {
    const { lines, faults } = await this.prepare(tx, command, actor);
    if (faults.length > 0 || lines.length === 0)
      throw new ValidationFailed([{ field: 'file', code: 'lines', message: 'some lines are faulty' }]);
    const { organizationId } = command;
    const rows: { id: string }[] = await tx.query(
      `INSERT INTO agent (organization_id, email, first_name, last_name, phone, role)
       SELECT $1, n.email, n.first_name, n.last_name, n.phone, n.role
         FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) AS n(email, first_name, last_name, phone, role)
       ON CONFLICT (email) DO NOTHING RETURNING id`,
      [
        organizationId,
        lines.map(({ email }) => email),
        lines.map(({ firstName }) => firstName),
        lines.map(({ lastName }) => lastName),
        lines.map(({ phone }) => phone),
        lines.map(({ role }) => role),
      ],
    );
    if (rows.length < lines.length) throw new Conflict('agent');
    const ids = rows.map(({ id }) => id);
    await this.mail.write(tx, 'invitation', ids);
    const acts = ids.map((objectId) => ({ action: 'agent.invited' as const, objectId, organizationId }));
    await this.journal.recordAll(tx, acts);
    return ids.length;
  }
}

async function takenAmong(tx: EntityManager, lines: readonly AgentLine[]): Promise<ReadonlySet<string>> {
  const rows: { email: string }[] = await tx.query('SELECT email FROM agent WHERE email = ANY($1::text[])', [
    lines.map(({ email }) => email),
  ]);
  return new Set(rows.map(({ email }) => email));
}

/** @throws ValidationFailed for what is no table */
function recordsOf(text: string): readonly FileRecord[] {
  const table = readTable(text);
  if (table.kind === 'broken')
    throw new ValidationFailed([{ field: 'file', code: 'quotes', message: 'not a table' }]);
  return table.lines.map(({ number, cells }) => ({ line: number, cells }));
}

function byLine(a: LineFault, b: LineFault): number {
  return a.line - b.line;
}
