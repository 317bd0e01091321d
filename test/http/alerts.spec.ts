import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { startTestApp, type TestApp } from '../support/app.js';
import { planDueNow } from '../support/due-messages.js';
import { eventually } from '../support/engine.js';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly summary: string; readonly action: string };
}

const FILE = readFileSync(join(__dirname, '../../docs/alerts.rules.yml'), 'utf8');
const { groups } = parse(FILE) as { groups: { name: string; rules: Rule[] }[] };
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
      'DoublonsPossibles',
      'DouteNonResolu',
      'EnvoisRetenus',
      'MessageDuNonParti',
      'MessagesEnRetard',
      'MessagesPerimes',
      'OperateurCoupe',
      'PlusAucunAccuse',
      'RelaisArrete',
    ]);
  });

  it('name only figures that a running process answers, with their labels', async () => {
    const text = await scrape();
    const named = RULES.flatMap(({ expr }) => expr.match(/msj_\w+/g) ?? []);
    expect(named.length).toBeGreaterThanOrEqual(RULES.length);
    const answered = new Set([...text.matchAll(/^# TYPE (msj_\w+)/gm)].map(([, name]) => name));
    expect(named.filter((name) => !answered.has(name))).toEqual([]);
    expect(text).toMatch(/^msj_messages\{state="accepted"\} 0$/m);
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

  it('has no age for what never happened', async () => {
    expect(await scrape()).not.toMatch(/^msj_last_receipt_seconds \d/m);
  });
});
