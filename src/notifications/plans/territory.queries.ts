import type { EntityManager } from 'typeorm';

export const OPERATORS = ['twilio', 'link-mobility'] as const;
export type RoutedOperator = (typeof OPERATORS)[number];

/** French territories by the code of their numbers; French, for screens. */
export const TERRITORIES = [
  { code: 'FR', name: 'Métropole' },
  { code: 'GP', name: 'Guadeloupe' },
  { code: 'MQ', name: 'Martinique' },
  { code: 'GF', name: 'Guyane' },
  { code: 'RE', name: 'La Réunion' },
  { code: 'YT', name: 'Mayotte' },
  { code: 'PM', name: 'Saint-Pierre-et-Miquelon' },
  { code: 'NC', name: 'Nouvelle-Calédonie' },
  { code: 'PF', name: 'Polynésie française' },
  { code: 'WF', name: 'Wallis-et-Futuna' },
  { code: 'BL', name: 'Saint-Barthélemy' },
  { code: 'MF', name: 'Saint-Martin' },
] as const;

export interface TerritoryView {
  readonly territory: string;
  readonly name: string;
  readonly operator: RoutedOperator | null;
  readonly hasPoorCoverage: boolean;
  readonly earlierHours: number;
}

const UNSET = { operator: null, hasPoorCoverage: false, earlierHours: 3 } as const;

/** Every territory, with its settings or the usual ones. */
export async function listTerritories(tx: EntityManager): Promise<readonly TerritoryView[]> {
  const rows: Omit<TerritoryView, 'name'>[] = await tx.query(
    `SELECT territory, operator, poor_coverage AS "hasPoorCoverage", earlier_hours AS "earlierHours"
       FROM territory_setting`,
  );
  return TERRITORIES.map(({ code, name }) => ({
    ...UNSET,
    ...rows.find(({ territory }) => territory === code),
    territory: code,
    name,
  }));
}

/** Hours by which reminders to numbers of a territory leave earlier; 0 unless it is poorly covered. */
export async function earlierHoursOf(tx: EntityManager, territory: string): Promise<number> {
  const rows: { hours: number }[] = await tx.query(
    'SELECT earlier_hours AS hours FROM territory_setting WHERE territory = $1 AND poor_coverage',
    [territory],
  );
  return rows[0]?.hours ?? 0;
}
