import { DoorForm } from '../../ui/door-form.js';
import { DoorPage } from '../../ui/door-page.js';
import { Field, FormTokens, type Problems } from '../../ui/forms.js';

export interface SecondFactorView {
  readonly csrfToken: string;
  readonly agentName: string;
  readonly returnTo: string;
  readonly problems: Problems;
  /** False: the role needs an authenticator and there is none yet. */
  readonly isEnrolled: boolean;
}

/** Between the password and the rooms. */
export function SecondFactorPage(view: SecondFactorView) {
  const { csrfToken, agentName, isEnrolled } = view;
  return (
    <DoorPage
      title="Seconde vérification"
      heading={isEnrolled ? 'Seconde vérification' : 'Protégez votre compte'}
      lead={agentName}
      after={
        <form class="sign-out" method="post" action="/sign-out">
          <FormTokens csrfToken={csrfToken} />
          <button class="link">Se déconnecter</button>
        </form>
      }
    >
      {isEnrolled ? <CodeForm {...view} /> : <EnrolFirst />}
    </DoorPage>
  );
}

function CodeForm({ csrfToken, returnTo, problems }: SecondFactorView) {
  return (
    <>
      <DoorForm action="/sign-in/second-factor" problems={problems} button="Valider">
        <FormTokens csrfToken={csrfToken} />
        <input type="hidden" name="returnTo" value={returnTo} />
        <Field
          name="code"
          label="Code à 6 chiffres"
          hint="Celui de votre application d’authentification, ou un code de secours."
          problems={problems}
          attributes={{
            autocomplete: 'one-time-code',
            required: true,
            maxLength: 30,
            autofocus: true,
            spellcheck: false,
          }}
        />
      </DoorForm>
      <p class="hint">
        Téléphone perdu et plus de code de secours&nbsp;? Demandez à un administrateur de réinitialiser votre
        seconde vérification.
      </p>
    </>
  );
}

function EnrolFirst() {
  return (
    <div class="stack">
      <p>
        Votre rôle d’administrateur demande une seconde vérification&nbsp;: en plus du mot de passe, un code à
        6&nbsp;chiffres donné par une application de votre téléphone ou de votre ordinateur.
      </p>
      <p>Deux minutes suffisent. Vous n’aurez à le faire qu’une fois.</p>
      <p>
        <a class="button" href="/account/security/authenticator">
          Configurer mon application
        </a>
      </p>
    </div>
  );
}
