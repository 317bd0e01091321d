import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { FREQUENT_TASKS } from '../../config/schedule.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { planDueNow } from '../support/due-messages.js';
import { eventually } from '../support/engine.js';
import { faultsOf, nodesOf, selectorsOf } from '../support/promql.js';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly summary: string; readonly action: string };
}

const written = (file: string) => readFileSync(join(__dirname, '../../docs', file), 'utf8');
const { groups } = parse(written('alerts.rules.yml')) as { groups: { name: string; rules: Rule[] }[] };
const RULES = groups.flatMap(({ rules }) => rules);

let worker: TestApp;

beforeAll(async () => {
  worker = await startTestApp({ role: 'worker' });
  await planDueNow(worker.dataSource, 5);
  await worker.dataSource.query(`
    INSERT INTO operator_state (operator, circuit, last_alert, last_alert_at)
    VALUES ('twilio', 'open', '30007', now()), ('link-mobility', 'half-open', 'auth', now() - interval '2 hours')`);
  // No operator is configured: these wait, due for an hour.
  await worker.dataSource.query(
    `UPDATE message SET due_at = due_at - interval '1 hour', first_due_at = first_due_at - interval '1 hour'`,
  );
  // Both operators took texts this hour: one confirms, one no longer does, nor did it ever; a third never will.
  await worker.dataSource.query(`
    WITH call AS (
      INSERT INTO delivery_attempt (id, message_id, number, channel, operator, sender, recipient_id, token_hash, body_hash,
          segments, result, awaits_receipt, started_at, real_started_at, answered_at)
      SELECT gen_random_uuid(), id, 1, 'sms', (ARRAY['twilio', 'link-mobility', 'link-mobility', 'silent'])[rank], 'X',
             gen_random_uuid(), sha256(id::text::bytea), ''::bytea, 2, 'accepted', rank < 4, app_now(), now(), app_now()
        FROM (SELECT id, row_number() OVER (ORDER BY id) AS rank FROM message) AS ranked WHERE rank < 5
      RETURNING id, operator)
    INSERT INTO receipt (attempt_id, operator_message_id, status, received_at)
    SELECT id, 'SM1', 'sent', app_now() - interval '10 minutes' FROM call WHERE operator = 'twilio'`);
  await worker.dataSource.query(`UPDATE organization SET sms_price_cents = 5`);
  await worker.dataSource.query(`INSERT INTO sending_hold (reason, set_by) VALUES ('command', 'cli')`);
  await eventually(async () => {
    const rows: unknown[] = await worker.dataSource.query(`SELECT FROM task_run WHERE task = 'relay'`);
    return rows.length > 0;
  });
});
afterAll(() => worker.close());

const scrape = async () => (await fetch(`${worker.baseUrl}/metrics`)).text();

describe('the alert rules', () => {
  it('say in French what happens and what to do, each once', () => {
    expect(new Set(RULES.map(({ alert }) => alert)).size).toBe(RULES.length);
    for (const { annotations } of RULES) {
      expect(annotations.summary).toMatch(/^[A-ZÀ-Ý].+\.$/);
      expect(annotations.action.length).toBeGreaterThan(40);
    }
  });

  it('watch everything that must be watched', () => {
    expect(RULES.map(({ alert }) => alert).sort()).toEqual([
      'AgentQuiOuvreBeaucoupDeDossiers',
      'CodeOperateur',
      'DemandesRefusees',
      'DoublonsPossibles',
      'DouteNonResolu',
      'EnvoisRetenus',
      'MessageDuNonParti',
      'MessagesEnRetard',
      'MessagesNonRecus',
      'MessagesPerimes',
      'OperateurCoupe',
      'OperateurNeRemetPlus',
      'PlusAucunAccuse',
      'ProcessusMuet',
      'RelaisArrete',
      'ServiceMuet',
      'SuiteNonTiree',
      'TacheArretee',
    ]);
  });

  it('are PromQL, by the grammar of Prometheus', () => {
    expect(RULES.flatMap(({ alert, expr }) => faultsOf(expr).map((fault) => `${alert} ${fault}`))).toEqual(
      [],
    );
    for (const wrong of ['up ==', 'sum by operator (up)', 'rise(up[5m])', 'up{job=msj}', 'up[5min]'])
      expect([wrong, faultsOf(wrong)]).not.toEqual([wrong, []]);
  });

  it('name only figures that a running process answers, with their labels', async () => {
    const text = await scrape();
    const read = RULES.flatMap(({ expr }) => selectorsOf(expr)).filter(({ name }) => name !== 'up');
    expect(read.length).toBeGreaterThanOrEqual(RULES.length);
    const answered = new Set([...text.matchAll(/^# TYPE (msj_\w+)/gm)].map(([, name]) => name));
    expect(read.filter(({ name }) => !answered.has(name))).toEqual([]);
    const isLabelled = (name: string, label: string) =>
      new RegExp(`^${name}\\{[^}]*\\b${label}="`, 'm').test(text);
    expect(read.filter(({ name, labels }) => labels.some((label) => !isLabelled(name, label)))).toEqual([]);
    expect(text).toMatch(/^msj_messages\{state="accepted"\} 0$/m);
  });

  it('are each shown raised by a history of their own, for promtool', () => {
    const shown = ['alerts.service.test.yml', 'alerts.each.test.yml'].map(written).join('\n');
    const raised = [...shown.matchAll(/labels: ALERTS\{alertname="(\w+)", alertstate="firing"/g)];
    const worded = [...shown.matchAll(/alertname: (\w+)\n +exp_alerts:/g)];
    const names = new Set([...raised, ...worded].map(([, name]) => name));
    expect([...names].sort()).toEqual(RULES.map(({ alert }) => alert).sort());
  });
});

describe('what they would be raised by', () => {
  it('is in the figures', async () => {
    const text = await scrape();
    const value = (name: string) =>
      Number(new RegExp(`^${name.replaceAll(/[{}"]/g, '\\$&')} (\\S+)$`, 'm').exec(text)?.[1]);
    expect(value('msj_hold')).toBe(1);
    expect(value('msj_circuit_state{operator="twilio"}')).toBe(2);
    expect(value('msj_circuit_state{operator="link-mobility"}')).toBe(1);
    expect(value('msj_operator_alert{operator="twilio",code="30007"}')).toBe(1);
    expect(value('msj_operator_alert{operator="link-mobility",code="auth"}')).toBe(0);
    expect(value('msj_messages_late')).toBe(5);
    expect(value('msj_oldest_due_seconds')).toBeGreaterThanOrEqual(3600);
    expect(value('msj_messages_due_24h{outcome="waiting"}')).toBe(5);
    expect(value('msj_messages{state="planned"}')).toBe(5);
  });

  it('is told of each operator, of each service, and sums to the figures of all', async () => {
    const text = await scrape();
    const rows: { id: string }[] = await worker.dataSource.query('SELECT id FROM organization');
    const service = `organization="${rows[0]?.id ?? ''}"`;
    for (const line of [
      `msj_service_messages_due_24h{${service},outcome="waiting"} 5`,
      `msj_service_messages_due_24h{${service},outcome="delivered"} 0`,
      `msj_service_messages_on_time_24h{${service}} 0`,
      `msj_service_messages_left_late_24h{${service}} 0`,
      `msj_operator_calls_24h{operator="link-mobility",channel="sms",result="accepted"} 2`,
      `msj_operator_calls_24h{operator="twilio",channel="sms",result="refused"} 0`,
      `msj_operator_cost_euros_24h{operator="link-mobility",channel="sms"} 0.2`,
    ])
      expect(text).toContain(`${line}\n`);
    const oldest = new RegExp(`^msj_service_oldest_due_seconds\\{${service}\\} (\\S+)$`, 'm').exec(text)?.[1];
    expect(Number(oldest)).toBeGreaterThanOrEqual(3600);
    expect(text).not.toContain('SPIP des essais');
  });

  it('tells an operator that owes receipts and gives none from one that gives them, or never will', async () => {
    const text = await scrape();
    expect(text).toContain('msj_operator_unconfirmed_1h{operator="twilio"} 1\n');
    expect(text).toContain('msj_operator_unconfirmed_1h{operator="link-mobility"} 2\n');
    expect(text).not.toContain('msj_operator_unconfirmed_1h{operator="silent"}');
    expect(text).toMatch(/^msj_operator_last_receipt_seconds\{operator="twilio"\} [67]\d\d(\.\d+)?$/m);
    expect(text).not.toContain('msj_operator_last_receipt_seconds{operator="link-mobility"}');
  });
});

const exprOf = (name: string) => RULES.find(({ alert }) => alert === name)?.expr ?? '';

describe('a service whose texts arrive no more', () => {
  it('is told by what was due, and by operator, from the first failure on', async () => {
    expect(exprOf('MessagesNonRecus')).toContain('msj_messages_due_24h{outcome="undelivered"}');
    expect(exprOf('OperateurNeRemetPlus')).toContain('msj_sends_total{result=~"refused|undelivered"}');
    const text = await scrape();
    for (const result of ['refused', 'undelivered'])
      expect(text).toContain(`msj_sends_total{channel="sms",operator="twilio",result="${result}"} 0\n`);
  });
});

describe('a task that stopped', () => {
  it('is told, whichever it is of those that run each minute or oftener', async () => {
    const [late, ...never] = nodesOf(exprOf('TacheArretee'), 'StringLiteral').map((text) =>
      text.slice(1, -1),
    );
    const others = FREQUENT_TASKS.filter((task) => task !== 'relay');
    expect(late?.split('|').sort()).toEqual([...others].sort());
    expect(never.sort()).toEqual([...others].sort());
    expect(others).toContain('follow-up');
    expect(others).not.toContain('forget-names');
    expect(exprOf('RelaisArrete')).toContain('msj_last_relay_run_seconds > 60');
    expect(await scrape()).toMatch(/^msj_last_task_run_seconds\{task="relay"\} \d/m);
  });
});

describe('a service that says nothing', () => {
  it('is told: no answer, no figure, no run and no receipt raise an alert too', () => {
    expect(exprOf('ServiceMuet')).toBe('absent(msj_hold)');
    expect(exprOf('ProcessusMuet')).toMatch(/up\b.* == 0/);
    expect(exprOf('RelaisArrete')).toContain('absent(msj_last_relay_run_seconds)');
    expect(exprOf('PlusAucunAccuse')).toContain(
      'unless on(operator) msj_operator_last_receipt_seconds <= 3600',
    );
  });
});
