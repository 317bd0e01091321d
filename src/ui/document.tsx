import type { ComponentChildren } from 'preact';
import { HTMX_PATH, STYLE_PATH } from './assets.js';

/** No code from attributes, no style written by a script: what the content security policy asks for. */
const HTMX_CONFIG = JSON.stringify({
  allowEval: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  historyEnabled: false,
});

export interface DocumentProps {
  readonly title: string;
  readonly bodyClass?: string | undefined;
  /** Loads htmx: pages that need no live preview do without. */
  readonly live?: boolean | undefined;
  /** Search engines may list it: public pages about nobody. */
  readonly listed?: boolean | undefined;
  /** Address the browser goes on to by itself, at once: where a redirect may not lead (a form that leaves the site). */
  readonly goesOnTo?: string | undefined;
  readonly children: ComponentChildren;
}

/** The outermost shell of every page. */
export function Document({ title, bodyClass, live, listed, goesOnTo, children }: DocumentProps) {
  return (
    <html lang="fr">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        {listed !== true && <meta name="robots" content="noindex" />}
        {goesOnTo !== undefined && <meta http-equiv="refresh" content={`0;url=${goesOnTo}`} />}
        <title>{title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href={STYLE_PATH} />
        {live === true && (
          <>
            <meta name="htmx-config" content={HTMX_CONFIG} />
            <script src={HTMX_PATH} defer />
          </>
        )}
      </head>
      <body class={bodyClass}>{children}</body>
    </html>
  );
}

export function SkipLink() {
  return (
    <a class="skip visually-hidden" href="#contenu">
      Aller au contenu
    </a>
  );
}

/** @param figures leads to the public figures too: not on pages of a person, which say nothing of justice */
export function Footer({ figures }: { readonly figures?: boolean }) {
  return (
    <footer class="foot">
      <a href="/accessibility">Accessibilité</a>, <a href="/privacy">vie privée</a>
      {figures === true && (
        <>
          , <a href="/chiffres">chiffres publics</a>
        </>
      )}
    </footer>
  );
}
