import { type MessageVariables, plainSpaces, variableNamed } from './template-variables.js';
import { isBlank } from './visible-text.js';

/** The text cannot be sent as it is written; the message fails, the others go on. */
export class TemplateUnrenderable extends Error {
  /** Kept with the message that fails. */
  readonly reason: 'template-unrenderable' | 'not-discreet' = 'template-unrenderable';
}

const PLACEHOLDER = /\{([^{}]*)\}/g;
/** Ends of a sentence: a mark before a space or the end, or a new line. */
const SENTENCE_END = /[.!?؟]+(?=\s|$)|\n/gu;

/** From left to right on a line of its own. */
const ISOLATED_LINE = /^\u2066([^\u2066\u2069\n]*)\u2069$/gm;

interface Piece {
  readonly text: string;
  /** Null: written by hand. */
  readonly value: string | null;
}

/**
 * Puts the values in place of `{rdv.date}` and the others, and nothing else: `%`, `$&` or a brace in a value stay
 * as they are. A variable without a value (no telephone, no address for a home visit) disappears with the words that
 * lead to it: back to the comma, to the variable before it, or to the beginning of its sentence (always so when a
 * colon announces it).
 * @throws TemplateUnrenderable on an unknown variable, a brace left alone or an empty result
 */
export function renderTemplate(template: string, variables: MessageVariables): string {
  const pieces = piecesOf(template, variables);
  const said = sentencesOf(pieces).map(sentence).join('');
  const text = plainSpaces(isBlank(said) ? asWritten(pieces) : said).replace(ISOLATED_LINE, directed);
  if (isBlank(text)) throw new TemplateUnrenderable('the text is empty');
  return text;
}

function piecesOf(template: string, variables: MessageVariables): readonly Piece[] {
  if (/[{}]/.test(template.replace(PLACEHOLDER, ''))) throw new TemplateUnrenderable('a brace stands alone');
  // Splitting on a pattern with one group gives text and names by turns.
  return template.split(PLACEHOLDER).map((text, at) => {
    if (at % 2 === 0) return { text, value: null };
    const variable = variableNamed(text);
    if (variable === undefined) throw new TemplateUnrenderable('unknown variable');
    return { text: '', value: variables[variable] };
  });
}

/** A line takes its direction from its first letter: two dear signs less. */
function directed(line: string, value: string): string {
  return /\p{L}/u.test(value) ? value : line;
}

/** The pieces, cut where a sentence written by hand ends; the mark stays with its sentence. */
function sentencesOf(pieces: readonly Piece[]): readonly (readonly Piece[])[] {
  const sentences: Piece[][] = [[]];
  for (const piece of pieces) {
    const ends = piece.value === null ? [...piece.text.matchAll(SENTENCE_END)] : [];
    let from = 0;
    for (const end of ends) {
      const to = end.index + end[0].length;
      sentences.at(-1)?.push({ text: piece.text.slice(from, to), value: null });
      sentences.push([]);
      from = to;
    }
    sentences.at(-1)?.push(from === 0 ? piece : { text: piece.text.slice(from), value: null });
  }
  return sentences;
}

const LAST_COMMA = /\s*[,،;][^,،;]*$/u;
const LABEL = /:\s*$/u;
const WORD = /[\p{L}\p{N}]/u;
const CLOSING = /^\s*[,،;.!?؟\n]|^\s*$/u;

function sentence(pieces: readonly Piece[]): string {
  if (!pieces.some(({ value }) => value === '')) return asWritten(pieces);
  const says = pieces.some(({ value }) => value !== null && value !== '');
  const kept = pieces.map(({ text, value }) => ({ text: value ?? text, byHand: value === null }));
  for (const [at, { value }] of pieces.entries()) {
    if (value !== '') continue;
    const [before, after] = [kept[at - 1], kept[at + 1]];
    if (before?.byHand === true && CLOSING.test(after?.text ?? '')) before.text = withoutLead(before.text);
    else if (!says) return '';
  }
  const text = kept.map((piece) => piece.text).join('');
  return WORD.test(text) ? text : '';
}

function asWritten(pieces: readonly Piece[]): string {
  return pieces.map(({ text, value }) => value ?? text).join('');
}

/** « , au » goes, and what stands before the comma stays; « Pour toute question, appelez : » goes whole. */
function withoutLead(text: string): string {
  return LAST_COMMA.test(text) && !LABEL.test(text) ? text.replace(LAST_COMMA, '') : '';
}

/** The text, ready for another sentence. */
export function closed(text: string): string {
  const open = /[^\s.!?؟]$/u.test(text) && !/(:\/\/|@)\S*$/u.test(text);
  return open ? `${text}.` : text;
}
