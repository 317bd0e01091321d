import { CALENDARS, type Calendar } from '../../organizations/domain/calendar.js';
import { TIME_ZONES } from '../../organizations/domain/time-zones.js';
import type { Option } from '../../ui/select-field.js';
import { cityOf } from '../../ui/typography.js';

export const KIND_WORDS = { spip: 'SPIP', tj: 'Tribunal judiciaire' } as const;

const CALENDAR_WORDS: Readonly<Record<Calendar, string>> = {
  metropole: 'Métropole',
  'alsace-moselle': 'Alsace-Moselle',
  guadeloupe: 'Guadeloupe',
  guyane: 'Guyane',
  martinique: 'Martinique',
  mayotte: 'Mayotte',
  'la-reunion': 'La Réunion',
  'saint-pierre-et-miquelon': 'Saint-Pierre-et-Miquelon',
  'saint-barthelemy': 'Saint-Barthélemy',
  'saint-martin': 'Saint-Martin',
  'nouvelle-caledonie': 'Nouvelle-Calédonie',
  'polynesie-francaise': 'Polynésie française',
  'wallis-et-futuna': 'Wallis-et-Futuna',
};

export const CALENDAR_OPTIONS: readonly Option[] = CALENDARS.map((value) => ({
  value,
  label: CALENDAR_WORDS[value],
}));

export const ZONE_OPTIONS: readonly Option[] = TIME_ZONES.map((value) => ({ value, label: cityOf(value) }));
