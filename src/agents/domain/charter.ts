/**
 * The security charter that every agent accepts before anything else. A change of the text raises the number: it is
 * then asked again of everybody.
 */
export const CHARTER_VERSION = 1;

export interface CharterRule {
  readonly title: string;
  readonly text: string;
}

/** Version 1. Written for this service; what it asks follows CNIL's guide to the security of personal data (2024). */
export const CHARTER: readonly CharterRule[] = [
  {
    title: 'Je n’ouvre que les dossiers dont j’ai besoin',
    text: 'Je cherche et je lis le dossier d’une personne pour une tâche de mon service, jamais par curiosité, ni pour un proche, ni pour un tiers. Pouvoir l’ouvrir ne veut pas dire en avoir le droit.',
  },
  {
    title: 'Je sais que tout est noté',
    text: 'Chaque lecture, recherche, export et modification est inscrite dans un journal que personne ne peut réécrire. Il est gardé un an à mon nom et peut être montré à ma hiérarchie, à un juge ou à la personne concernée.',
  },
  {
    title: 'Mon compte est à moi seul',
    text: 'Je ne prête ni mon mot de passe, ni mon code, ni ma session, même à un collègue ou à un administrateur\u00a0: personne ne me les demandera. Je ferme ma session quand je quitte mon poste.',
  },
  {
    title: 'Ce qui sort du service reste protégé',
    text: 'Je n’imprime, n’exporte et ne copie que le nécessaire. Je ne l’envoie pas à une messagerie privée, je ne le dépose pas sur un service extérieur, et je le détruis quand il a servi.',
  },
  {
    title: 'Je vérifie avant d’écrire à une personne',
    text: 'Un texte envoyé au mauvais numéro révèle une situation pénale à un tiers. Je vérifie le numéro avec la personne, je respecte son refus et la discrétion qu’elle demande.',
  },
  {
    title: 'Je préviens tout de suite',
    text: 'Mot de passe connu d’un autre, poste perdu, message parti à la mauvaise personne, dossier ouvert par erreur\u00a0: je le dis le jour même à l’administrateur de mon service, qui prévient le délégué à la protection des données. Le délai légal est de 72\u00a0heures.',
  },
  {
    title: 'Je pars en rendant tout',
    text: 'Quand je change de service ou que je pars, mes suivis sont confiés à un collègue et mes accès s’arrêtent. Ce que j’ai appris reste couvert par le secret professionnel.',
  },
];

/** Whether the charter of today is accepted. @param version last one the agent accepted; null: none */
export function hasAcceptedCharter(version: number | null): boolean {
  return version === CHARTER_VERSION;
}
