import { lintTemplate, type LintedTemplate } from '../../src/notifications/domain/template-linter.js';

type Given = Partial<LintedTemplate>;

/** What is found in a French cancellation of the standard register, unless told otherwise. */
export const lint = (text: string, given: Given = {}) =>
  lintTemplate({ kind: 'cancellation', register: 'standard', language: 'fr', ...given, text });

export const codes = (text: string, given: Given = {}) => lint(text, given).map(({ code }) => code);

/** What is pointed at. */
export const shown = (text: string, given: Given = {}) =>
  lint(text, given).map(({ start, end }) => text.slice(start, end));
