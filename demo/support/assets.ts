import { readFileSync } from 'node:fs';

const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
};

/** A file of the `assets` folder beside the module at `from`, asked for as `/assets/name`. */
export function asset(from: string, path: string): { type: string; content: Buffer } | undefined {
  const [, name, extension] = /^\/assets\/([a-z-]+)\.(css|js)$/.exec(path) ?? [];
  const type = TYPES[extension ?? ''];
  if (name === undefined || type === undefined) return undefined;
  try {
    return { type, content: readFileSync(new URL(`./assets/${name}.${extension}`, from)) };
  } catch {
    return undefined;
  }
}
