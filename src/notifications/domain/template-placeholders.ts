import { nearestVariable } from './nearest-variable.js';
import { type Finding, finding, matches, PLACEHOLDER, proseOf } from './template-finding.js';
import { LINK_VARIABLES, type TemplateVariable, variableNamed } from './template-variables.js';

/** Variables that do not exist, each with the one that was probably meant. */
export function variables(text: string): readonly Finding[] {
  return matches(text, PLACEHOLDER).flatMap((span) => {
    const name = span.found.slice(1, -1);
    if (variableNamed(name) !== undefined) return [];
    const nearest = nearestVariable(name);
    return [finding('unknown-variable', span, nearest === undefined ? null : `{${nearest}}`)];
  });
}

/** Braces that open or close nothing. */
export function braces(text: string): readonly Finding[] {
  return matches(proseOf(text), /[{}]/g).map((span) => finding('brace-alone', span, ''));
}

/** Some telephones take the mark into the address. */
export function links(text: string): readonly Finding[] {
  const afterVariable = matches(text, /\{([^{}]*)\}[.!?,;:)]/g).filter(({ found }) =>
    LINK_VARIABLES.some((link) => link === variableNamed(found.slice(1, -2))),
  );
  const afterAddress = matches(text, /(?:https?:\/\/|www\.)[^\s{}]*[.!?,;:)](?=\s|$)/g);
  return [...afterVariable, ...afterAddress].map(({ end }) =>
    finding('mark-after-link', { start: end - 1, end }, ' '),
  );
}

const SAYS_WHEN: readonly TemplateVariable[] = ['rdv.quand', 'rdv.date', 'rdv.jour'];

/** A text that does not say when: said, not refused. */
export function whenSaid(text: string, kind: string): readonly Finding[] {
  const needed = kind !== 'cancellation' && kind !== 'after-absence';
  const named = matches(text, PLACEHOLDER).map(({ found }) => variableNamed(found.slice(1, -1)));
  const says = SAYS_WHEN.some((name) => named.includes(name));
  return needed && !says
    ? [finding('says-not-when', { start: text.length, end: text.length }, null, false)]
    : [];
}
