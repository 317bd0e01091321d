import { DoorForm } from '../../ui/door-form.js';
import { DoorPage } from '../../ui/door-page.js';
import type { Problems } from '../../ui/forms.js';
import { Note } from '../../ui/state.js';
import { AddressField } from './address-field.js';

export interface ForgottenView {
  readonly csrfToken: string;
  readonly mailIsOn: boolean;
  readonly problems: Problems;
  /** It was just asked, for an account that exists or not. */
  readonly isAsked: boolean;
}

/** Asks for a letter; without mail, says who helps. */
export function ForgottenPage(view: ForgottenView) {
  return (
    <DoorPage
      title="Mot de passe oublié"
      heading="Mot de passe oublié"
      after={
        <p>
          <a href="/sign-in">Revenir à la connexion</a>
        </p>
      }
    >
      {view.mailIsOn ? view.isAsked ? <Asked /> : <AskForm {...view} /> : <AskAnAdministrator />}
    </DoorPage>
  );
}

function AskForm({ csrfToken, problems }: ForgottenView) {
  return (
    <DoorForm action="/sign-in/forgotten" problems={problems} button="Recevoir un lien">
      <input type="hidden" name="_csrf" value={csrfToken} />
      <AddressField
        hint="Nous y envoyons un lien pour choisir un nouveau mot de passe."
        problems={problems}
        autofocus
      />
    </DoorForm>
  );
}

function Asked() {
  return (
    <Note shape="ok" status>
      <p>
        Si un compte existe à cette adresse, un message y arrive dans quelques minutes. Son lien sert une
        fois, pendant 30&nbsp;minutes.
      </p>
      <p>Rien reçu&nbsp;? Regardez les indésirables, puis demandez à l’administrateur de votre service.</p>
    </Note>
  );
}

function AskAnAdministrator() {
  return (
    <p>
      Ce service n’envoie pas d’e-mail. Demandez un nouveau lien à l’administrateur de votre service&nbsp;: il
      le fait depuis la page de votre compte.
    </p>
  );
}
