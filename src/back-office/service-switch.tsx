import type { ComponentChildren } from 'preact';
import { type Option, SelectField } from '../ui/select-field.js';

/** Stands for no service, in an address or a form: what holds where a service says nothing of its own. */
export const NATIONAL = 'national';

export interface ServiceSwitchProps {
  /** The page itself. */
  readonly action: string;
  readonly options: readonly Option[];
  readonly chosen: string;
  /** Hidden fields that keep the rest of the address. */
  readonly children?: ComponentChildren;
}

/** Which service a page is about, for somebody who keeps several. */
export function ServiceSwitch({ action, options, chosen, children }: ServiceSwitchProps) {
  return (
    <form class="form" method="get" action={action} aria-label="Service">
      {children}
      <SelectField name="organization" label="Service" options={options} value={chosen} />
      <div class="actions">
        <button class="secondary">Voir ce service</button>
      </div>
    </form>
  );
}
