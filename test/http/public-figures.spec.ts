import { ScheduledTasks } from '../../src/platform/scheduled-tasks.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { type AttendedService, anAttendedService, writePast } from '../support/attendance.js';
import { receive } from '../support/client.js';
import { moveClock } from '../support/database.js';

let test: TestApp;
let [large, middle, small]: AttendedService[] = [];

beforeAll(async () => {
  test = await startTestApp({ role: 'all' });
  await moveClock(test.dataSource, '2026-06-10T10:00:00Z');
  large = await anAttendedService(test.dataSource, { name: 'SPIP Grand' });
  middle = await anAttendedService(test.dataSource, { name: 'SPIP Moyen' });
  small = await anAttendedService(test.dataSource, { name: 'SPIP Petit' });
  for (const month of ['2026-01', '2026-02', '2026-03']) {
    await past(large, month, 250, 63);
    await past(middle, month, 100, 31);
    await past(small, month, 9, 2);
  }
});

afterAll(() => test.close());

function past(service: AttendedService | undefined, month: string, attended: number, missed: number) {
  if (service === undefined) throw new Error('no service');
  return writePast(test.dataSource, service, { month, attended, missed });
}

const publish = () => test.app.get(ScheduledTasks).run('publish-figures');
const open = async (query = '') => receive(fetch(`${test.baseUrl}/chiffres${query}`));
/** Figures of one line of the page, or « masqué ». */
const lineOf = (html: string, name: string) =>
  [...(new RegExp(`<th scope="row">${name}</th>(.*?)</tr>`).exec(html)?.[1] ?? '').matchAll(/>([^<>]+)</g)]
    .map(([, words = '']) => words)
    .join(' | ')
    .replaceAll('\u00a0', ' ');

describe('the public figures', () => {
  it('say that nothing is published yet', async () => {
    const page = await open();
    expect(page.status).toBe(200);
    expect(page.text).toContain('Aucun trimestre n’est encore arrêté');
  });

  it('need no session, set no cookie, and may be kept for an hour by anybody', async () => {
    const { headers } = await open();
    expect(headers.get('cache-control')).toBe('public, max-age=3600');
    expect(headers.getSetCookie()).toEqual([]);
  });

  it('round what they show, and hide a small service together with the next one', async () => {
    await publish();
    const { text } = await open();
    expect(lineOf(text, '1ᵉʳ\u00a0trimestre\u00a02026')).toBe(
      '21 % | 1 370 | 1 370 | 0 %'.replace(/(\d) (\d{3})/g, '$1\u202f$2'),
    );
    expect(lineOf(text, 'SPIP Grand')).toBe('20 % | 940 | 940 | 0 %');
    expect(lineOf(text, 'SPIP Petit')).toBe('masqué');
    expect(lineOf(text, 'SPIP Moyen')).toBe('masqué');
  });

  it('never change once they are published', async () => {
    const before = await open();
    await past(small, '2026-02', 400, 400);
    await publish();
    const after = await open();
    expect(lineOf(after.text, 'SPIP Petit')).toBe('masqué');
    expect(after.text).toBe(before.text);
  });

  it('leave a quarter open until thirty days after its end', async () => {
    await past(large, '2026-04', 100, 40);
    await publish();
    expect((await open()).text).not.toContain('2ᵉ\u00a0trimestre');
    await moveClock(test.dataSource, '2026-07-31T10:00:00Z');
    await publish();
    const { text } = await open();
    expect(text).toContain('2ᵉ\u00a0trimestre\u00a02026');
    expect(lineOf(text, 'SPIP Grand')).toContain('29 %');
  });

  it('show the services of the quarter in the address, the newest for anything else', async () => {
    expect(lineOf((await open('?trimestre=2026-T1')).text, 'SPIP Petit')).toBe('masqué');
    for (const query of ['', '?trimestre=2019-T1', '?trimestre=%27', '?trimestre=a&trimestre=b'])
      expect(lineOf((await open(query)).text, 'SPIP Petit')).toBe('');
  });

  it('keep no figure of a hidden cell in the database either', async () => {
    const rows: unknown[] = await test.dataSource.query(
      `SELECT known, persons, absence_percent FROM public_figure f JOIN organization o ON o.id = f.organization_id
        WHERE o.name = 'SPIP Petit' AND quarter = '2026-01-01'`,
    );
    expect(rows).toEqual([{ known: null, persons: null, absence_percent: null }]);
  });
});
