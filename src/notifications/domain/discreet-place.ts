import type { LanguageCode } from '../../shared/message-languages.js';
import { penalWords } from './penal-words.js';
import { TemplateUnrenderable } from './render.js';
import { type RenderSource, variablesIn } from './template-variables.js';

/** A discreet text would name justice: it does not leave, and an agent is told. */
export class NotDiscreet extends TemplateUnrenderable {
  override readonly reason = 'not-discreet';

  /** @param word that gives it away */
  constructor(readonly word: string) {
    super('a discreet text names justice');
  }
}

type Place = RenderSource['place'];

/**
 * What a discreet text says of a place: nothing that names justice. A name that does gives way to the address; of an
 * address, the names of buildings go and the street stays; an e-mail address or a web page that does is left out.
 * @throws NotDiscreet when the text says where to come and no street is left to say
 */
export function discreetPlace(
  template: string,
  { place, language, showsAddress }: Pick<RenderSource, 'place' | 'language' | 'showsAddress'>,
): Place {
  const shown = <T extends string | null>(value: T) =>
    value !== null && wordIn(value, language) !== null ? null : value;
  const says = variablesIn(template);
  const name = shown(place.name);
  const needsAddress =
    showsAddress && (says.includes('lieu.adresse') || (name === null && says.includes('lieu.nom')));
  const address = needsAddress ? streetOf(place.address, language) : '';
  return {
    ...place,
    name: name ?? (says.includes('lieu.adresse') ? '' : address),
    address,
    email: shown(place.email),
    informationUrl: shown(place.informationUrl),
  };
}

/**
 * For the words of a template itself: it was checked when it was saved, by the words known then.
 * @throws NotDiscreet
 */
export function refuseJustice(template: string, language: LanguageCode): void {
  const word = wordIn(template.replace(/\{[^{}]*\}/g, ' '), language);
  if (word !== null) throw new NotDiscreet(word);
}

/** « 92000 Nanterre » alone: nobody finds the way. */
const ONLY_A_TOWN = /^\d{5}\b/;

function streetOf(address: string, language: LanguageCode): string {
  const word = wordIn(address, language);
  if (word === null) return address;
  const parts = address.split(/[,\n]/).map((part) => part.trim());
  const street = parts.filter((part) => wordIn(part, language) === null).join(', ');
  const hasLostNumber = parts.some((part) => /\d/.test(part) && wordIn(part, language) !== null);
  if (hasLostNumber || !/\d/.test(street) || ONLY_A_TOWN.test(street) || wordIn(street, language) !== null)
    throw new NotDiscreet(word);
  return street;
}

/** Places and templates are few and asked about at every message, and the search takes milliseconds. */
const KNOWN = new Map<string, string | null>();
const MOST_KNOWN = 1_000;

function wordIn(text: string, language: LanguageCode): string | null {
  const key = `${language} ${text}`;
  const known = KNOWN.get(key);
  if (known !== undefined) return known;
  if (KNOWN.size >= MOST_KNOWN) KNOWN.clear();
  const [span] = penalWords(text, language);
  const word = span === undefined ? null : text.slice(span.start, span.end);
  KNOWN.set(key, word);
  return word;
}
