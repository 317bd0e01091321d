import type { JSX } from 'preact';
import { renderToString } from 'preact-render-to-string';

/** A whole HTML document; everything in it is escaped. */
export function renderPage(page: JSX.Element): string {
  return `<!doctype html>${renderToString(page)}`;
}
