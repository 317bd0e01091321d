import { NBSP } from './typography.js';

export interface DefinitionItem {
  readonly code: string;
  readonly name: string;
  readonly formula: string;
  readonly sentence: string;
}

/** What each figure means, in the same words wherever it is shown. */
export function DefinitionList({ definitions }: { readonly definitions: readonly DefinitionItem[] }) {
  return (
    <dl class="definitions">
      {definitions.map(({ code, name, formula, sentence }) => (
        <div key={code} id={code}>
          <dt>{spaced(name)}</dt>
          <dd>
            <p class="formula muted">{spaced(formula)}</p>
            <p>{spaced(sentence)}</p>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** French punctuation keeps to its word. */
function spaced(text: string): string {
  return text.replace(/ (?=[:;?!»%÷])/g, NBSP).replace(/« /g, `«${NBSP}`);
}
