export interface SmsLength {
  readonly encoding: 'GSM-7' | 'UCS-2';
  readonly units: number;
  readonly segments: number;
  readonly costlyCharacters: readonly string[];
}

export function smsLength(_text: string): SmsLength {
  throw new Error('not written yet');
}
