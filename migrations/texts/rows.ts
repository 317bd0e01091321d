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
