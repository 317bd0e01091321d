import fc from 'fast-check';
import { readReply, REPLY_INTENTS, type ReplyIntent } from './reply-intent.js';

const REPLIES: Readonly<Record<ReplyIntent, readonly string[]>> = {
  stop: [
    'STOP',
    'stop',
    'Stop.',
    'STOP !!!',
    'stopp',
    'Stoop',
    'sotp',
    'S T O P',
    'S.T.O.P',
    'STOP SMS',
    'StopSMS',
    'STOPALL',
    'St0p',
    'ＳＴＯＰ',
    '🛑 stop 🛑',
    'ARRET',
    'Arrêt',
    'arrêt svp',
    'ARRÊT SMS',
    'arret des messages',
    'arrêtez',
    'Arrêtez de m’envoyer des SMS',
    'arretez ca tout de suite',
    'Merci d’arrêter',
    'arreter les textos svp',
    'désabonner',
    'Je veux me desabonner',
    'desabonnement',
    'désinscription',
    'Unsubscribe',
    'plus de sms svp',
    'Je ne veux plus recevoir vos messages',
    'ne m’envoyez plus rien',
    'je veux pas de vos sms',
    'retirez moi de votre liste',
    'OUI STOP',
    'ok stop les sms',
    'Non, stop !',
    'NON STOP',
    'oui je viendrai mais STOP aux sms',
    'aide stop',
    'mauvais numéro, STOP',
    'Je suis en arrêt maladie, STOP les SMS',
    'END',
    '🛑',
    '⛔️ !',
    '🚫🚫',
    'stoper',
    'STOP36111',
    'quitter',
    'jveux plus de sms',
    'pas de sms svp',
    'N’envoyez plus de messages',
    'je refuse les sms',
    'Je refuse de recevoir vos textos',
    'annulez les sms',
    'annuler les rappels',
    'توقف',
    'أوقفوا',
    'durdurun',
    'opriți',
    'parar',
    'no more texts please',
  ],
  'wrong-person': [
    'mauvais numéro',
    'Mauvais num',
    'se né pa moi',
    'vous avez le mauvais numéro',
    'Ce n’est pas moi',
    'c pas moi',
    "c'est pas moi",
    'cest pas moi',
    'Non ce n est pas moi',
    'Ce message n’est pas pour moi',
    'Vous vous trompez',
    'vous vous êtes trompé de personne',
    'vous vous trompez de numero',
    'erreur de numéro',
    'Erreur de destinataire',
    'vous faites erreur',
    'pas la bonne personne',
    'je ne connais pas cette personne',
    'Je ne suis pas cette personne',
    'Je ne suis pas Mme Durand',
    'ce numéro n’est plus à elle',
    'il n’y a personne de ce nom ici',
    'faux numero 😡',
    'wrong number',
    'c’est pas mon numéro',
    'Ce n’est plus son numéro',
    'pas moi',
  ],
  help: [
    'AIDE',
    'aide',
    'Aide svp',
    'help',
    'HELP!',
    'info',
    'Infos',
    '?',
    '???',
    'aidez-moi',
    'J’ai besoin d’aide',
    'À l’aide',
    'مساعدة',
    'yardım',
  ],
  no: [
    'NON',
    'non',
    'Non.',
    'nn',
    'nan',
    'non merci',
    'non désolé',
    'لا',
    'hayır',
    'não',
    'je peux pas',
    'Je ne peux pas',
    'peu pas',
    'je ne pourrai pas venir',
    'je pourrais pas venir demain',
    'Je ne viendrai pas',
    'je vien pas',
    'je serai pas là',
    'Oui j’ai vu mais je ne pourrai pas venir',
    'ok mais je peux plus',
    'impossible pour moi',
    'pas possible',
    'je suis pas disponible',
    'j’ai un empêchement',
    'je suis en arrêt maladie je ne peux pas venir',
    'Je voudrais reporter mon rendez-vous',
    'je peux décaler mon rdv ?',
    'Je ne peux pas demain, je viendrai jeudi',
    'Peut-on changer la date ?',
    'Non je travaille',
    'je pourrai pa venir',
    'On peut reporter ?',
    'Je souhaite annuler',
    'je suis dans l’incapacité de venir',
  ],
  yes: [
    'نعم',
    'evet',
    'sim',
    'Sí',
    'je viens en stop',
    'OUI',
    'oui',
    'Oui !',
    'ouii',
    'ui',
    'ouais',
    'yes',
    'ok',
    'OK.',
    'Okay',
    'oki 👍',
    '👍',
    '✅',
    'd’accord',
    "D'ACCORD",
    'daccord',
    'c’est bon',
    'C’est noté, merci',
    'bien reçu',
    'ça marche',
    'pas de problème',
    'pas de soucis je serai là',
    'je viens',
    'Je viendrai',
    'oui je serai là',
    'Oui je viens bien demain à 9h30',
    'bonjour oui je serai présent merci',
    'je confirme ma présence',
    'je serai au rdv',
    'Je ne manquerai pas',
    'Reçu',
    'Très bien, sa marche',
    'ça me convient',
  ],
  free: [
    '',
    '   ',
    'merci',
    'Merci beaucoup, bonne journée',
    'stp',
    'Vous ne m’envoyez plus de rappel ?',
    'START',
    'C’est à quelle heure ?',
    'ok mais c’est où ?',
    'Oui mais j’aurai 20 minutes de retard',
    'oui ?',
    'oui non',
    'Non c’est bon je viens',
    'Je peux venir avec ma fille ?',
    'j’attends à l’arrêt de bus',
    'mon bus est à l’arrêt, j’ai bien eu votre message',
    'J’ai été arrêté hier, avez-vous eu mon message',
    'je suis en arrêt maladie',
    'Je travaille non-stop en ce moment',
    'N’arrêtez pas les SMS, ils m’aident',
    'je ne reçois plus de sms',
    'ce n’est pas moi qui décide des horaires',
    'vous vous trompez de date',
    'Je me suis trompé de numéro, pardon',
    'qui êtes-vous ?',
    'peut-être',
    'Mon avocat vous appellera',
    'je ne sais pas encore',
    'أهلا',
    '🙂',
  ],
};

const TABLE = REPLY_INTENTS.flatMap((intent) => REPLIES[intent].map((text) => [text, intent] as const));

it('is a table of at least sixty French replies', () => {
  expect(TABLE.length).toBeGreaterThanOrEqual(60);
});

it.each(TABLE)('%j is read as %s', (text, intent) => {
  expect(readReply(text).intent).toBe(intent);
});

it.each(['mauvais numéro, STOP', 'stop, ce n’est pas moi'])(
  '%j stops, and says it is a wrong number',
  (text) => {
    expect(readReply(text)).toMatchObject({ intent: 'stop', saysWrongPerson: true });
  },
);

it.each([
  ['merci', true],
  ['Merci beaucoup, bonne journée', true],
  ['bonjour', true],
  ['merci de me rappeler', false],
  ['c’est où ?', false],
])('%j needs nobody: %s', (text, expected) => {
  expect(readReply(text).isCourtesy).toBe(expected);
});

describe('whatever is typed', () => {
  const words = fc.constantFrom(...TABLE.map(([text]) => text));

  it('never throws, and answers one of the six', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string()),
        (text) => {
          expect(REPLY_INTENTS).toContain(readReply(text).intent);
        },
      ),
    );
  });

  it('lets STOP win over anything it stands beside', () => {
    const stop = fc.constantFrom('STOP', 'stop', 'Stop', 'ARRÊT SMS', 'désabonner', 'arrêtez les sms');
    const between = fc.constantFrom('. ', '\n', ', ', ' ! ', ' ; ');
    fc.assert(
      fc.property(words, stop, between, fc.boolean(), (other, wish, gap, before) => {
        expect(readReply(before ? `${wish}${gap}${other}` : `${other}${gap}${wish}`).intent).toBe('stop');
      }),
      { numRuns: 2000 },
    );
  });

  it('does not hang on case, accents, or signs around the words', () => {
    const dress = fc.constantFrom(
      (text: string) => text.toUpperCase(),
      (text: string) => text.normalize('NFD'),
      (text: string) => text.normalize('NFD').replace(/\p{M}/gu, ''),
      (text: string) => `  ${text}  `,
      (text: string) => `« ${text} »`,
      (text: string) => `${text} 😀`,
      (text: string) => text.replaceAll('’', "'"),
    );
    fc.assert(
      fc.property(fc.constantFrom(...TABLE), dress, ([text, intent], dressed) => {
        expect(readReply(dressed(text)).intent).toBe(intent);
      }),
      { numRuns: 1000 },
    );
  });

  it('answers at once, however long the text', () => {
    for (const unit of ['non ', 'arret ', 'je ne ', 'a pas ', 'merci ', 'stop-', 'plus de '])
      expect(REPLY_INTENTS).toContain(readReply(unit.repeat(50_000)).intent);
  });
});
