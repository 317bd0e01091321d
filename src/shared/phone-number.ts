export interface ParsedPhone {
  readonly valid: boolean;
  readonly mobile: boolean;
  readonly e164: string | null;
  readonly territory: string | null;
}

export function parsePhone(_input: string, _territory?: string): ParsedPhone {
  throw new Error('not written yet');
}
