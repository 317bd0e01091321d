import type { ButtonHTMLAttributes } from 'preact';

/** Value of `act` with which a form comes back as it was typed, and nothing is done. */
export const AGAIN = 'again';

/**
 * What the Enter key of a field presses. A browser takes the first button of the form: where that one would decide
 * something, this one stands before it, out of sight. Without words on it, Enter does nothing in a field of text; from
 * a box or a list some browsers pass it over, so a form that has these needs words, and something harmless to do.
 */
export function DefaultButton({ children, ...action }: ButtonHTMLAttributes) {
  return (
    <button
      class="visually-hidden"
      {...action}
      disabled={children === undefined}
      tabIndex={-1}
      aria-hidden="true"
    >
      {children}
    </button>
  );
}

/** In a form that has boxes or lists, and decides something: Enter shows it again, as typed. */
export function SameAgain() {
  return (
    <DefaultButton name="act" value={AGAIN}>
      Revoir le formulaire
    </DefaultButton>
  );
}
