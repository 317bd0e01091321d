interface Wishes {
  readonly stop: readonly string[];
  readonly yes: readonly string[];
  readonly no: readonly string[];
  readonly help: readonly string[];
  /** Our texts, after a word that stops. */
  readonly texts: readonly string[];
}

/** Replies of a word or three in the languages in which we write, besides French: without case, accents or marks. */
const WISHES: Readonly<Record<'ar' | 'en' | 'es' | 'pt' | 'ro' | 'tr', Wishes>> = {
  ar: {
    stop: ['توقف', 'توقفوا', 'اوقف', 'اوقفوا', 'ايقاف', 'قف'],
    yes: ['نعم'],
    no: ['لا'],
    help: ['مساعدة'],
    texts: ['الرسائل'],
  },
  en: { stop: ['no more texts', 'no more messages'], yes: [], no: [], help: [], texts: [] },
  es: {
    stop: [
      'parar',
      'pare',
      'paren',
      'detener',
      'detenga',
      'detengan',
      'baja',
      'dar de baja',
      'basta',
      'alto',
    ],
    yes: ['si'],
    no: [],
    help: ['ayuda'],
    texts: ['los mensajes', 'mensajes'],
  },
  pt: {
    stop: ['parar', 'pare', 'parem', 'sair', 'basta'],
    yes: ['sim'],
    no: ['nao'],
    help: ['ajuda'],
    texts: ['as mensagens', 'mensagens'],
  },
  ro: {
    stop: ['opreste', 'opriti', 'oprire', 'stopati', 'stopeaza', 'dezabonare'],
    yes: ['da'],
    no: ['nu'],
    help: ['ajutor'],
    texts: ['mesaje', 'mesajele'],
  },
  tr: {
    stop: ['dur', 'durdur', 'durdurun'],
    yes: ['evet'],
    no: ['hayir'],
    help: ['yardim'],
    texts: [],
  },
};

const POLITE = ['please', 'por favor', 'te rog', 'lutfen', 'obrigado', 'obrigada', 'gracias', 'svp', 'شكرا'];
/** Said in all of them. */
const TEXTS = ['sms'];

/** The whole reply is such a word, with nothing but politeness after it. Turkish ı counts as i. */
export function saysInAnotherLanguage(wish: 'stop' | 'yes' | 'no' | 'help', plain: string): boolean {
  const text = withoutEnd(plain.replaceAll('ı', 'i'), POLITE);
  return Object.values(WISHES).some((language) => {
    const said = wish === 'stop' ? withoutEnd(text, [...TEXTS, ...language.texts]) : text;
    return language[wish].includes(said);
  });
}

function withoutEnd(text: string, ends: readonly string[]): string {
  const end = ends.find((word) => text.endsWith(` ${word}`));
  return end === undefined ? text : text.slice(0, -end.length - 1);
}
