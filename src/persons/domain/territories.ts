/** The territory whose numbers an office usually types, by its time zone: only a hint. */
const BY_ZONE: Readonly<Record<string, string>> = {
  'Europe/Paris': 'FR',
  'America/Guadeloupe': 'GP',
  'America/Martinique': 'MQ',
  'America/Cayenne': 'GF',
  'Indian/Reunion': 'RE',
  'Indian/Mayotte': 'YT',
  'America/Miquelon': 'PM',
  'America/St_Barthelemy': 'BL',
  'America/Marigot': 'MF',
  'Pacific/Noumea': 'NC',
  'Pacific/Tahiti': 'PF',
  'Pacific/Marquesas': 'PF',
  'Pacific/Gambier': 'PF',
  'Pacific/Wallis': 'WF',
};

export function territoryOfZone(timeZone: string): string {
  return BY_ZONE[timeZone] ?? 'FR';
}
