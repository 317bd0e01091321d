import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const ROOT = join(__dirname, '../..');
const FOLDERS = 'src|config|migrations|docs|test|bench|demo';
/** A path from the root, `*` and `{a,b}` allowed; without an ending also what names of files begin with, as jest reads it. */
const PATH = new RegExp(`^(?:${FOLDERS})(?:/[\\w.{},*-]+)+/?$`);

interface Document {
  readonly name: string;
  readonly text: string;
  /** What stands between back quotes, and the lines of the blocks. */
  readonly quoted: readonly string[];
}

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** All but the decisions, which are of their day. */
function documents(): readonly Document[] {
  const inDocs = ['docs', 'docs/papers'].flatMap((folder) =>
    readdirSync(join(ROOT, folder)).flatMap((file) => (file.endsWith('.md') ? [`${folder}/${file}`] : [])),
  );
  return ['README.md', ...inDocs].map((name) => {
    const text = read(name);
    const blocks = [...text.matchAll(/^```\w*\n(.*?)^```/gms)].flatMap(([, block = '']) => block.split('\n'));
    const spans = [...text.replace(/^```.*?^```/gms, '').matchAll(/`([^`\n]+)`/g)].map(([, one = '']) => one);
    return { name, text, quoted: [...blocks, ...spans] };
  });
}

/** « README.md: word » for each that is found in a document and is not there. */
function missing(
  find: (document: Document) => Iterable<string>,
  isThere: (one: string) => boolean,
): string[] {
  return documents().flatMap((document) =>
    [...find(document)].filter((one) => !isThere(one)).map((one) => `${document.name}: ${one}`),
  );
}

function pathExists(path: string): boolean {
  const [, before = '', choices, after = ''] = /^([^{]*)\{([^}]*)\}(.*)$/.exec(path) ?? [];
  if (choices !== undefined) return choices.split(',').every((one) => pathExists(`${before}${one}${after}`));
  if (existsSync(join(ROOT, path))) return true;
  const name = basename(path);
  if (name.includes('.') && !name.includes('*')) return false;
  const [start = '', end = ''] = name.split('*');
  return readdirSync(join(ROOT, dirname(path))).some((one) => one.startsWith(start) && one.endsWith(end));
}

/** Source of everything below a folder. */
function sourceOf(folder: string): string {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => read(join(folder, file)))
    .join('\n');
}

/** What follows `npm run NAME --` in a document: « command --option … ». */
function callsOf(name: string): (document: Document) => readonly string[] {
  const call = new RegExp(`npm run ${name} -- ([^;&|#)\`]+)`, 'g');
  return ({ quoted }) => quoted.flatMap((one) => [...one.matchAll(call)].map(([, rest = '']) => rest.trim()));
}

const optionsIn = (call: string) => [...call.matchAll(/(?<=^|\s)--[a-z-]+/g)].map(([option]) => option);

describe('README.md and docs name only what is there:', () => {
  it('files', () => {
    const paths = ({ quoted }: Document) =>
      quoted.flatMap((one) => one.split(/[\s:]+/)).filter((one) => PATH.test(one));
    expect(documents().flatMap(paths).length).toBeGreaterThan(40);
    expect(missing(paths, pathExists)).toEqual([]);
  });

  it('files they link to', () => {
    const links = ({ name, text }: Document) =>
      [...text.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(([, to = '']) => join(dirname(name), to));
    expect(missing(links, pathExists)).toEqual([]);
  });

  it('words of the code, in the glossary', () => {
    const source = ['src', 'migrations'].map(sourceOf).join('\n');
    const inCode = ({ name, text }: Document) =>
      (name === 'docs/glossary.md' ? text.split('\n') : [])
        .map((line) => line.split(/(?<!\\)\|/)[3] ?? '')
        .flatMap((cell) => [...cell.matchAll(/`([A-Za-z_]+)`/g)].map(([, one = '']) => one));
    expect(documents().flatMap(inCode).length).toBeGreaterThan(30);
    expect(missing(inCode, (one) => new RegExp(`\\b${one}\\b`).test(source))).toEqual([]);
  });

  it('scripts', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = ({ text }: Document) => [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, one = '']) => one);
    expect(missing(named, (one) => one in scripts)).toEqual([]);
  });

  it.each([
    ['cli', 'src/cli', /new Command\('([\w:-]+)'\)/g],
    ['bench', 'bench', /\.command\('([\w:-]+)'\)/g],
  ])('commands and options of npm run %s', (script, folder, declaration) => {
    const source = sourceOf(folder);
    const commands = new Set([...source.matchAll(declaration)].map(([, one]) => one));
    const calls = callsOf(script);
    expect(missing(calls, (call) => commands.has(call.split(/\s/)[0]))).toEqual([]);
    expect(missing((document) => calls(document).flatMap(optionsIn), optionIn(source))).toEqual([]);
  });

  it.each([
    ['test:faults', 'test/faults/main.ts'],
    ['demo', 'demo/main.ts'],
  ])('options of npm run %s', (script, file) => {
    const source = read(file);
    const calls = callsOf(script);
    expect(
      missing(
        (document) => calls(document).flatMap(optionsIn),
        (option) => new RegExp(`\\b'?${option.slice(2)}'?: \\{ type`).test(source),
      ),
    ).toEqual([]);
  });

  it('variables of the environment', () => {
    const known = ['config', 'test', 'demo'].map(sourceOf).join('\n') + read('config/env.example');
    const variables = ({ quoted }: Document) =>
      quoted.flatMap((one) =>
        [...one.matchAll(/^([A-Z]+(?:_[A-Z]+)+)(?:=|$)/g)].map(([, name = '']) => name),
      );
    expect(missing(variables, (one) => new RegExp(`\\b${one}\\b`).test(known))).toEqual([]);
  });
});

function optionIn(source: string): (option: string) => boolean {
  return (option) => new RegExp(`'(?:-\\w, )?${option}[ ']`).test(source);
}
