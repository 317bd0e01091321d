import { randomUUID } from 'node:crypto';
import type { Actor } from '../../src/access/actor.js';
import { ReviewTemplate } from '../../src/notifications/templates/review-template.js';
import { SaveTemplate } from '../../src/notifications/templates/save-template.js';
import { yearlyVolumes } from '../../src/notifications/templates/template-samples.query.js';
import type { TemplateKey } from '../../src/notifications/templates/template.queries.js';
import { anAgent } from '../support/builders.js';
import { moveClock } from '../support/database.js';
import { useStand } from '../support/stand.js';
import { aMobile, at, type BookingWishes } from '../support/world.js';

const stand = useStand();

const clock = (date: string, time: string) => moveClock(stand.database.dataSource, at(date, time));
const REMINDER = { kind: 'reminder', typeCode: 'suivi-spip', register: 'standard', language: 'fr' } as const;

interface Summoned {
  readonly convocationId: string;
  readonly organizationId: string;
  readonly phone: string;
}

/** Reminded the day before at 9:30. */
async function summoned(language = 'fr', wishes: Partial<BookingWishes> = {}): Promise<Summoned> {
  const phone = aMobile();
  const convocationId = await stand.world.book({ date: '2026-06-10', time: '09:30', phone, ...wishes });
  const rows: { organizationId: string }[] = await stand.database.dataSource
    .query(
      `UPDATE person p SET language = $2 FROM convocation c WHERE c.id = $1 AND p.id = c.person_id
     RETURNING c.organization_id AS "organizationId"`,
      [convocationId, language],
    )
    .then(([updated]: [{ organizationId: string }[], number]) => updated);
  return { convocationId, phone, organizationId: rows[0]?.organizationId ?? '' };
}

async function administrator(organizationId: string, role: Actor['role'] = 'local-admin'): Promise<Actor> {
  const agentId = await anAgent(stand.database.dataSource, { organizationId, role });
  return {
    ...{ agentId, apiKeyId: null, role, organizationId },
    ...{
      organizationKind: 'spip',
      linkedOrganizationIds: [],
      headquartersOrganizationIds: [],
      isInterRessort: false,
      timeZone: 'Europe/Paris',
    },
  };
}

async function save(
  organizationId: string,
  text: string | null,
  basedOn: number,
  key: Partial<TemplateKey> = {},
) {
  const actor = await administrator(organizationId);
  const command = { ...REMINDER, ...key, organizationId, text, basedOn };
  await stand.database.dataSource.transaction((tx) =>
    stand.engine.module.get(SaveTemplate).execute(tx, command, actor),
  );
}

async function received({ phone }: Summoned): Promise<string | undefined> {
  await stand.engine.drain();
  return stand.operator.to(phone).at(-1)?.body;
}

it('says tomorrow when it leaves in time, today when an outage held it', async () => {
  await clock('2026-06-08', '10:00');
  const inTime = await summoned();
  await clock('2026-06-09', '09:30');
  expect(await received(inTime)).toContain('RAPPEL SPIP : demain mercredi 10 juin à 9h30');
  await clock('2026-06-08', '10:00');
  const held = await summoned();
  await clock('2026-06-10', '08:05');
  expect(await received(held)).toMatch(/^RAPPEL SPIP : aujourd'hui à 9h30, /);
});

it('takes the text of the service, keeps the version sent, and goes back to the default', async () => {
  await clock('2026-06-08', '10:00');
  const person = await summoned();
  const { organizationId, convocationId } = person;
  await save(organizationId, 'SPIP : venez {rdv.quand}', 0);
  await clock('2026-06-09', '09:30');
  expect(await received(person)).toMatch(/^SPIP : venez demain mercredi 10 juin à 9h30/);
  await save(organizationId, 'SPIP : {rdv.quand}, venez', 1);
  await save(organizationId, null, 2);
  const [kept]: { text: string; version: number }[] = await stand.database.dataSource.query(
    `SELECT t.text, t.version FROM delivery_attempt a JOIN message m ON m.id = a.message_id
       JOIN template t ON t.id = a.template_id WHERE m.convocation_id = $1`,
    [convocationId],
  );
  expect(kept).toEqual({ text: 'SPIP : venez {rdv.quand}', version: 1 });
  await clock('2026-06-08', '10:00');
  const next = await summoned();
  await stand.database.dataSource.query('UPDATE convocation SET organization_id = $2 WHERE id = $1', [
    next.convocationId,
    organizationId,
  ]);
  await clock('2026-06-09', '09:30');
  expect(await received(next)).toContain('RAPPEL SPIP : demain');
});

it('writes in French until somebody has read the draft, then in the language of the person', async () => {
  await clock('2026-06-08', '10:00');
  const before = await summoned('ro');
  await clock('2026-06-09', '09:30');
  expect(await received(before)).toContain('RAPPEL SPIP : demain mercredi 10 juin');
  const [draft]: { id: string }[] = await stand.database.dataSource.query(
    `SELECT id FROM template WHERE language = 'ro' AND kind = 'reminder' AND register = 'standard' AND type_code IS NULL`,
  );
  const admin = await administrator(before.organizationId, 'admin');
  const command = { templateId: draft?.id ?? '', organizationId: null, confirmed: true, typed: null };
  await stand.database.dataSource.transaction((tx) =>
    stand.engine.module.get(ReviewTemplate).execute(tx, command, admin),
  );
  await clock('2026-06-08', '10:00');
  const [after, french] = [await summoned('ro'), await summoned('fr')];
  await clock('2026-06-09', '09:30');
  expect(await received(after)).toMatch(
    /^REAMINTIRE SPIP 92 Nanterre: programare maine miercuri 10 iunie la 9:30/,
  );
  expect(await received(french)).toContain('RAPPEL SPIP : demain');
});

/** Somebody who reads the language has read the default draft. */
async function reviewed(key: Pick<TemplateKey, 'language' | 'typeCode'> & { readonly register?: string }) {
  await stand.database.dataSource.query(
    `UPDATE template SET reviewed_at = app_now() WHERE language = $1 AND type_code IS NOT DISTINCT FROM $2::text
        AND kind = 'reminder' AND register = $3 AND organization_id IS NULL`,
    [key.language, key.typeCode, key.register ?? 'standard'],
  );
}

describe('of an appointment that is not at the address of the place', () => {
  const AWAY = ['convocation-stage', 'placement-tig-tnr', 'convocation-japat', 'rdv-telephonique'];

  async function reminded(language: string, wishes: Partial<BookingWishes>): Promise<string> {
    await clock('2026-06-08', '10:00');
    const person = await summoned(language, wishes);
    await clock('2026-06-09', '09:30');
    return (await received(person)) ?? '';
  }

  it.each(AWAY)('%s: a general translation sends nobody to the address', async (typeCode) => {
    await reviewed({ language: 'en', typeCode: null });
    expect(await reminded('en', { typeCode: 'suivi-spip' })).toContain('94 rue des Ecoles');
    const text = await reminded('en', { typeCode });
    expect(text).toMatch(/^RAPPEL (SPIP|JAPAT) : /);
    expect(text).not.toContain('rue des Ecoles');
    await reviewed({ language: 'en', typeCode });
    expect(await reminded('en', { typeCode })).toMatch(/^REMINDER SPIP 92 Nanterre: appointment tomorrow/);
  });

  it('a type that only the French texts tell apart stays in French', async () => {
    await reviewed({ language: 'pt', typeCode: null });
    await stand.database.dataSource.query(
      `DELETE FROM template WHERE language = 'pt' AND type_code = 'convocation-stage'`,
    );
    const text = await reminded('pt', { typeCode: 'convocation-stage' });
    expect(text).toContain('au lieu qui vous a été indiqué');
  });

  it.each(['fr', 'es'])('the general text of a service in %s says nothing of it', async (language) => {
    await reviewed({ language: 'es', typeCode: 'convocation-stage', register: 'discreet' });
    const wishes = { typeCode: 'convocation-stage', register: 'discreet' } as const;
    await clock('2026-06-08', '10:00');
    const person = await summoned(language, wishes);
    const ordinary = await summoned(language, { register: 'discreet' });
    for (const { organizationId } of [person, ordinary])
      await stand.database.dataSource.query(
        `INSERT INTO template (kind, organization_id, language, register, text)
         VALUES ('reminder', $1, $2, 'discreet', 'Bonjour, RDV {rdv.quand}, {lieu.adresse}')`,
        [organizationId, language],
      );
    await clock('2026-06-09', '09:30');
    expect(await received(person)).toContain(
      language === 'fr' ? 'au lieu qui vous a été indiqué' : 'en el lugar indicado',
    );
    expect(await received(ordinary)).toMatch(/^Bonjour, RDV .*rue des Ecoles/);
  });
});

it('counts what a year of a text costs, of one service and of the nation', async () => {
  await clock('2026-06-08', '10:00');
  const person = await summoned();
  await clock('2026-06-09', '09:30');
  await received(person);
  const sheet = { register: 'standard', language: 'fr' } as const;
  const of = (organizationId: string | null) =>
    stand.database.dataSource.transaction((tx) => yearlyVolumes(tx, { ...sheet, organizationId }));
  expect(await of(person.organizationId)).toEqual([
    { typeCode: 'suivi-spip', kind: 'reminder', messages: 1 },
  ]);
  const [national] = await of(null);
  expect((national?.messages ?? 0) % 13).toBe(0);
  expect(national?.messages).toBeGreaterThan(0);
});

it('keeps what a local administrator may not touch', async () => {
  const { organizationId } = await summoned();
  const stranger = await administrator(organizationId);
  const foreign = { ...REMINDER, organizationId: randomUUID(), text: 'SPIP : {rdv.quand}', basedOn: 0 };
  const saving = stand.engine.module.get(SaveTemplate);
  for (const command of [foreign, { ...foreign, organizationId: null }])
    await expect(
      stand.database.dataSource.transaction((tx) => saving.execute(tx, command, stranger)),
    ).rejects.toMatchObject({ code: 'not-found' });
  const clerk = await administrator(organizationId, 'cpip');
  await expect(
    stand.database.dataSource.transaction((tx) => saving.execute(tx, { ...foreign, organizationId }, clerk)),
  ).rejects.toMatchObject({ code: 'forbidden' });
});
