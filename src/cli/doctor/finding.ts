export interface Finding {
  readonly subject: string;
  readonly state: 'ok' | 'warning' | 'fault';
  readonly sentence: string;
}

export const ok = (subject: string, sentence: string): Finding => ({ subject, state: 'ok', sentence });
export const warning = (subject: string, sentence: string): Finding => ({
  subject,
  state: 'warning',
  sentence,
});
export const fault = (subject: string, sentence: string): Finding => ({ subject, state: 'fault', sentence });
