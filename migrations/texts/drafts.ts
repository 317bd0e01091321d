import { ARABIC } from './arabic-3.js';
import type { TemplateRow } from './rows.js';
import { TRANSLATIONS } from './translations-1.js';

/** The drafts that wait for a review, each in its newest version. */
export const DRAFTS: readonly TemplateRow[] = [
  ...TRANSLATIONS.filter(({ language }) => language !== 'ar'),
  ...ARABIC,
];
