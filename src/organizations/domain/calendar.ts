export const CALENDARS = [
  'metropole',
  'alsace-moselle',
  'guadeloupe',
  'guyane',
  'martinique',
  'mayotte',
  'la-reunion',
  'saint-pierre-et-miquelon',
  'saint-barthelemy',
  'saint-martin',
  'nouvelle-caledonie',
  'polynesie-francaise',
  'wallis-et-futuna',
] as const;
export type Calendar = (typeof CALENDARS)[number];

export interface Holiday {
  readonly date: string;
  readonly label: string;
  readonly source: string;
}

export function holidays(_calendar: Calendar, _year: number): readonly Holiday[] {
  throw new Error('not written yet');
}
export function isHoliday(_calendar: Calendar, _date: string): boolean {
  throw new Error('not written yet');
}
export function isClosedDay(_calendar: Calendar, _date: string): boolean {
  throw new Error('not written yet');
}
export function isWeekend(_date: string): boolean {
  throw new Error('not written yet');
}
