import { DRAFTED_TYPES, type Kind, type Register, SPECIAL, type Special, type TemplateRow } from './rows.js';

/**
 * The words of one language. Written in the GSM 7-bit alphabet where the language can be read so (Romanian, Turkish,
 * Portuguese and Spanish without the signs that alphabet lacks); Arabic cannot, and stays shorter.
 */
interface Words {
  readonly language: string;
  readonly reminder: string;
  readonly appointment: string;
  readonly cancelled: string;
  readonly moved: string;
  readonly identity: string;
  /** By telephone, at home, where the person was told, on site or by video. */
  readonly notes: Readonly<Record<Special, string>>;
  readonly mustCome: string;
  readonly mustAnswer: string;
  readonly mustBeHome: string;
  readonly expected: string;
  readonly contact: string;
  readonly question: string;
  readonly comma: string;
}

const LANGUAGES: readonly Words[] = [
  {
    ...{ language: 'fr-simple', comma: ', ', reminder: 'RAPPEL', appointment: 'RDV' },
    ...{
      cancelled: 'RDV annulé',
      moved: 'votre RDV change de date',
      identity: "Prenez une pièce d'identité.",
    },
    notes: {
      phone: 'par téléphone',
      home: 'chez vous',
      told: 'au lieu indiqué',
      video: 'lieu : lisez votre courrier',
    },
    ...{ mustCome: 'Vous devez venir.', mustAnswer: 'Vous devez répondre.' },
    ...{ mustBeHome: 'Vous devez y rester.', expected: 'On compte sur vous.' },
    ...{ contact: 'Contact', question: 'Question' },
  },
  {
    ...{ language: 'en', comma: ', ', reminder: 'REMINDER', appointment: 'appointment' },
    ...{ cancelled: 'appointment cancelled', moved: 'new date of your appointment' },
    identity: 'Bring an identity document.',
    notes: {
      phone: 'by phone',
      home: 'at your home',
      told: 'at the place you were told',
      video: 'place: see your letter',
    },
    ...{ mustCome: 'You must attend.', mustAnswer: 'You must answer.', mustBeHome: 'You must be there.' },
    ...{ expected: 'You are expected.', contact: 'Contact', question: 'Question' },
  },
  {
    ...{ language: 'ar', comma: '، ', reminder: 'تذكير', appointment: 'موعدك' },
    ...{ cancelled: 'ألغي موعدك', moved: 'تغير تاريخ موعدك', identity: 'أحضر وثيقة هوية.' },
    notes: { phone: 'بالهاتف', home: 'في منزلك', told: 'في المكان المحدد لك', video: 'المكان: راجع رسالتك' },
    ...{ mustCome: 'الحضور إلزامي.', mustAnswer: 'الرد إلزامي.', mustBeHome: 'وجودك إلزامي.' },
    ...{ expected: 'نحن في انتظارك.', contact: 'للاتصال', question: 'هاتف' },
  },
  {
    ...{ language: 'pt', comma: ', ', reminder: 'LEMBRETE', appointment: 'compromisso' },
    ...{ cancelled: 'compromisso cancelado', moved: 'nova data do compromisso' },
    identity: 'Traga um documento de identidade.',
    notes: {
      phone: 'por telefone',
      home: 'em sua casa',
      told: 'no local indicado',
      video: 'local: veja a sua carta',
    },
    ...{ mustCome: 'Deve comparecer.', mustAnswer: 'Deve atender.', mustBeHome: 'Deve estar presente.' },
    ...{ expected: 'Contamos consigo.', contact: 'Contacto', question: 'Perguntas' },
  },
  {
    ...{ language: 'ro', comma: ', ', reminder: 'REAMINTIRE', appointment: 'programare' },
    ...{ cancelled: 'programare anulata', moved: 'data noua a programarii' },
    identity: 'Aduceti un act de identitate.',
    notes: {
      phone: 'prin telefon',
      home: 'la domiciliu',
      told: 'la locul indicat',
      video: 'locul: vedeti scrisoarea',
    },
    ...{
      mustCome: 'Trebuie sa veniti.',
      mustAnswer: 'Trebuie sa raspundeti.',
      mustBeHome: 'Trebuie sa fiti acasa.',
    },
    ...{ expected: 'Va asteptam.', contact: 'Contact', question: 'Intrebari' },
  },
  {
    ...{ language: 'tr', comma: ', ', reminder: 'HATIRLATMA', appointment: 'randevunuz' },
    ...{ cancelled: 'randevunuz iptal edildi', moved: 'randevunuzun yeni tarihi' },
    identity: 'Kimlik belgenizi getirin.',
    notes: {
      phone: 'telefonla',
      home: 'evinizde',
      told: 'size bildirilen yerde',
      video: 'yer: mektubunuza bakin',
    },
    ...{ mustCome: 'Gelmeniz zorunludur.', mustAnswer: 'Cevap vermeniz zorunludur.' },
    ...{
      mustBeHome: 'Evde olmaniz zorunludur.',
      expected: 'Sizi bekliyoruz.',
      contact: 'Bilgi',
      question: 'Soru',
    },
  },
  {
    ...{ language: 'es', comma: ', ', reminder: 'RECORDATORIO', appointment: 'cita' },
    ...{
      cancelled: 'cita cancelada',
      moved: 'nueva fecha de su cita',
      identity: 'Traiga un documento de identidad.',
    },
    notes: {
      phone: 'por teléfono',
      home: 'en su casa',
      told: 'en el lugar indicado',
      video: 'lugar: lea su carta',
    },
    ...{ mustCome: 'Debe acudir.', mustAnswer: 'Debe contestar.', mustBeHome: 'Debe estar en casa.' },
    ...{ expected: 'Le esperamos.', contact: 'Contacto', question: 'Preguntas' },
  },
];

/** Drafts: nobody who reads the language has reviewed them, so none is sent before somebody does. */
export const TRANSLATIONS: readonly TemplateRow[] = LANGUAGES.flatMap((words) =>
  DRAFTED_TYPES.flatMap((typeCode) => [
    ...rows(words, typeCode, 'standard'),
    ...rows(words, typeCode, 'discreet'),
  ]),
);

function rows(words: Words, typeCode: string | null, register: Register): TemplateRow[] {
  const texts = textsOf(words, typeCode === null ? undefined : SPECIAL[typeCode], register);
  return (Object.keys(texts) as (keyof typeof texts)[]).map((kind) => ({
    ...{ kind, typeCode, register },
    language: words.language,
    text: texts[kind],
  }));
}

/** The place's name says who writes, in the language of nobody: it comes first. */
function textsOf(
  words: Words,
  special: Special | undefined,
  register: Register,
): Readonly<Record<Exclude<Kind, 'after-absence'>, string>> {
  const isDiscreet = register === 'discreet';
  const { reminder, appointment, cancelled, moved, identity, contact, question, comma } = words;
  const where = special === undefined ? `${comma}{lieu.adresse}` : ` (${words.notes[special]})`;
  const must = isDiscreet ? words.expected : mustOf(words, special);
  const bring = special === 'phone' || special === 'home' ? '' : ` ${identity}`;
  const colon = words.language === 'fr-simple' ? ' : ' : ': ';
  const ask = isDiscreet ? `${question}${colon}{lieu.téléphone}` : `${contact}${colon}{lieu.contact}`;
  const begin = (what: string) => (isDiscreet ? capital(what) : `{lieu.nom}${colon}${what}`);
  return {
    summons: `${begin(appointment)} {rdv.quand}${where}.${bring} ${must} ${ask}`,
    reminder: `${reminder}${isDiscreet ? '' : ' {lieu.nom}'}${colon}${appointment} {rdv.quand}${where}. ${must} ${ask}`,
    cancellation: `${begin(cancelled)} ({rdv.quand}). ${ask}`,
    rescheduling: `${begin(moved)}${comma}{rdv.quand}${where}. ${must} ${ask}`,
  };
}

function mustOf(words: Words, special: Special | undefined): string {
  if (special === 'phone') return words.mustAnswer;
  return special === 'home' ? words.mustBeHome : words.mustCome;
}

function capital(text: string): string {
  return text.replace(/^./u, (letter) => letter.toUpperCase());
}
