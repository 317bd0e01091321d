import type { Page } from 'playwright-core';
import type { BrowserWorld } from '../browser-world.js';
import { press, type Sight } from './sight.js';

export function planSights(): Sight[] {
  const admin = (name: string, path: string, act?: string, status = 200): Sight => ({
    name,
    path,
    role: 'admin',
    status,
    ...(act === undefined ? {} : { act: press(act) }),
  });
  const check = 'Voir ce que cela change';
  const nobody = async (page: Page) => {
    await page.getByLabel('Jours avant', { exact: true }).first().fill('1');
    await press(check)(page);
  };
  return [
    admin('plans', '/plans'),
    admin('plans-national', '/plans?organization=national'),
    admin('plans-changed', '/plans?moved=3&added=1&withdrawn=12&altered=0'),
    admin('plan', '/plans/edit'),
    admin('plan-confirm', '/plans/edit', check),
    { ...admin('plan-refused', '/plans/edit'), act: nobody, status: 400 },
    admin('hours-confirm', '/plans', check),
    admin('territories', '/territories'),
    admin('territory-confirm', '/territories?territory=YT', check),
  ];
}

export function messageSights({ organizationId }: BrowserWorld): Sight[] {
  const text = `/messages/text?organization=${organizationId}&type=suivi-spip&kind=reminder`;
  const admin = (name: string, path: string, more: Partial<Sight> = {}): Sight => ({
    ...{ name, path, role: 'admin' },
    ...more,
  });
  const write = (words: string, button: string) => async (page: Page) => {
    await page.getByLabel('Texte', { exact: true }).fill(words);
    await press(button)(page);
    await page.locator('mark').first().waitFor();
  };
  return [
    admin('messages', '/messages'),
    admin('messages-arabic', `/messages?organization=${organizationId}&language=ar`),
    admin('message', text),
    admin('message-judged', text, { act: write('Bientôt : RDV demain avec M. Durand', 'Voir l’aperçu') }),
    admin('message-refused', text, { act: write('RDV {nom} demain', 'Enregistrer ce texte'), status: 400 }),
    admin('message-to-review', '/messages/text?language=ar'),
    admin('message-review-refused', '/messages/text?language=ar', {
      act: press('Valider cette traduction'),
      status: 400,
    }),
  ];
}

/** The operator took a text of this convocation and spoke of it an hour ago. */
export async function aReceipt({ test }: BrowserWorld, convocationId: string): Promise<void> {
  await test.dataSource.query(
    `WITH call AS (
       INSERT INTO delivery_attempt (id, message_id, number, channel, operator, sender, recipient_id, token_hash, body_hash,
           segments, result, awaits_receipt, started_at, real_started_at, answered_at)
       SELECT gen_random_uuid(), id, 1, 'sms', 'twilio', 'X', gen_random_uuid(), sha256(id::text::bytea), ''::bytea, 1,
              'accepted', true, app_now(), now(), app_now()
         FROM message WHERE convocation_id = $1 LIMIT 1
       RETURNING id)
     INSERT INTO receipt (attempt_id, operator_message_id, status, received_at)
     SELECT id, 'SM1', 'sent', app_now() - interval '1 hour' FROM call`,
    [convocationId],
  );
  await test.dataSource.query(
    `INSERT INTO operator_state (operator) VALUES ('twilio') ON CONFLICT DO NOTHING`,
  );
}

/** In this order: nothing is held, then it is. */
export function suretySights(): Sight[] {
  const admin = (name: string, path: string, more: Partial<Sight> = {}): Sight => ({
    name,
    path,
    role: 'admin',
    ...more,
  });
  const hold = async (page: Page) => {
    await page.getByLabel('Pourquoi').fill('Texte de rappel à corriger');
    await press('Retenir tous les envois')(page);
    await page.getByRole('status').waitFor();
  };
  return [
    { ...admin('surety-service', '/surety'), role: 'dpip' },
    admin('surety', '/surety?days=7'),
    admin('hold-refused', '/surety/hold', { act: press('Retenir tous les envois'), status: 400 }),
    admin('release-nothing', '/surety/release'),
    admin('held', '/surety/hold', { act: hold }),
    admin('hold-again', '/surety/hold'),
    admin('release', '/surety/release'),
  ];
}
