export type Kind = 'summons' | 'reminder' | 'cancellation' | 'rescheduling' | 'after-absence';
export type Register = 'standard' | 'discreet';

export interface TemplateRow {
  readonly kind: Kind;
  /** Null: every type that has no text of its own in this language and register. */
  readonly typeCode: string | null;
  readonly language: string;
  readonly register: Register;
  readonly text: string;
}

/** The parts that are there, one space between them. */
export function sentences(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' ');
}

/** By telephone, at home, where the person was told, on site or by video. */
export type Special = 'phone' | 'home' | 'told' | 'video';

/** Types that do not take place at the address of the place. */
export const SPECIAL: Readonly<Record<string, Special>> = {
  'rdv-telephonique': 'phone',
  'visite-domicile': 'home',
  'placement-tig-tnr': 'told',
  'convocation-stage': 'told',
  'convocation-japat': 'video',
};

/** What drafts are written for: null is every other type. */
export const DRAFTED_TYPES: readonly (string | null)[] = [null, ...Object.keys(SPECIAL)];
