import { DoorForm } from '../../ui/door-form.js';
import { DoorPage } from '../../ui/door-page.js';
import { Field, FormTokens, type Problems } from '../../ui/forms.js';
import { Done } from '../../ui/state.js';

export interface AuthenticatorView {
  readonly csrfToken: string;
  readonly problems: Problems;
  /** Base 32, 32 letters. */
  readonly secret: string;
  /** The same as a QR code, address of a picture. */
  readonly picture: string;
  /** An authenticator is in force and will be replaced. */
  readonly replaces: boolean;
}

/** Three steps on one page: open, scan or type, give the code. */
export function AuthenticatorPage({ csrfToken, problems, secret, picture, replaces }: AuthenticatorView) {
  return (
    <DoorPage
      title="Configurer l’application"
      heading={replaces ? 'Changer d’application' : 'Configurer l’application'}
      lead={replaces ? 'L’ancienne cessera de servir dès que la nouvelle sera confirmée.' : null}
    >
      <DoorForm
        action="/account/security/authenticator"
        problems={problems}
        before={<Steps secret={secret} picture={picture} />}
        button="Confirmer"
        giveUp="/account/security"
      >
        <FormTokens csrfToken={csrfToken} />
        <Field
          name="code"
          label="Code à 6 chiffres"
          problems={problems}
          attributes={{
            autocomplete: 'one-time-code',
            inputMode: 'numeric',
            required: true,
            maxLength: 10,
          }}
        />
      </DoorForm>
    </DoorPage>
  );
}

function Steps({ secret, picture }: Pick<AuthenticatorView, 'secret' | 'picture'>) {
  return (
    <ol class="steps">
      <li>
        Ouvrez une application d’authentification (FreeOTP, Aegis, Microsoft ou Google Authenticator&nbsp;:
        toutes conviennent) et ajoutez un compte.
      </li>
      <li>
        Scannez ce dessin&nbsp;:
        <img class="qr" src={picture} width={220} height={220} alt="QR code à scanner" />
        <details>
          <summary>Je ne peux pas le scanner</summary>
          <p>Tapez cette clé dans l’application&nbsp;:</p>
          <p class="secret">
            <code>{inGroups(secret)}</code>
          </p>
        </details>
      </li>
      <li>Tapez le code à 6&nbsp;chiffres qu’elle affiche.</li>
    </ol>
  );
}

export interface RecoveryCodesView {
  readonly codes: readonly string[];
  /** An authenticator was just confirmed; else only the codes are new. */
  readonly isNew: boolean;
}

/** Shown once: to be printed or copied. */
export function RecoveryCodesPage({ codes, isNew }: RecoveryCodesView) {
  return (
    <DoorPage title="Codes de secours" heading="Codes de secours">
      <div class="stack">
        {isNew && <Done sentence="La seconde vérification est en service." />}
        <p>
          Si votre téléphone est perdu, un de ces codes le remplace. Chacun sert une fois.{' '}
          <strong>Ils ne seront plus affichés</strong>&nbsp;: imprimez-les ou recopiez-les, loin de votre mot
          de passe.
        </p>
        <ol class="recovery-codes">
          {codes.map((code) => (
            <li key={code}>
              <code>{code}</code>
            </li>
          ))}
        </ol>
        {!isNew && <p class="muted">Les codes d’avant ne servent plus.</p>}
        <p class="actions">
          <a class="button" href={isNew ? '/' : '/account/security'}>
            Je les ai gardés, continuer
          </a>
        </p>
      </div>
    </DoorPage>
  );
}

function inGroups(secret: string): string {
  return (secret.match(/.{1,4}/g) ?? []).join(' ');
}
