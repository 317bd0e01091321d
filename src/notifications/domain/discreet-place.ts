import type { LanguageCode } from '../../shared/message-languages.js';
import { penalWords, penalWordsOfPlace, type Span } from './penal-words.js';
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
    value !== null && wordOfPlace(value, language) !== null ? null : value;
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
/** Figures that are no number of a house: a postcode, « Cedex 2 ». */
const NO_HOUSE = /\b\d{5}\b|\bcedex \d+/giu;
/** « SPIP 92 » is a department where the street has a number of its own; « TJ 12, rue … » may be a house. */
const DEPARTMENT = /^\p{L}{2,5} (?:\d{2,3}|2[ab])$/iu;
/** « 3 bis rue … », never « 3e étage ». */
const HOUSE = /^\d{1,4}(?: ?(?:bis|ter|quater|[a-d])| ?[-/] ?\d{1,4})?(?= \p{L})/iu;
/** « 12, rue … »: the number belongs to what follows. */
const HOUSE_ALONE = /^\d{1,4}(?: ?(?:bis|ter|quater|[a-d])| ?[-/] ?\d{1,4})?$/iu;

function streetOf(address: string, language: LanguageCode): string {
  const word = wordOfPlace(address, language);
  if (word === null) return address;
  const parts = partsOf(address);
  const isShown = (part: string) => wordOfPlace(part, language) === null;
  const shown = parts.filter(isShown);
  const street = shown.join(', ');
  const hasHouse = shown.some((part) => HOUSE.test(part));
  const hasLostNumber = parts.some(
    (part) => !isShown(part) && /\d/.test(part.replace(NO_HOUSE, '')) && !(hasHouse && DEPARTMENT.test(part)),
  );
  if (hasLostNumber || !/\d/.test(street) || ONLY_A_TOWN.test(street) || !isShown(street))
    throw new NotDiscreet(word);
  return street;
}

/** What commas and ends of line part; a number alone goes with the words after it. */
function partsOf(address: string): readonly string[] {
  const parts = address.split(/[,\n]/).map((part) => part.trim());
  const isHouseOf = (number = '', words = '') => HOUSE_ALONE.test(number) && /^\p{L}/u.test(words);
  return parts
    .map((part, at) => (isHouseOf(parts[at - 1], part) ? `${parts[at - 1]} ${part}` : part))
    .filter((part, at) => !isHouseOf(part, parts[at + 1]));
}

/** Places and templates are few and asked about at every message, and the search takes milliseconds. */
const KNOWN = new Map<string, string | null>();
const MOST_KNOWN = 1_000;

function wordIn(text: string, language: LanguageCode): string | null {
  return remembered(`text ${language} ${text}`, () => firstOf(text, penalWords(text, language)));
}

function wordOfPlace(text: string, language: LanguageCode): string | null {
  return remembered(`place ${language} ${text}`, () => firstOf(text, penalWordsOfPlace(text, language)));
}

function firstOf(text: string, [span]: readonly Span[]): string | null {
  return span === undefined ? null : text.slice(span.start, span.end);
}

function remembered(key: string, find: () => string | null): string | null {
  const known = KNOWN.get(key);
  if (known !== undefined) return known;
  if (KNOWN.size >= MOST_KNOWN) KNOWN.clear();
  const word = find();
  KNOWN.set(key, word);
  return word;
}
