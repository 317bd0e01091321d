import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '../..');
/** Items that the project's security checklist names: chapter, section, number. */
const ITEM = /^\d{1,2}\.\d{1,2}\.(\d{1,2}|x)$/;

interface Row {
  readonly items: string;
  readonly state: string;
  readonly where: string;
}

function rows(): readonly Row[] {
  const text = readFileSync(join(ROOT, 'docs/asvs.md'), 'utf8');
  return text.split('\n').flatMap((line) => {
    const [, items = '', , state = '', where = ''] = line.split('|').map((cell) => cell.trim());
    return /^\d/.test(items) ? [{ items, state, where }] : [];
  });
}

/** What stands between back quotes and is a path: below `test/`, or from the root. */
function citedIn({ where }: Row): readonly string[] {
  return [...where.matchAll(/`([^`]+)`/g)]
    .map(([, cited = '']) => cited)
    .filter((one) => /\/|\.ts$/.test(one));
}

function isThere(cited: string): boolean {
  const path = /^(src|docs|config|migrations)\//.test(cited) ? cited : join('test', cited);
  if (!path.includes('*')) return existsSync(join(ROOT, path));
  const [before = '', after = ''] = path.slice(dirname(path).length + 1).split('*');
  return readdirSync(join(ROOT, dirname(path))).some(
    (name) => name.startsWith(before) && name.endsWith(after),
  );
}

describe('docs/asvs.md', () => {
  it('names an item once, and says of each whether it is met', () => {
    const items = rows().flatMap(({ items }) =>
      items
        .replace(/\(L3\)/g, '')
        .split(/,| to /)
        .map((one) => one.trim()),
    );
    expect(items.length).toBeGreaterThan(100);
    expect(items.filter((one) => !ITEM.test(one))).toEqual([]);
    expect(items.filter((one, at) => items.indexOf(one) !== at)).toEqual([]);
    expect(
      rows().filter(
        ({ state }) =>
          !/^(met|part|by the proxy|by configuration|by construction|\*\*not met\*\*)$/.test(state),
      ),
    ).toEqual([]);
  });

  it('cites files that exist', () => {
    const lost = rows().flatMap((row) => citedIn(row).filter((cited) => !isThere(cited)));
    expect(lost).toEqual([]);
  });

  it('cites a proof wherever it says « met »', () => {
    expect(rows().filter((row) => row.state === 'met' && citedIn(row).length === 0)).toEqual([]);
  });
});
