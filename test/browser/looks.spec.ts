import { RouteDeclarations } from '../../src/access/route-declarations.js';
import { Looks } from '../support/looks.js';
import { keepScreenshot } from '../support/screenshots.js';

/** Answers programs read, files, the way through a provider of identities, another library's board. */
const NOT_PAGES =
  /^\/(api|health|metrics|assets)(\/|$)|\.csv$|\/export$|^\/absence\/report$|\/file$|^\/sign-in\/oidc|^\/sign-out\/done$|^\/console\/jobs/;

/** The pages of an administrator have a file of their own: `looks-admin.spec.ts`. */
const ROLES = [null, 'cpip', 'bex', 'dpip'] as const;

let looks: Looks;
beforeAll(async () => {
  looks = await Looks.open();
});
afterAll(() => looks.close());

it('looks at every page the application has', () => {
  const pages = looks.test.app
    .get(RouteDeclarations)
    .routes()
    .filter(({ method, path }) => method === 'GET' && !NOT_PAGES.test(path))
    .map(({ path }) => path);
  expect(pages.length).toBeGreaterThan(0);
  const { sights } = looks;
  const paths = sights.filter(({ status }) => (status ?? 200) < 400).map(({ path }) => path.split('?')[0]);
  const unseen = pages.filter((route) => {
    const rivals = pages.filter((other) => !other.includes(':') && other !== route);
    const pattern = new RegExp(`^${route.replace(/:\w+/g, '[^/]+')}$`);
    return !paths.some((path = '') => pattern.test(path) && !rivals.includes(path));
  });
  expect(unseen).toEqual([]);
});

it('looks as every role it lists', () => {
  expect(new Set(looks.sights.map(({ role }) => role))).toEqual(new Set([...ROLES, 'admin']));
});

it.each(
  ROLES.flatMap((role) => {
    const of = role === 'cpip' ? 2 : 1;
    return Array.from({ length: of }, (_, at) => [role, { number: at + 1, of }] as const);
  }),
)(
  'has no fault on any page, wide or narrow, light or dark, for %s, part %j',
  async (role, part) => {
    expect(await looks.faultsFor(role, part)).toEqual({});
  },
  600_000,
);

it('prints a day list without menu or buttons', async () => {
  const page = await looks.pageOf('cpip', 800);
  await page.goto('/days/2026-06-12');
  await page.emulateMedia({ media: 'print' });
  expect(await page.getByRole('link', { name: 'Agendas' }).first().isVisible()).toBe(false);
  expect(await page.getByRole('button', { name: 'Tous présents sauf…' }).isVisible()).toBe(false);
  expect(await page.getByRole('link', { name: 'Théo Brindille', exact: true }).isVisible()).toBe(true);
  await keepScreenshot(page, 'day-print');
  await page.context().close();
});

it('runs no script and no style that came into a page', async () => {
  const page = await looks.pageOf('cpip', 1280);
  await page.goto('/');
  const ran = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.planted = true';
    document.body.append(script);
    const styled = document.createElement('p');
    styled.setAttribute('style', 'color: rgb(1, 2, 3)');
    document.body.append(styled);
    return { planted: 'planted' in window, colour: getComputedStyle(styled).color };
  });
  expect(ran.planted).toBe(false);
  expect(ran.colour).not.toBe('rgb(1, 2, 3)');
  expect(await page.evaluate(() => sessionStorage.getItem('violations'))).toContain('script-src');
  await page.context().close();
});
