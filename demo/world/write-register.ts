import type { EntityManager } from 'typeorm';
import { AGENTS } from './agents.js';
import { type DemoBaseline, demoBaseline } from './baselines.js';
import { idOf } from './chance.js';
import { plusMonths } from './days.js';
import { agentId, organizationId } from './ids.js';
import { insertRows } from './rows.js';
import { type DemoService, SERVICES } from './services.js';

/** What a service promised itself when it began. */
const TARGETS: Readonly<Record<string, { readonly change: number; readonly months: number }>> = {
  'spip-92': { change: -0.3, months: 6 },
  'spip-973': { change: -0.2, months: 12 },
  'spip-974': { change: -0.2, months: 12 },
};
const SOURCE = 'Tableau de suivi tenu par le secrétariat du service';

/** Starts, targets, and the counts of before that the services had kept. */
export async function writeRegister(
  tx: EntityManager,
  rolledOutOn: ReadonlyMap<string, string>,
  recordedFrom: ReadonlyMap<string, string>,
): Promise<void> {
  const started = (service: DemoService) => rolledOutOn.get(service.key) ?? '';
  const base = (service: DemoService) => ({
    organization_id: organizationId(service),
    started_on: started(service),
    agent_id: agentId(keeperOf(service)),
  });
  await insertRows(
    tx,
    ROLLOUT,
    SERVICES.map((service) => ({ ...base(service), id: idOf(`rollout ${service.key}`) })),
  );
  await insertRows(
    tx,
    TARGET,
    SERVICES.flatMap((service) => {
      const target = TARGETS[service.key];
      if (target === undefined) return [];
      const until_on = plusMonths(started(service), target.months);
      return [{ ...base(service), id: idOf(`target ${service.key}`), change: target.change, until_on }];
    }),
  );
  for (const service of SERVICES) {
    const counts = demoBaseline(service, started(service), recordedFrom.get(service.key) ?? '');
    if (counts.length > 0) await writeBaseline(tx, service, counts);
  }
}

async function writeBaseline(
  tx: EntityManager,
  service: DemoService,
  counts: readonly DemoBaseline[],
): Promise<void> {
  const id = idOf(`baseline ${service.key}`);
  const [first, last] = [counts[0]?.month, counts.at(-1)?.month];
  await insertRows(tx, IMPORT, [
    {
      ...{ id, organization_id: organizationId(service), source: SOURCE, rows: counts.length, first, last },
      agent_id: agentId(keeperOf(service)),
    },
  ]);
  await insertRows(
    tx,
    COUNT,
    counts.map((count) => ({ ...count, import_id: id, organization_id: organizationId(service) })),
  );
}

/** The local administrator, or the central one where there is none. */
function keeperOf(service: DemoService) {
  const own = AGENTS.find((agent) => agent.service === service.key && agent.role === 'local-admin');
  const found = own ?? AGENTS.find(({ role }) => role === 'admin');
  if (found === undefined) throw new Error('the demo has no administrator');
  return found;
}

const ROLLOUT = {
  into: 'rollout (id, organization_id, started_on, created_at, created_by_agent_id)',
  columns: 'id uuid, organization_id uuid, started_on date, agent_id uuid',
  select: `SELECT id, organization_id, started_on, least(started_on::timestamptz, app_now() - interval '10 days'), agent_id FROM r`,
};
const TARGET = {
  into: 'rollout_target (id, organization_id, relative_change, from_on, until_on, created_at, created_by_agent_id)',
  columns: 'id uuid, organization_id uuid, change numeric, started_on date, until_on date, agent_id uuid',
  select: 'SELECT id, organization_id, change, started_on, until_on, started_on, agent_id FROM r',
};
const IMPORT = {
  into: `baseline_import (id, organization_id, source, rows, first_month, last_month, created_at, created_by_agent_id)`,
  columns: 'id uuid, organization_id uuid, source text, rows integer, first date, last date, agent_id uuid',
  select: `SELECT id, organization_id, source, rows, first, last, app_now() - interval '9 days', agent_id FROM r`,
};
const COUNT = {
  into: 'baseline_count (organization_id, month, attended, missed, excused, cancelled, unknown, import_id)',
  columns:
    'organization_id uuid, month date, attended integer, missed integer, excused integer, cancelled integer, unknown integer, import_id uuid',
  select: 'SELECT organization_id, month, attended, missed, excused, cancelled, unknown, import_id FROM r',
};
