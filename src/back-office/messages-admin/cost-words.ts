import type { CostlyCharacter, TextCost } from '../../notifications/domain/template-cost.js';
import { centsOf } from '../../shared/euros.js';
import { NBSP, plural, thousands } from '../../ui/typography.js';

/** « 2 SMS facturés ». */
export function partsInWords(segments: number): string {
  return plural(segments, 'SMS facturé', 'SMS facturés');
}

/** « 143 caractères sur 160, alphabet des SMS ». */
export function sizeInWords({ units, room, encoding }: TextCost): string {
  const alphabet = encoding === 'GSM-7' ? 'alphabet simple des SMS' : 'alphabet étendu, plus cher';
  return `${plural(units, 'caractère')} sur ${room}, ${alphabet}`;
}

/** « 312 € », and « 0,05 € »: to the cent below ten euros, so that nothing that costs is shown free. */
export function euros(cents: number): string {
  const whole = centsOf(cents / 100);
  const amount =
    whole < 1000 ? (whole / 100).toFixed(2).replace('.', ',') : thousands(Math.round(cents / 100));
  return `${amount}${NBSP}€`;
}

/** « Le caractère « ê » fait passer ce texte de 1 à 2 SMS. » */
export function costlySentence(cost: TextCost): string | null {
  if (cost.costly.length === 0) return null;
  const signs = cost.costly.map(({ character }) => `«${NBSP}${shown(character)}${NBSP}»`).join(', ');
  const [subject, verb, absent] =
    cost.costly.length === 1
      ? ['Le caractère', 'fait', 'il n’est pas']
      : ['Les caractères', 'font', 'ils ne sont pas'];
  const effect =
    cost.segmentsWithout < cost.segments
      ? `${verb} passer ce texte de ${cost.segmentsWithout} à ${partsInWords(cost.segments)}`
      : 'ne change pas le prix ici, mais prend plus de place';
  const effects =
    cost.costly.length > 1 ? effect.replace('ne change', 'ne changent').replace('prend', 'prennent') : effect;
  return `${subject} ${signs} ${effects}${NBSP}: ${absent} dans l’alphabet simple.`;
}

/** « Remplacer « ê » par « e » ». */
export function replacementWords({ character, instead }: CostlyCharacter): string {
  const sign = `«${NBSP}${shown(character)}${NBSP}»`;
  return instead === '' ? `Enlever ${sign}` : `Remplacer ${sign} par «${NBSP}${shown(instead)}${NBSP}»`;
}

function shown(character: string): string {
  return /^\s$/u.test(character) ? 'espace insécable' : character;
}
