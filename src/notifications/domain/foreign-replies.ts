/** Replies of a word or three in the languages in which we write, besides French: without case, accents or marks. */
const WORDS = {
  stop: [
    ...['توقف', 'توقفوا', 'اوقف', 'اوقفوا', 'ايقاف', 'قف'],
    ...['parar', 'pare', 'parem', 'sair', 'baja', 'dar de baja', 'basta', 'alto'],
    ...['opreste', 'opriti', 'oprire', 'dezabonare', 'dur', 'durdur', 'durdurun'],
    ...['no more texts', 'no more messages'],
  ],
  yes: ['نعم', 'sim', 'da', 'evet', 'si'],
  no: ['لا', 'nao', 'nu', 'hayir'],
  help: ['مساعدة', 'ajuda', 'ajutor', 'yardim', 'ayuda'],
} as const;

const POLITE = ['please', 'por favor', 'te rog', 'lutfen', 'obrigado', 'obrigada', 'gracias', 'svp', 'شكرا'];

/** The whole reply is such a word, with nothing but politeness after it. Turkish ı counts as i. */
export function saysInAnotherLanguage(wish: keyof typeof WORDS, plain: string): boolean {
  const text = plain.replaceAll('ı', 'i');
  const polite = POLITE.find((word) => text.endsWith(` ${word}`));
  const said = polite === undefined ? text : text.slice(0, -polite.length - 1);
  return WORDS[wish].some((word) => word === said);
}
