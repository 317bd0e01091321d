import { MESSAGE_LANGUAGES } from '../../shared/message-languages.js';
import { REGISTER_NAMES, type SheetKey } from './text-address.js';

export interface TextTabsProps {
  readonly shown: SheetKey;
  /** Where a tab leads: the same page in another register or language. */
  readonly hrefOf: (change: Partial<SheetKey>) => string;
}

export function TextTabs({ shown, hrefOf }: TextTabsProps) {
  return (
    <div>
      <nav class="filters" aria-label="Registre">
        {(['standard', 'discreet'] as const).map((register) => (
          <a
            key={register}
            href={hrefOf({ register })}
            aria-current={register === shown.register ? 'page' : undefined}
          >
            {REGISTER_NAMES[register]}
          </a>
        ))}
      </nav>
      <nav class="filters" aria-label="Langue">
        {MESSAGE_LANGUAGES.map(({ code, name }) => (
          <a
            key={code}
            href={hrefOf({ language: code })}
            aria-current={code === shown.language ? 'page' : undefined}
          >
            {name}
          </a>
        ))}
      </nav>
    </div>
  );
}
