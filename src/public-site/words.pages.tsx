import type { ComponentChildren } from 'preact';
import { Document, Footer, SkipLink } from '../ui/document.js';

function WordsPage({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <Document title={title}>
      <SkipLink />
      <main id="contenu" tabIndex={-1}>
        <div class="prose">
          <h1>{title}</h1>
          {children}
        </div>
      </main>
      <Footer />
    </Document>
  );
}

export function AccessibilityPage() {
  return (
    <WordsPage title="Accessibilité">
      <p>
        Ce site vise la conformité au référentiel général d’amélioration de l’accessibilité (RGAA). Il n’a pas
        encore été audité par un tiers&nbsp;: son état déclaré est <strong>non conforme</strong> tant que cet
        audit n’existe pas.
      </p>
      <h2>Ce qui est vérifié à chaque version</h2>
      <ul class="bullets">
        <li>
          toutes les pages fonctionnent sans JavaScript, au clavier, et à 320&nbsp;pixels de large&nbsp;;
        </li>
        <li>un contrôle automatique (axe) ne relève aucun défaut sur les pages principales&nbsp;;</li>
        <li>chaque état a un mot et une forme, jamais une couleur seule.</li>
      </ul>
      <h2>Signaler un défaut</h2>
      <p>
        Dites-le à votre service, qui le transmet à l’équipe. Sans réponse, vous pouvez saisir le Défenseur
        des droits.
      </p>
    </WordsPage>
  );
}

export function PrivacyPage() {
  return (
    <WordsPage title="Vie privée">
      <p>
        Ce service convoque des personnes suivies par un service pénitentiaire d’insertion et de probation ou
        par un tribunal, et leur rappelle leurs rendez-vous par SMS ou par e-mail.
      </p>
      <h2>Ce qui est enregistré</h2>
      <ul class="bullets">
        <li>
          nom, prénom, date de naissance, téléphone, e-mail et numéro de dossier, s’ils sont donnés&nbsp;;
        </li>
        <li>les rendez-vous, leur issue, les messages envoyés et ce que l’opérateur en dit&nbsp;;</li>
        <li>ce qui est répondu par SMS, ou par le lien d’un message&nbsp;;</li>
        <li>qui, parmi les agents, a fait quoi et quand.</li>
      </ul>
      <h2>Qui le voit</h2>
      <p>
        Les agents des services qui suivent la personne. L’opérateur de SMS reçoit le numéro et le texte, rien
        d’autre.
      </p>
      <h2>Vos droits</h2>
      <p>
        Vous pouvez demander à voir ou à corriger ces données auprès du service qui vous suit, et arrêter les
        SMS par le lien du premier message d’un rendez-vous, ou en le lui demandant. Les rendez-vous restent
        obligatoires.
      </p>
      <h2>Cookies</h2>
      <p>
        Les pages qu’ouvre le lien d’un message n’en déposent aucun. Pour les agents, trois cookies
        nécessaires&nbsp;: la session, le formulaire de connexion, et pendant 180&nbsp;jours un repère du
        navigateur déjà utilisé, qui protège des essais de mots de passe&nbsp;; par ProConnect, un quatrième
        le temps de la connexion. Aucune mesure d’audience, aucun tiers.
      </p>
    </WordsPage>
  );
}
