interface Territory {
  readonly prefix: string;
  readonly name: string;
  readonly timeZone: string;
}

/** Longest prefix first: where the phone is likely to be, for the hour shown under a text. */
const TERRITORIES: readonly Territory[] = [
  { prefix: '+262639', name: 'Mayotte', timeZone: 'Indian/Mayotte' },
  { prefix: '+262', name: 'La Réunion', timeZone: 'Indian/Reunion' },
  { prefix: '+508', name: 'Saint-Pierre-et-Miquelon', timeZone: 'America/Miquelon' },
  { prefix: '+590', name: 'Guadeloupe', timeZone: 'America/Guadeloupe' },
  { prefix: '+594', name: 'Guyane', timeZone: 'America/Cayenne' },
  { prefix: '+596', name: 'Martinique', timeZone: 'America/Martinique' },
  { prefix: '+681', name: 'Wallis-et-Futuna', timeZone: 'Pacific/Wallis' },
  { prefix: '+687', name: 'Nouvelle-Calédonie', timeZone: 'Pacific/Noumea' },
  { prefix: '+689', name: 'Polynésie française', timeZone: 'Pacific/Tahiti' },
  { prefix: '+33', name: 'Hexagone', timeZone: 'Europe/Paris' },
];

export function territoryOf(number: string): Omit<Territory, 'prefix'> {
  return (
    TERRITORIES.find(({ prefix }) => number.startsWith(prefix)) ?? {
      name: 'Ailleurs',
      timeZone: 'Europe/Paris',
    }
  );
}
