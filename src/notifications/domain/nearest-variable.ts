import { fold } from './folded-text.js';
import { TEMPLATE_VARIABLES, type TemplateVariable } from './template-variables.js';

const MEANT: Readonly<Record<string, TemplateVariable>> = {
  ...{
    nom: 'lieu.nom',
    lieu: 'lieu.nom',
    adresse: 'lieu.adresse',
    telephone: 'lieu.téléphone',
    tel: 'lieu.téléphone',
  },
  ...{ phone: 'lieu.téléphone', contact: 'lieu.contact', mail: 'lieu.contact', email: 'lieu.contact' },
  ...{ lien: 'lieu.lien_info', lien_info: 'lieu.lien_info', url: 'lieu.lien_info' },
  ...{
    date: 'rdv.date',
    heure: 'rdv.heure',
    quand: 'rdv.quand',
    jour: 'rdv.jour',
    rdv: 'rdv.quand',
    demain: 'rdv.quand',
  },
};
const CLOSE = 3;

/** The variable that was probably meant. */
export function nearestVariable(name: string): TemplateVariable | undefined {
  const typed = fold(name.trim().replace(/\s+/g, '_')).plain;
  const meant = MEANT[typed] ?? MEANT[typed.split(/[._]/).at(-1) ?? ''];
  const near = TEMPLATE_VARIABLES.map((known) => ({ known, away: distance(typed, fold(known).plain) }))
    .filter(({ away }) => away <= CLOSE)
    .sort((one, other) => one.away - other.away)[0];
  return meant ?? near?.known;
}

/** Letters to add, remove or replace. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [i, letter] of [...one].entries()) {
    const next = [i + 1];
    for (const [j, wanted] of [...other].entries())
      next.push(
        Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (letter === wanted ? 0 : 1)),
      );
    row = next;
  }
  return row.at(-1) ?? 0;
}
