import type { ComponentChildren } from 'preact';
import { Document, Footer, SkipLink } from './document.js';
import { FormTokens } from './forms.js';
import { type Noticed, Notices } from './notices.js';

export interface NavItem {
  readonly href: string;
  readonly label: string;
  /** Other pages that stand behind this entry. */
  readonly covers?: readonly string[];
}

/** What surrounds every page of an agent who signed in. */
export interface Frame extends Noticed {
  readonly roleName: string;
  readonly organizationName: string;
  readonly nav: readonly NavItem[];
}

export interface AppPageProps {
  readonly frame: Frame;
  readonly title: string;
  /** `href` of the entry of the menu this page belongs to. */
  readonly current?: string | undefined;
  readonly live?: boolean | undefined;
  /** The page has a search field of its own. */
  readonly withoutSearch?: boolean | undefined;
  readonly children: ComponentChildren;
}

export function AppPage({ frame, title, current, live, withoutSearch, children }: AppPageProps) {
  return (
    <Document title={`${title} – Mon Suivi Justice`} live={live}>
      <SkipLink />
      <header class="top">
        <a class="brand" href="/">
          Mon Suivi Justice
        </a>
        <button type="button" class="secondary menu-button" popovertarget="menu">
          Menu
        </button>
        <nav id="menu" popover="auto" aria-label="Principal">
          {frame.nav.map(({ href, label, covers = [] }) => (
            <a
              key={href}
              href={href}
              aria-current={href === current ? 'page' : covers.includes(current ?? '') ? 'true' : undefined}
            >
              {label}
            </a>
          ))}
          <a class="own" href="/account">
            Mon compte
          </a>
          <SignOut csrfToken={frame.csrfToken} className="own" />
        </nav>
        {withoutSearch !== true && <HeaderSearch csrfToken={frame.csrfToken} />}
        <Account frame={frame} />
      </header>
      <main id="contenu" tabIndex={-1}>
        <Notices frame={frame} />
        {children}
      </main>
      <Footer figures />
    </Document>
  );
}

function HeaderSearch({ csrfToken }: { readonly csrfToken: string }) {
  return (
    <form role="search" class="quick-search" method="post" action="/persons/search">
      <FormTokens csrfToken={csrfToken} />
      <label class="visually-hidden" for="q">
        Chercher un probationnaire
      </label>
      <input id="q" type="search" name="query" maxLength={200} placeholder="Chercher" />
      <button class="visually-hidden">Chercher</button>
    </form>
  );
}

/** Who sits there; the rest opens without scripts, closes by Escape and by a click anywhere else. */
function Account({ frame }: { readonly frame: Frame }) {
  return (
    <>
      <button type="button" class="who" popovertarget="account">
        <span class="name">{frame.agentName}</span>
        <span>{frame.roleName}</span>
      </button>
      <div id="account" popover="auto">
        <p>{frame.organizationName}</p>
        <p>
          <a href="/account">Mon compte</a>
        </p>
        <SignOut csrfToken={frame.csrfToken} />
      </div>
    </>
  );
}

function SignOut({ csrfToken, className }: { readonly csrfToken: string; readonly className?: string }) {
  return (
    <form class={`sign-out ${className ?? ''}`} method="post" action="/sign-out">
      <FormTokens csrfToken={csrfToken} />
      <button class="link">Se déconnecter</button>
    </form>
  );
}

/** Title, what surrounds it, and the actions of the page. */
export function PageHead(props: {
  readonly title: ComponentChildren;
  readonly back?: { readonly href: string; readonly label: string } | undefined;
  readonly actions?: ComponentChildren;
  readonly children?: ComponentChildren;
}) {
  return (
    <div class="page-head">
      <div>
        {props.back !== undefined && (
          <a class="back" href={props.back.href}>
            {props.back.label}
          </a>
        )}
        <h1>{props.title}</h1>
        {props.children}
      </div>
      {props.actions !== undefined && <div class="actions">{props.actions}</div>}
    </div>
  );
}
