import { Injectable } from '@nestjs/common';
import { type Refusal, RefusalPage } from '../platform/refusal-page.js';
import { Document, Footer } from '../ui/document.js';
import { LinkPage } from '../ui/link-page.js';
import { renderPage } from '../ui/render-page.js';
import { sentenceOfCode } from '../ui/refusals.js';

interface Words {
  readonly title: string;
  readonly sentence: string;
}

const BY_STATUS: Readonly<Record<number, Words>> = {
  403: {
    title: 'Accès refusé',
    sentence: 'Votre rôle ne permet pas cette action, ou le formulaire était ouvert depuis trop longtemps.',
  },
  404: {
    title: 'Page introuvable',
    sentence: 'Cette page n’existe pas, ou elle appartient à un autre service.',
  },
  429: {
    title: 'Trop de demandes',
    sentence: 'Par sécurité, le nombre de demandes est limité. Rien n’est perdu\u00a0: patientez un moment.',
  },
  503: {
    title: 'Service occupé',
    sentence: 'Le service est momentanément occupé. Réessayez dans quelques secondes.',
  },
};

const BY_CODE: Readonly<Record<string, Words>> = {
  'key-missing': {
    title: 'Données illisibles pour le moment',
    sentence:
      'Il manque au service une clé pour lire des données protégées. Rien n’est perdu, et rien n’a été enregistré. Prévenez le support, en donnant le numéro ci-dessous.',
  },
};

const FAULT: Words = {
  title: 'Une erreur est survenue',
  sentence:
    'La faute est de notre côté\u00a0: rien n’a été enregistré. Réessayez\u00a0; si cela continue, donnez le numéro ci-dessous au support.',
};

/** What the link of a text opens. */
const BEHIND_A_LINK = /^\/s(\/|$)/;

/** Every error of a page, in French: what happened and what to do. */
@Injectable()
export class FrenchRefusalPage extends RefusalPage {
  render(refusal: Refusal): string {
    return renderPage(
      BEHIND_A_LINK.test(refusal.path) ? <RefusedLink {...refusal} /> : <ErrorPage {...refusal} />,
    );
  }
}

export function ErrorPage({ status, code, requestId, retryAfterSeconds }: Refusal) {
  const { title, sentence } = wordsOf(status, code);
  return (
    <Document title={title} bodyClass="person-page">
      <main id="contenu">
        <div class="card stack">
          <h1>{title}</h1>
          <p>{sentence}</p>
          <Wait seconds={retryAfterSeconds} />
          <p>
            <a href="/">Revenir à l’accueil</a>
          </p>
          {requestId !== '' && <p class="small muted">Numéro de la demande&nbsp;: {requestId}</p>}
        </div>
      </main>
      <Footer />
    </Document>
  );
}

/** Behind the link of a text: whoever holds the telephone reads no word of justice, and no link leads to one. */
function RefusedLink({ status, retryAfterSeconds }: Refusal) {
  const isCut = status === 400 || status === 404;
  return (
    <LinkPage discreet>
      <div class="card stack">
        <h1>Cette page n’a pas pu s’ouvrir</h1>
        <p>
          Rien n’a été changé.{' '}
          {isCut
            ? 'Le lien est peut-être incomplet\u00a0: ouvrez-le de nouveau, entier, depuis votre message.'
            : 'Attendez un moment, puis ouvrez de nouveau le lien de votre message.'}
        </p>
        <Wait seconds={retryAfterSeconds} />
      </div>
    </LinkPage>
  );
}

function Wait({ seconds }: { readonly seconds: number | undefined }) {
  if (seconds === undefined) return null;
  return (
    <p>
      Réessayez dans <strong>{seconds}&nbsp;s</strong>.
    </p>
  );
}

function wordsOf(status: number, code: string): Words {
  const known = BY_CODE[code] ?? BY_STATUS[status];
  if (known !== undefined) return known;
  return status >= 500 ? FAULT : { title: 'Demande refusée', sentence: sentenceOfCode(code) };
}
