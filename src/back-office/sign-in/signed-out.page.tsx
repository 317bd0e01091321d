import { Document, Footer } from '../../ui/document.js';

export interface SignedOutView {
  /** Name of the OpenID provider. */
  readonly provider: string;
  /** Where its session ends. */
  readonly url: string;
}

/** The session here has ended; the browser goes on to end the provider's. */
export function SignedOutPage({ provider, url }: SignedOutView) {
  return (
    <Document title="Déconnexion – Mon Suivi Justice" bodyClass="person-page" goesOnTo={url}>
      <main id="contenu">
        <h1>Vous êtes déconnecté</h1>
        <p>
          Il reste à fermer votre session {provider}. Si rien ne se passe&nbsp;:{' '}
          <a href={url}>fermer ma session {provider}</a>.
        </p>
      </main>
      <Footer />
    </Document>
  );
}
