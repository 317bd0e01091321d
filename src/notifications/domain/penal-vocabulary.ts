import type { LanguageCode } from '../../shared/message-languages.js';

/** Folded: lower case, no accent. */
export interface Vocabulary {
  /** Words as they may be typed: themselves, their plural, doubled letters once. */
  readonly forms: ReadonlySet<string>;
  /** Beginnings of words; the long ones also inside of one. */
  readonly stems: readonly string[];
  /** Several words, or signs that are no letters. */
  readonly phrases: readonly RegExp[];
}

/** Doubled letters once, as thumbs forget or add one; « ée » at the end is no fault: Crimée is no crime. */
export function once(word: string): string {
  return word.replace(/(?!ees?$)(.)\1+/gu, '$1');
}

/** An acronym is not typed with a letter less: an API is no APPI. */
const SHORTEST_FAULT = 4;

/** Words and beginnings of words, one space apart. */
function vocabulary(words: string, stems = '', phrases: readonly RegExp[] = []): Vocabulary {
  const spelt = words
    .split(' ')
    .flatMap((word) => (word.length > SHORTEST_FAULT ? [word, once(word)] : [word]));
  return {
    forms: new Set(spelt.flatMap((word) => [word, `${word}s`])),
    stems: stems === '' ? [] : stems.split(' '),
    phrases,
  };
}

/** Measures, offences and places of detention: never in a text, whatever the register. */
export const MEASURES = vocabulary(
  'tig tigiste tnr ddse arse sme csl crpc crime delit ecrou sursis sursitaire viol violeur violeuse violer violee vol voleur ' +
    'voleuse agresser agresse agressee escroc harceler harcele harcelee menace menacer menacee menacant menacante ' +
    'drogue droguer droguee outrage outrager outragee recel receler receleur receleuse meurtre meurtrier',
  'condamn prison detenu detention incarcer bracelet infraction delictu delinqu crimin ecroue violenc ' +
    'stupefiant recidiv victim penitenti perquisition probatoi agression agresseu escroqu harcelem harceleu cannabi ' +
    'cocaine toxicoman homicid assassin cambriol sexuel contrevenan contraventio',
  [
    /\bsurveillance electronique\b/g,
    /\b(semi[- ]?liberte|liberte (surveillee|conditionnelle)|liberation (sous contrainte|conditionnelle|anticipee))\b/g,
    /\b(obligation|injonction)s? de soins?\b/g,
    /\bcontroles? judiciaires?\b/g,
    /\bsuivis? (socio[- ]?)?(judiciaires?|penal|penaux)\b/g,
    /\b(mesure|contrainte|composition)s? (penale|judiciaire)s?\b/g,
    /\bassigne(e?s?|r)? a residence\b|\bassignations? a residence\b/g,
    /\binterdictions? de (paraitre|contact|sejour|quitter|rencontrer)\b/g,
    /\bplacements? exterieurs?\b/g,
    /\b(amenagement|execution|fin|remise|reduction|conversion)s? de (la |sa |votre )?peines?\b/g,
    /\b(travail|travaux) d'interet general\b/g,
    /\bstage de \w+/g,
    /\bmise? a l'epreuve\b/g,
    /\bgarde a vue\b/g,
    /\bmandat (d'arret|de depot|d'amener)\b/g,
    /\bcasier judiciaire\b/g,
    /\b(votre|vos|une|les|des) peines?\b/g,
    /\b741(-1)?\b/g,
    /\bsous contraintes?\b/g,
    /\bcoups et blessures\b/g,
  ],
);

/** What tells a stranger that justice is behind the text. */
export const JUSTICE = vocabulary(
  'spip alip jap japat sap bex tj tgi cpip dpip pjj ppsmj appi jld tpe fijais juge juger jugee jugera jugez jugeons jugent audience ' +
    'avocat avocate police commissariat loi mandat peine proces plainte amende penal penale penaux greffe greffier ' +
    'greffiere assises liberation parloir',
  'justic judiciair juridic juridiq juridict tribuna probation penalem penalis penalit magistrat procureur parquet ' +
    'jugement sentenc gendarm polici reinsertion correctionnel penitenci surveillan coupable culpabilit huissier ' +
    'comparution comparaitre',
  [
    /\bmain de justice\b/g,
    /\bmilieu ouvert\b/g,
    /\bcours? d[' ](appel|assises?)\b/g,
    /\bmaisons? (d[' ]arret|centrale)\b/g,
    /\bapplication des? peines?\b/g,
    /\bconseill[a-z()·./-]{1,12} d[' ]insertion\b/g,
    /\bmise? en examen\b/g,
    // « Merci d’avoir prévenu » is none.
    /\b(?:le|la|les|un|une|des|du|au|aux|ce|cette|ces|chaque|tant que) prevenue?s?\b/g,
  ],
);

const NONE = vocabulary('');

/** Besides those, in the other languages. */
export const ELSEWHERE: Readonly<Record<LanguageCode, Vocabulary>> = {
  fr: NONE,
  'fr-simple': NONE,
  en: vocabulary(
    'court judge jail bail parole law lawyer hearing custody theft drug murder rape',
    'justice offen convict crime sentenc prosecut probat attorney felon guilt arrest inmate defendant misdemeano assault robbery burglar',
  ),
  ar: vocabulary('', '', [
    /\p{L}*(?:محكم|قاضي|قضا|عدال|سجن|عقوب|جريم|نياب|شرط|محام)\p{L}*/gu,
    // Shorter roots, also found inside other words: « خدمتهم » is their service.
    /(?<!\p{L})[وف]?[بكل]?(?:ال|ل)?(?:متهم|جناي|جنح|مخدر|اغتصاب)\p{L}*/gu,
    /(?<!\p{L})[وف]?[بكل]?(?:ال|ل)?(?:عدل|حكم|احكام|حبس|سرقة)(?!\p{L})/gu,
  ]),
  pt: vocabulary(
    'juiz juiza pena cadeia lei roubo furto droga',
    'justica prisao condena crime delito judici procurador advogad agressa culpad',
    [/\bliberdade condicional\b/g],
  ),
  ro: vocabulary(
    'lege legea legii legile puscarie politie politia politiei furt drog droguri',
    'justiti judec inchiso pedeaps probatiun infractiun instanta procuror avocat politist vinovat',
  ),
  tr: vocabulary(
    'suc sucu sucun ceza cezasi cezaniz',
    'mahkem savci adalet adliye hapis hapish denetim hukum hakim tutuk infaz cezaevi avukat suclu sucla yargi polis hirsiz uyusturucu',
  ),
  es: vocabulary(
    'juez jueza pena carcel ley robo hurto droga',
    'justicia juzgado juicio prision condena delito fiscal judici abogad culpab',
    [/\blibertad condicional\b/g],
  ),
};

/** Where a word of those above says nothing of justice. */
export const ORDINARY: readonly RegExp[] = [
  /\bvols?[- ](?:a[- ]voile|libre|d'oiseau|au[- ]vent)\b/g,
  /\b(?:places?|personnes?) assises\b/g,
  /\bloi (?:de |du 1er juillet )?1901\b/g,
  /\b(?:(?:in)?dis|re)crimin\p{L}*|\b(?:desap|ap|re|im)probat\p{L}*/gu,
  /\bliberation (?:d'un|d'une|du|de la) (?:creneau|place|salle|horaire)\b/g,
  /\b(?:rue|avenue|av|boulevard|bd|square|impasse|esplanade|rond[- ]point|faubourg)\.?(?:[- ](?:de|des|du|la|les|et|anciens?|combattants?|deportes|martyrs|internes|heros)){0,5}[- ](?:liberation(?! (?:sous|conditionnelle|anticipee))|prisonniers|victimes)\b/g,
  /\b(?:place|pl|quai|allees?|parvis)\.?(?: de la)? liberation\b(?! (?:sous|conditionnelle|anticipee))/g,
  // « Au cours de la libération », « la place des victimes » are none: a number of a house stands before them.
  /(?<=\d(?: ?(?:bis|ter|quater))?,? )(?:place|cours|chemin|route|jardin|promenade) (?:de la|des) (?:liberation(?! (?:sous|conditionnelle|anticipee))|prisonniers|victimes)\b/g,
];

/** Towns, streets and house numbers that look like one of them: only what is known to be an address may hold them. */
export const NAMES_OF_PLACES: readonly RegExp[] = [
  /\bliberation\b(?! (?:sous|conditionnelle|anticipee))/g,
  /\b(?:place|pl|quai|cours|allees?|chemin|route|mail|pont|passage|parvis|jardin|promenade)\.?(?:[- ](?:de|des|du|la|les|et|a|anciens?|combattants?|deportes|martyrs|internes|heros)){0,5}[- ](?:prisonniers|victimes)\b/g,
  /\b61\d{3} (?:le )?sap\b|\bsap[- ](?:en[- ]auge|andre)\b/g,
  /\bviols[- ](?:le[- ]fort|en[- ]laval)\b/g,
  /\brue juge\b|\bchapelle[- ]en[- ]juger\b/g,
  /(?:^|[,\n]) *741\b(?!-1)/g,
];
