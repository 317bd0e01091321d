import { FormTokens } from '../ui/forms.js';
import { spacedPhone } from '../ui/typography.js';

/** What of a person can be shown, one at a time: each look is in the journal. */
export const CONTACTS = ['phone', 'email'] as const;
export type ContactName = (typeof CONTACTS)[number];

const OF = { phone: 'du numéro', email: 'de l’adresse e-mail' } as const;
const THE = { phone: 'le numéro', email: 'l’adresse e-mail' } as const;

interface MaskedProps {
  readonly what: ContactName;
  readonly masked: string;
  readonly personId: string;
  readonly personName: string;
  readonly csrfToken: string;
}

/**
 * A number or an address with its middle hidden, and the button that shows it: on the card of the person, or in its
 * place where a page is live.
 */
export function MaskedContact({ what, masked, personId, personName, csrfToken }: MaskedProps) {
  const action = `/persons/${personId}/contact`;
  const inPlace = {
    'hx-post': action,
    'hx-select': '.contact-shown',
    'hx-target': 'this',
    'hx-swap': 'outerHTML',
  };
  return (
    <form class="reveal" method="post" action={`${action}#reach`} {...inPlace}>
      <FormTokens csrfToken={csrfToken} />
      <input type="hidden" name="what" value={what} />
      <span class="nowrap">{masked}</span>{' '}
      <button class="link small" aria-label={`Afficher ${THE[what]} de ${personName}`}>
        Afficher
      </button>
    </form>
  );
}

/** The whole of it, once, with what it serves for. */
export function ShownContact(props: {
  readonly what: ContactName;
  readonly value: string;
  /** A text can be written to it. */
  readonly mobile: boolean;
}) {
  const { what, value, mobile } = props;
  return (
    <span class="contact-shown" role="status">
      <span class="visually-hidden">Affichage {OF[what]}, noté au journal&nbsp;: </span>
      <strong class="nowrap">{what === 'phone' ? spacedPhone(value) : value}</strong>{' '}
      {what === 'phone' ? (
        <>
          <a href={`tel:${value}`}>Appeler</a>
          {mobile && (
            <>
              {' '}
              <a href={`sms:${value}`}>Écrire un SMS</a>
            </>
          )}
        </>
      ) : (
        <a href={`mailto:${value}`}>Écrire</a>
      )}
    </span>
  );
}
