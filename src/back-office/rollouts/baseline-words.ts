import { type LineFault, MOST_LINES } from '../../statistics/baseline/domain/read-baseline.js';
import { NBSP, thousands } from '../../ui/typography.js';

/** What a browser may send, in bytes. */
export const LARGEST_FILE = 2_000_000;

/** What a refused import says, at its field. */
export const BASELINE_SENTENCES: Readonly<Record<string, string>> = {
  source: `Dites d’où viennent ces chiffres, en 200${NBSP}caractères au plus.`,
  file: 'Choisissez un fichier, ou collez le tableau.',
  'file:both': 'Choisissez un fichier ou collez le tableau, pas les deux.',
  'file:too-large': `Ce fichier est trop lourd${NBSP}: 2${NBSP}Mo au plus. Gardez les colonnes utiles.`,
  'file:not-text':
    'Ce n’est pas un fichier de texte. Dans le tableur, choisissez «\u00a0Enregistrer sous\u00a0», puis CSV.',
  'file:lines': 'Des lignes sont à corriger. Rien n’est enregistré tant qu’il en reste une.',
  'file:imported':
    'Des mois ont déjà été importés. Annulez d’abord cet import, ou retirez ces mois du fichier.',
};

/** One plain sentence per bad line. */
export function faultSentence({ code, column = '', cell = '' }: LineFault): string {
  const said = cell === '' ? 'vide' : `«${NBSP}${cell}${NBSP}»`;
  const sentences: Readonly<Record<LineFault['code'], string>> = {
    empty: 'Le fichier est vide.',
    nothing: 'Sous les titres des colonnes, il n’y a aucune ligne.',
    quotes: 'Un guillemet n’est pas refermé, ou se trouve au milieu d’une cellule.',
    'too-long': 'Cette ligne est trop longue pour un tel tableau.',
    'too-many': `Au plus ${thousands(MOST_LINES)}${NBSP}lignes.`,
    columns: `Titres des colonnes${NBSP}: il manque ${column}.`,
    month: `Colonne «${NBSP}${column}${NBSP}»${NBSP}: ${said} n’est pas un mois. Exemple${NBSP}: 2024-03 ou mars 2024.`,
    date: `Colonne «${NBSP}${column}${NBSP}»${NBSP}: ${said} n’est pas une date. Exemple${NBSP}: 14/03/2024.`,
    'not-before': `${said} n’est pas encore passé${NBSP}: seuls les mois terminés s’importent.`,
    'too-old': `${said} est avant 2005.`,
    type: `${said} n’est pas un type de convocation connu. Laissez vide pour tous les types ensemble.`,
    count: `Colonne «${NBSP}${column}${NBSP}»${NBSP}: ${said} n’est pas un nombre entier. Mettez 0 s’il n’y en a pas.`,
    outcome: `${said} n’est pas une issue connue. Exemples${NBSP}: venu, manqué, excusé, annulé, sans issue.`,
    twice: `Le mois ${said} est déjà donné plus haut pour ce type.`,
  };
  return sentences[code];
}
