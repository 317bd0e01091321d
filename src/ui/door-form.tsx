import type { ComponentChildren } from 'preact';
import { ErrorSummary, type Problems } from './forms.js';

export interface DoorFormProps {
  /** Where it goes. */
  readonly action: string;
  readonly problems: Problems;
  /** Stands between what is wrong and the fields. */
  readonly before?: ComponentChildren;
  /** Tokens and fields. */
  readonly children: ComponentChildren;
  /** On its only button. */
  readonly button: string;
  /** Where a click on « Renoncer » goes; nothing is given up when absent. */
  readonly giveUp?: string;
}

/** The one thing to do on a `DoorPage`: what is wrong, the fields, one button. */
export function DoorForm({ action, problems, before, children, button, giveUp }: DoorFormProps) {
  return (
    <>
      <ErrorSummary problems={problems} />
      {before}
      <form class="form" method="post" action={action}>
        {children}
        <div class="actions">
          <button>{button}</button>
          {giveUp !== undefined && <a href={giveUp}>Renoncer</a>}
        </div>
      </form>
    </>
  );
}
