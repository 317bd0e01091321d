import type { LanguageCode } from '../../shared/message-languages.js';
import { measureWords, penalWords } from './penal-words.js';
import { numbers, persons } from './personal-data.js';
import { relativeWords } from './relative-words.js';
import { type Finding, finding, matches, PLACEHOLDER, proseOf } from './template-finding.js';
import { braces, links, variables, whenSaid } from './template-placeholders.js';
import { type TemplateVariable, variableNamed } from './template-variables.js';
import { isBlank } from './visible-text.js';

/** A text, and what decides how it is judged. */
export interface LintedTemplate {
  readonly text: string;
  readonly kind: string;
  readonly register: 'standard' | 'discreet';
  readonly language: LanguageCode;
}

/** Everything that can be said of a text without looking at any data. In the order of the text. */
export function lintTemplate(template: LintedTemplate): readonly Finding[] {
  const { text } = template;
  const prose = proseOf(text);
  const findings = [
    ...emptiness(text),
    ...variables(text),
    ...braces(text),
    ...unreadable(text),
    ...words(prose, template),
    ...persons(prose),
    ...numbers(prose),
    ...relativeWords(prose, template.language),
    ...links(text),
    ...whenSaid(text, template.kind),
  ];
  return findings.sort((one, other) => one.start - other.start);
}

function emptiness(text: string): readonly Finding[] {
  return isBlank(text) ? [finding('empty', { start: 0, end: text.length })] : [];
}

/** Control characters, halves of one, private ones, and those that turn the order of what follows around. */
function unreadable(text: string): readonly Finding[] {
  return matches(text, /[^\P{Cc}\n\r\t]|\p{Cs}|\p{Co}|[\u202a-\u202e]/gu).map((span) =>
    finding('unreadable', span, ''),
  );
}

function words(prose: string, { text, register, language }: LintedTemplate): readonly Finding[] {
  if (register === 'standard') return measureWords(prose).map((span) => finding('measure-word', span));
  const revealing: readonly (readonly [TemplateVariable, string])[] = [
    ['lieu.nom', '{lieu.adresse}'],
    ['lieu.contact', '{lieu.téléphone}'],
    ['lieu.lien_info', ''],
  ];
  return [
    ...penalWords(prose, language).map((span) => finding('penal-word', span)),
    ...matches(text, PLACEHOLDER).flatMap((span) => {
      const known = revealing.find(([name]) => name === variableNamed(span.found.slice(1, -1)));
      return known === undefined ? [] : [finding('revealing-variable', span, known[1])];
    }),
  ];
}
