import { withDatabase } from '../../src/cli/context.js';
import { seedVolume } from '../../src/cli/seed-volume.js';
import { FoldAttendance } from '../../src/statistics/fold-attendance.js';
import { FoldBreakdowns } from '../../src/statistics/fold-breakdowns.js';
import { digest, newToken } from '../../src/shared/tokens.js';
import { aSignedInAgent } from '../../test/support/builders.js';
import { type Rig, SECRET_KEY } from '../support/rig.js';

/** One page under measure. */
export interface MeasuredPage {
  readonly name: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A form that is posted. */
  readonly body?: string;
  /** Stands on the right page only. */
  readonly holds: string;
}

export const VOLUME = { persons: 20_000, convocations: 100_000, dueNow: 0 };

/** One service of a hundred thousand convocations, its agents signed in, and what each page needs to show. */
export async function pagesOf(rig: Rig): Promise<readonly MeasuredPage[]> {
  const patient = { DATABASE_URL: rig.databaseUrl, SECRET_KEYS: [SECRET_KEY] };
  await withDatabase(patient, async (dataSource) => {
    await dataSource.transaction((tx) => seedVolume(tx, VOLUME));
    await dataSource.transaction((tx) => new FoldAttendance().execute(tx));
    await dataSource.transaction((tx) => new FoldBreakdowns().execute(tx));
  });
  await rig.owner('ANALYZE');
  const [one] = await rows(
    rig,
    `SELECT c.organization_id, c.id AS convocation_id, c.person_id, c.agenda_id, c.local_date, p.last_name
       FROM convocation c JOIN person p ON p.id = c.person_id
      WHERE c.starts_at > app_now() + interval '2 days' ORDER BY c.starts_at, c.id LIMIT 1`,
  );
  if (one === undefined) throw new Error('the volume has no convocation to come');
  const organizationId = one['organization_id'] ?? '';
  const agent = await aSignedInAgent(rig.dataSource, { organizationId, role: 'cpip' });
  const director = await aSignedInAgent(rig.dataSource, { organizationId, role: 'dpip' });
  const admin = await aSignedInAgent(rig.dataSource, { organizationId, role: 'admin' });
  const page = (cookie: string) => (name: string, path: string, holds: string) => ({
    name,
    path,
    holds,
    headers: { cookie },
  });
  const [cpip, dpip, central] = [page(agent.cookie), page(director.cookie), page(admin.cookie)];
  const search = new URLSearchParams({ _csrf: agent.csrfToken, query: one['last_name'] ?? '' });
  return [
    cpip('home', '/', '<h1'),
    cpip('day', `/days/${one['local_date'] ?? ''}`, '<table'),
    {
      ...cpip('search', '/persons/search', one['last_name'] ?? ''),
      headers: { cookie: agent.cookie, 'content-type': 'application/x-www-form-urlencoded' },
      body: search.toString(),
    },
    cpip('person', `/persons/${one['person_id'] ?? ''}`, one['last_name'] ?? ''),
    cpip('convocation', `/convocations/${one['convocation_id'] ?? ''}`, '<h1'),
    cpip('booking', `/persons/${one['person_id'] ?? ''}/convoke`, '<form'),
    cpip('agenda', `/agendas/${one['agenda_id'] ?? ''}`, '<h1'),
    cpip('tasks', '/tasks', '<h1'),
    cpip('worklist', '/worklist', '<h1'),
    dpip('absence', '/absence', '<svg'),
    central('national', '/absence/national', '<h1'),
    central('surety', '/surety', '<h1'),
    { name: 'sign-in', path: '/sign-in', headers: {}, holds: '<form' },
    { name: 'public-figures', path: '/chiffres', headers: {}, holds: '<h1' },
    { name: 'stop-link', path: `/s/${await aStopLink(rig, one)}`, headers: {}, holds: '<form' },
  ];
}

async function aStopLink(rig: Rig, one: Readonly<Record<string, string>>): Promise<string> {
  const token = newToken();
  await rig.dataSource.query(
    `INSERT INTO stop_link (token_hash, convocation_id, person_id, expires_at)
     VALUES ($1, $2, $3, app_now() + interval '30 days')`,
    [digest(token), one['convocation_id'], one['person_id']],
  );
  return token;
}

function rows(rig: Rig, sql: string): Promise<Record<string, string>[]> {
  return rig.dataSource.query(sql);
}
