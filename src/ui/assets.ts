import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

export interface Asset {
  /** Changes with the content: may be kept for ever. */
  readonly name: string;
  readonly type: string;
  readonly content: string;
}

const require = createRequire(import.meta.url);
const CSS = 'text/css; charset=utf-8';
const JS = 'text/javascript; charset=utf-8';

/** In this order: later ones win. */
const STYLES = [
  'tokens',
  'base',
  'layout',
  'components',
  'booking',
  'lists',
  'figures',
  'charts',
  'comparison',
  'narrow',
] as const;

/** Pico lies in a layer of its own, so that every rule of ours wins whatever its weight. */
function styleSheet(): string {
  const pico = readFileSync(require.resolve('@picocss/pico/css/pico.min.css'), 'utf8').replace(
    /^@charset "[^"]*";/,
    '',
  );
  const ours = STYLES.map((name) =>
    readFileSync(new URL(`./assets/${name}.css`, import.meta.url), 'utf8'),
  ).join('');
  return `@charset "UTF-8";@layer pico{${pico}}\n${ours}`;
}

function asset(stem: string, extension: 'css' | 'js', type: string, content: string): Asset {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 16);
  return { name: `${stem}.${hash}.${extension}`, type, content };
}

const STYLE = asset('app', 'css', CSS, styleSheet());
const HTMX = asset('htmx', 'js', JS, readFileSync(require.resolve('htmx.org/dist/htmx.min.js'), 'utf8'));

/** Every file a page may ask for, by name. */
export const ASSETS: ReadonlyMap<string, Asset> = new Map([STYLE, HTMX].map((one) => [one.name, one]));

export const STYLE_PATH = `/assets/${STYLE.name}`;
export const HTMX_PATH = `/assets/${HTMX.name}`;
