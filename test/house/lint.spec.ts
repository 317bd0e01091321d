import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = join(__dirname, '../..');

/** Breaches planted in a copy of nothing but the rules: each must be found, under its name. */
describe('the house rules are errors', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'msj-rules-'));
    for (const file of ['tsconfig.json', 'package.json', '.dependency-cruiser.cjs', 'eslint.config.js'])
      cpSync(join(ROOT, file), join(directory, file));
    symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  function plant(files: Readonly<Record<string, string>>): void {
    for (const folder of ['src', 'config', 'migrations', 'demo'])
      rmSync(join(directory, folder), { recursive: true, force: true });
    for (const folder of ['src', 'config', 'migrations']) mkdirSync(join(directory, folder));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
  }

  async function output(command: string, ...parameters: string[]): Promise<{ code: number; text: string }> {
    try {
      const { stdout } = await run(process.execPath, [join(ROOT, 'node_modules', command), ...parameters], {
        cwd: directory,
      });
      return { code: 0, text: stdout };
    } catch (error) {
      const { code, stdout } = error as { code: number; stdout: string };
      return { code, text: stdout };
    }
  }

  const ranks = () =>
    output(
      'dependency-cruiser/bin/dependency-cruise.mjs',
      '--config',
      '.dependency-cruiser.cjs',
      'src',
      'config',
      'migrations',
    );
  const lint = () => output('eslint/bin/eslint.js', 'src', 'config', '--max-warnings', '0');

  it('finds every breach of the ranks', async () => {
    const value = 'export const value = 1;\n';
    const importing = (path: string) => `import { value } from '${path}';\nexport const other = value;\n`;
    plant({
      'src/persons/low.ts': importing('../notifications/high.js'),
      'src/notifications/high.ts': value,
      'src/statistics/feature.ts': importing('../back-office/home/screen.js'),
      'src/back-office/home/screen.ts': value,
      'src/api/v1/route.ts': importing('../../back-office/home/screen.js'),
      'src/agents/impure.ts': value,
      'src/agents/domain/rule.ts': `import { Injectable } from '@nestjs/common';\nexport const rule = Injectable;\n`,
      'src/agents/domain/reader.ts': importing('../impure.js'),
      'src/platform/one.ts': `import { two } from './two.js';\nexport const one: unknown = two;\n`,
      'src/platform/two.ts': `import { one } from './one.js';\nexport const two: unknown = one;\n`,
      'src/app.module.ts': value,
      'src/persons/rooted.ts': importing('../app.module.js'),
      'src/ui/button.ts': importing('../persons/low.js').replace('{ value }', '{ other as value }'),
      'config/reader.ts': importing('../src/notifications/high.js'),
      'migrations/1.ts': importing('../config/reader.js').replace('{ value }', '{ other as value }'),
      'demo/simulator.ts': value,
      'src/notifications/knowing.ts': importing('../../demo/simulator.js'),
      'src/shared/index.ts': value,
      'src/shared/user.ts': importing('./index.js'),
    });
    const { code, text } = await ranks();
    for (const rule of [
      'rank-persons',
      'composition-is-imported-by-nobody',
      'composition-stands-apart',
      'pure-domain',
      'domain-knows-domain',
      'no-cycle',
      'app-module-is-the-root',
      'ui-knows-shared-and-platform',
      'config-imports-nothing-of-src',
      'migrations-import-nothing-of-ours',
      'source-knows-no-stand-in',
      'no-barrel',
    ])
      expect(text).toContain(`error ${rule}:`);
    expect(code).not.toBe(0);
  });

  it('finds every breach of the style', async () => {
    plant({
      'src/persons/environment.ts': `export const key = process.env['KEY'];\n`,
      'src/persons/clock.ts': `export const now = Date.now();\n`,
      'src/persons/date.ts': `export const now = new Date();\n`,
      'src/persons/loud.ts': `console.log('hello');\n`,
      'src/persons/any.ts': `export function f(x: any): unknown {\n  return x;\n}\n`,
      'src/persons/silenced.ts': `// eslint-disable-next-line no-console\nconsole.log('hello');\n`,
      'src/ui/styled.tsx': `export const Styled = () => <p style="color: red">x</p>;\n`,
      'src/ui/handled.tsx': `export const Handled = () => <p onClick={() => undefined}>x</p>;\n`,
      'config/allowed.ts': `export const key = process.env['KEY'];\n`,
      'src/platform/clock.ts': `export const now = Date.now();\n`,
    });
    const { code, text } = await lint();
    const found = (file: string) => {
      const at = text.indexOf(join(directory, file));
      return at === -1 ? '' : (text.slice(at).split('\n\n')[0] ?? '');
    };
    expect(found('src/persons/environment.ts')).toContain('The environment is read in config/ only');
    expect(found('src/persons/clock.ts')).toContain('Ask Clock');
    expect(found('src/persons/date.ts')).toContain('Ask Clock');
    expect(found('src/persons/loud.ts')).toContain('no-console');
    expect(found('src/persons/any.ts')).toContain('no-explicit-any');
    expect(found('src/persons/silenced.ts')).toContain('no-console');
    expect(found('src/ui/styled.tsx')).toContain('forbids inline styles');
    expect(found('src/ui/handled.tsx')).toContain('forbids inline handlers');
    expect(found('config/allowed.ts')).toBe('');
    expect(found('src/platform/clock.ts')).toBe('');
    expect(code).not.toBe(0);
  });

  it('lets clean files pass', async () => {
    plant({
      'src/shared/clean.ts': 'export const clean = 1;\n',
      'config/a.ts': 'export const a = 1;\n',
      'migrations/1.ts': 'export const m = 1;\n',
    });
    expect((await ranks()).code).toBe(0);
    expect((await lint()).code).toBe(0);
  });
});
