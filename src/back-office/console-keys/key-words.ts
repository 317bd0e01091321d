import type { ApiScope } from '../../access/domain/api-scopes.js';
import type { KeyState } from '../../agents/keys/api-key.queries.js';
import type { StateWord } from '../../ui/state.js';

export const SCOPE_WORDS: Readonly<Record<ApiScope, string>> = {
  'persons:read': 'Lire et chercher des probationnaires',
  'persons:write': 'Enregistrer et modifier des probationnaires',
  'convocations:read': 'Lire les convocations',
  'convocations:write': 'Convoquer, reporter, annuler et marquer les issues',
  'services:read': 'Lire les services, les lieux, les agendas et les créneaux',
  'slots:write': 'Ouvrir des créneaux',
  'statistics:read': 'Lire les statistiques',
  tools: 'Outils\u00a0: numéros, longueur des SMS, calendriers, aperçu des rappels',
};

export const KEY_STATES: Readonly<Record<KeyState, StateWord>> = {
  live: { word: 'En service', shape: 'ok' },
  replaced: { word: 'Remplacée, encore valable', shape: 'wait' },
  expired: { word: 'Échue', shape: 'off' },
  revoked: { word: 'Révoquée', shape: 'bad' },
};

/** What the form proposes; the rule takes any number of days up to a year. */
export const VALID_DAYS = [
  { value: '30', label: '30 jours' },
  { value: '90', label: '3 mois' },
  { value: '180', label: '6 mois' },
  { value: '365', label: '1 an' },
];

export const OVERLAP_DAYS = [
  { value: '0', label: 'Aucun\u00a0: l’ancienne clé s’arrête tout de suite' },
  { value: '1', label: '1 jour' },
  { value: '3', label: '3 jours' },
  { value: '7', label: '7 jours' },
];
