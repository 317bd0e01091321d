export interface Misbehaviour {
  /** Last two digits of the number. */
  readonly ending: string;
  /** What it does, for the page. */
  readonly label: string;
  /** Where LINK Mobility, which speaks another way, does something else. */
  readonly link?: string;
}

export const MISBEHAVIOURS = [
  { ending: '90', label: 'accepte le message, puis ne répond jamais' },
  { ending: '91', label: 'accepte le message, puis répond par une erreur 500' },
  { ending: '92', label: 'accepte le message, puis coupe la connexion' },
  { ending: '93', label: 'refuse le message par une erreur 500' },
  { ending: '94', label: 'demande deux fois de ralentir (429), puis accepte' },
  {
    ending: '95',
    label: 'envoie chaque accusé de réception deux fois',
    link: 'envoie le rapport de remise deux fois',
  },
  {
    ending: '96',
    label: 'envoie les accusés de réception dans le désordre',
    link: 'envoie le rapport de remise avant d’avoir répondu',
  },
  {
    ending: '97',
    label: 'n’envoie jamais d’accusé de réception',
    link: 'n’envoie jamais de rapport de remise',
  },
  {
    ending: '98',
    label: 'ne peut pas remettre le message (30003)',
    link: 'ne peut pas remettre le message (rapport 2, motif 113)',
  },
  { ending: '99', label: 'a refusé les messages (21610)', link: 'ne sait pas joindre le numéro (16)' },
] as const satisfies readonly Misbehaviour[];

export type Ending = (typeof MISBEHAVIOURS)[number]['ending'];

export function endingOf(number: string): Ending | undefined {
  return MISBEHAVIOURS.find(({ ending }) => number.endsWith(ending))?.ending;
}
