import type { Action, Post, Relation } from '../../access/domain/rights-table.js';
import { ROLE_NAMES } from '../role-names.js';

export interface RelationWord {
  /** Tells relations apart without colour. */
  readonly sign: string;
  readonly short: string;
  readonly sentence: string;
}

export const RELATION_WORDS: Readonly<Record<Relation, RelationWord>> = {
  everywhere: { sign: '■', short: 'partout', sentence: 'tous les services' },
  own: { sign: '●', short: 'service', sentence: 'ce qui relève de son propre service' },
  linked: {
    sign: '◐',
    short: 'liés',
    sentence: 'les services liés au sien (tribunaux d’un SPIP, SPIP d’un tribunal)',
  },
  'linked-exits': {
    sign: '◔',
    short: 'sorties',
    sentence: 'des services liés, les seuls créneaux de sortie d’audience',
  },
  'person-linked': {
    sign: '◇',
    short: 'ressort',
    sentence: 'ce qui concerne une personne suivie par son service ou par un service lié',
  },
  headquarters: {
    sign: '▲',
    short: 'antennes',
    sentence: 'les antennes du siège auquel l’agent est rattaché',
  },
  'inter-ressort': {
    sign: '◈',
    short: 'France',
    sentence: 'toute la France, si son service est déclaré inter-ressort',
  },
  'created-by-service': { sign: '✚', short: 'saisi', sentence: 'ce que son service a saisi, où que ce soit' },
  self: { sign: '○', short: 'soi', sentence: 'son propre compte' },
};

const { 'local-admin': localAdmin, ...others } = ROLE_NAMES;

export const POST_WORDS: Readonly<Record<Post, string>> = {
  ...others,
  'local-admin@tj': `${localAdmin}, tribunal`,
  'local-admin@spip': `${localAdmin}, SPIP`,
};

/** Every action of the table, under the heading it is read by; the compiler asks for a sentence of each. */
export const ACTION_WORDS: Readonly<Record<Action, string>> = {
  'person.read': 'Chercher et lire un dossier',
  'person.write': 'Créer et modifier un dossier',
  'person.share': 'Désigner les services qui suivent',
  'person.summon': 'Convoquer la personne',
  'person.assign-self': 'Se désigner référent',
  'contact.reveal': 'Dévoiler un numéro ou une adresse',
  'certificate.make': 'Éditer l’attestation des messages envoyés',
  'journal.read-person': 'Lire qui a vu un dossier',
  'journal.read-agent': 'Lire le journal d’un agent',
  'convocation.read': 'Lire les convocations',
  'convocation.book': 'Convoquer dans un agenda',
  'convocation.change': 'Annuler ou modifier une convocation',
  'convocation.reschedule': 'Déplacer une convocation',
  'convocation.exit-sap': 'Voir et annuler\u00a0: sortie d’audience SAP',
  'convocation.exit-spip': 'Voir et annuler\u00a0: sortie d’audience SPIP',
  'convocation.court': 'Voir et annuler\u00a0: suivi JAP, débat, JAPAT',
  'convocation.monitoring': 'Voir et annuler\u00a0: SAP DDSE',
  'convocation.spip': 'Voir et annuler\u00a0: convocations du SPIP',
  'attendance.record': 'Ouvrir le pointage',
  'outcome.exit-sap': 'Pointer\u00a0: sortie d’audience SAP',
  'outcome.exit-spip': 'Pointer\u00a0: sortie d’audience SPIP',
  'outcome.court': 'Pointer\u00a0: suivi JAP, débat, JAPAT',
  'outcome.monitoring': 'Pointer\u00a0: SAP DDSE',
  'outcome.spip': 'Pointer\u00a0: convocations du SPIP',
  'task.read': 'Lire ce qui est à faire',
  'task.close': 'Traiter ce qui est à faire',
  'caseload.read': 'Lire les chiffres de ses suivis',
  'agenda.read': 'Lire lieux, agendas et créneaux',
  'agenda.manage': 'Créer et renommer un agenda',
  'place.manage': 'Créer, modifier, archiver un lieu',
  'slot.manage': 'Ouvrir et fermer des créneaux',
  'slot.manage-any-type': 'Les ouvrir hors SAP DDSE',
  'organization.read': 'Lire le nom des services',
  'organization.manage': 'Créer et lier des services',
  'plan.manage': 'Régler les rappels',
  'template.manage': 'Écrire les messages',
  'territory.manage': 'Régler les zones mal couvertes',
  'sending.read': 'Lire l’état des envois',
  'sending.hold': 'Retenir et relâcher les envois',
  'trial.manage': 'Conduire un essai',
  'statistics.read': 'Lire les chiffres d’absence',
  'statistics.national': 'Comparer les services',
  'rollout.manage': 'Tenir le registre des mises en service',
  'profile.manage': 'Tenir son profil',
  'agent.read': 'Lire la liste des agents',
  'agent.manage': 'Inviter et modifier un agent',
  'agent.change-address': 'Changer l’adresse d’un agent déjà venu',
  'agent.move': 'Muter un agent dans son service',
  'agent.reset-second-factor': 'Retirer le second facteur perdu d’un agent',
  'agent.switch-service': 'Changer soi-même de service',
  'agent.impersonate': 'Prendre la place d’un agent',
  'alert.manage': 'Écrire une alerte aux agents',
  'local-console.use': 'Ouvrir la console du service',
  'console.use': 'Ouvrir la console centrale',
  'api-key.manage': 'Gérer les clés d’interface',
  'webhook.manage': 'Gérer les appels sortants',
  'job.inspect': 'Inspecter les tâches',
  'rights.read': 'Lire ce tableau',
  'tools.use': 'Utiliser les outils de calcul',
};

/** Headings, each with the beginnings of the actions that stand under it; the last takes what is left. */
export const SUBJECTS: readonly { readonly title: string; readonly prefixes: readonly string[] }[] = [
  { title: 'Personnes', prefixes: ['person', 'contact', 'certificate'] },
  { title: 'Convocations', prefixes: ['convocation'] },
  { title: 'Pointage et suites', prefixes: ['attendance', 'outcome', 'task', 'caseload'] },
  { title: 'Lieux, agendas et créneaux', prefixes: ['agenda', 'place', 'weekly-slot', 'slot'] },
  {
    title: 'Réglages et envois',
    prefixes: ['plan', 'template', 'territory', 'sending', 'trial', 'organization'],
  },
  { title: 'Chiffres', prefixes: ['statistics', 'rollout', 'export'] },
  { title: 'Agents et journal', prefixes: ['profile', 'agent', 'alert', 'journal'] },
  { title: 'Consoles et programmes', prefixes: [] },
];
