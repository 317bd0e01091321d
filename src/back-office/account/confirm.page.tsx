import { Injectable } from '@nestjs/common';
import { Env } from '../../../config/env.js';
import { type HeldForm, PROOF_FIELD, ProofPage } from '../../access/fresh-sign-in.js';
import { DoorForm } from '../../ui/door-form.js';
import { DoorPage } from '../../ui/door-page.js';
import { Field, type Problems } from '../../ui/forms.js';
import { renderPage } from '../../ui/render-page.js';

export const WRONG_PROOF = 'Ce n’est ni votre mot de passe, ni un code valable.';

const LEAD =
  'La page demandée touche à des données sensibles ou à des droits. Après 15\u00a0minutes, elle demande que vous confirmiez que c’est bien vous.';

export interface ConfirmView {
  /** Where the form goes: its own page, or the one that was held back. */
  readonly action: string;
  /** Sent along unseen; several values under one name stay several. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly proofField: string;
  readonly problems: Problems;
  /** Name of the OpenID provider, when agents sign in with one. */
  readonly provider: string | null;
  /** Page to come back to from the provider. */
  readonly returnTo: string;
}

/** Asks once more who it is, before what cannot be undone or leaves the service. */
export function ConfirmPage({ action, fields, proofField, problems, provider, returnTo }: ConfirmView) {
  return (
    <DoorPage title="Confirmez votre identité" heading="Confirmez votre identité" lead={LEAD}>
      <DoorForm action={action} problems={problems} button="Confirmer" giveUp="/">
        {Object.entries(fields).map(([name, value]) => (
          <Hidden key={name} name={name} value={value} />
        ))}
        <Field
          name={proofField}
          label="Mot de passe, ou code de votre application"
          problems={problems}
          attributes={{
            type: 'password',
            autocomplete: 'current-password',
            required: true,
            maxLength: 200,
            autofocus: true,
          }}
        />
      </DoorForm>
      {provider !== null && (
        <p>
          <a href={`/sign-in/oidc?fresh=true&returnTo=${encodeURIComponent(returnTo)}`}>
            Confirmer avec {provider}
          </a>
        </p>
      )}
    </DoorPage>
  );
}

function Hidden({ name, value }: { readonly name: string; readonly value: unknown }) {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return (
    <>
      {values.map((one, at) => (
        <input key={at} type="hidden" name={name} value={typeof one === 'string' ? one : ''} />
      ))}
    </>
  );
}

/** A form that was held back, shown again whole, with one more field. */
@Injectable()
export class FrenchProofPage extends ProofPage {
  constructor(private readonly env: Env) {
    super();
  }

  render({ action, fields, proofWasWrong }: HeldForm): string {
    const problems = proofWasWrong ? [{ field: PROOF_FIELD, sentence: WRONG_PROOF }] : [];
    const provider = this.env.OIDC_ISSUER === undefined ? null : this.env.OIDC_NAME;
    const view = { action, fields, proofField: PROOF_FIELD, problems, provider, returnTo: '/' };
    return renderPage(<ConfirmPage {...view} />);
  }
}
