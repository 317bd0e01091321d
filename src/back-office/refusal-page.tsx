import { Injectable } from '@nestjs/common';
import { type Refusal, RefusalPage } from '../platform/refusal-page.js';
import { Document, Footer } from '../ui/document.js';
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

const FAULT: Words = {
  title: 'Une erreur est survenue',
  sentence:
    'La faute est de notre côté\u00a0: rien n’a été enregistré. Réessayez\u00a0; si cela continue, donnez le numéro ci-dessous au support.',
};

/** Every error of a page, in French: what happened and what to do. */
@Injectable()
export class FrenchRefusalPage extends RefusalPage {
  render(refusal: Refusal): string {
    return renderPage(<ErrorPage {...refusal} />);
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
          {retryAfterSeconds !== undefined && (
            <p>
              Réessayez dans <strong>{retryAfterSeconds}&nbsp;s</strong>.
            </p>
          )}
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

function wordsOf(status: number, code: string): Words {
  const known = BY_STATUS[status];
  if (known !== undefined) return known;
  return status >= 500 ? FAULT : { title: 'Demande refusée', sentence: sentenceOfCode(code) };
}
