import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Clock } from '../../platform/clock.js';
import { readTable } from '../../platform/read-table.js';
import { lockService, refused } from '../rollouts/register-store.js';
import { appointmentTypes, countKey, importedKeys, recordedMonths } from './baseline.queries.js';
import { type BaselineCount, type BaselineText, MOST_LINES, readBaseline } from './domain/read-baseline.js';

export const LONGEST_SOURCE = 200;

export interface ImportBaselineCommand {
  readonly organizationId: string;
  /** Where the counts come from, in words. */
  readonly source: string;
  /** The file, decoded. */
  readonly text: string;
  /** Says what it would import and leaves nothing behind. */
  readonly isDryRun: boolean;
}

export interface BaselineReport extends BaselineText {
  /** Keys (`countKey`) that an earlier import already brought: it must be undone first. */
  readonly imported: ReadonlySet<string>;
  /** `YYYY-MM` in which the service itself marked something: what is imported for them is not used. */
  readonly recorded: ReadonlySet<string>;
  readonly typeNames: ReadonlyMap<string, string>;
}

/** Brings in the counts of before, all of them or none. Of a file with one line per appointment, only sums are kept. */
@Injectable()
export class ImportBaseline {
  constructor(private readonly clock: Clock) {}

  /**
   * A dry run answers whatever the file holds.
   * @throws Forbidden, NotFound; ValidationFailed without a source, and when something of the file may not be imported
   */
  async execute(tx: EntityManager, command: ImportBaselineCommand, actor: Actor): Promise<BaselineReport> {
    const { organizationId, source, text, isDryRun } = command;
    const today = await lockService(tx, organizationId, actor, await this.clock.now(tx));
    const types = await appointmentTypes(tx);
    const read = readBaseline(readTable(text, MOST_LINES), { current: today.slice(0, 7), types });
    const known = await importedKeys(tx, organizationId);
    const report = {
      ...read,
      imported: new Set(read.counts.map(countKey).filter((key) => known.has(key))),
      recorded: await recordedMonths(tx, actor, organizationId, read.counts),
      typeNames: new Map(types.map(({ code, name }) => [code, name])),
    };
    if (source === '' || source.length > LONGEST_SOURCE) throw refused('source', 'length');
    if (isDryRun) return report;
    if (report.faults.length > 0) throw refused('file', 'lines');
    if (report.imported.size > 0) throw refused('file', 'imported');
    await store(tx, organizationId, source, read.counts, actor);
    return report;
  }
}

async function store(
  tx: EntityManager,
  organizationId: string,
  source: string,
  counts: readonly BaselineCount[],
  actor: Actor,
): Promise<void> {
  const made: { id: string }[] = await tx.query(
    `INSERT INTO baseline_import (organization_id, source, rows, first_month, last_month, created_by_agent_id)
     VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
    [
      ...[organizationId, source, counts.length, `${counts[0]?.month}-01`, `${counts.at(-1)?.month}-01`],
      actor.agentId,
    ],
  );
  await tx.query(
    `INSERT INTO baseline_count (organization_id, month, type_code, attended, missed, excused, cancelled, unknown, import_id)
     SELECT $1, (r.month || '-01')::date, r."typeCode", r.attended, r.missed, r.excused, r.cancelled, r.unknown, $2
       FROM jsonb_to_recordset($3::jsonb) AS r(month text, "typeCode" text, attended integer, missed integer,
              excused integer, cancelled integer, unknown integer)`,
    [organizationId, made[0]?.id, JSON.stringify(counts)],
  );
}
