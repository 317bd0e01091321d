import fc from 'fast-check';
import type { Hold } from '../../notifications/surety/sending-hold.js';
import { NO_FIGURES, type SuretyFigures } from '../../notifications/surety/surety.query.js';
import { type Situation, verdictOf } from './verdict.js';
import {
  agoInWords,
  durationInWords,
  holdAdvice,
  holdFinding,
  holdTitle,
  searchWords,
  tasksWord,
} from './words.js';

const NOW = new Date('2026-06-08T08:12:00Z');
const before = (seconds: number) => new Date(NOW.getTime() - seconds * 1000);

function situation(figures: Partial<SuretyFigures>, more: Partial<Situation> = {}): Situation {
  return {
    figures: { ...NO_FIGURES, ...figures },
    pulse: {
      now: NOW,
      realNow: NOW,
      oldestDue: null,
      late: 0,
      waiting: 0,
      lastRelayRun: before(1),
      lastReceipt: null,
      expiredLately: 0,
      oldDoubts: 0,
      unfollowed: 0,
      taskAges: {},
    },
    operators: [],
    hold: null,
    smsIsOn: true,
    ...more,
  };
}
const words = (asked: Situation) => {
  const { strong, rest } = verdictOf(asked);
  return [strong, ...rest].join(' ').replaceAll(/[\u00a0\u202f]/g, ' ');
};

describe('the page in one sentence', () => {
  it.each<[string, Partial<SuretyFigures>, string]>([
    [
      'ok',
      { due: 1115, onTime: 1115, delivered: 1115 },
      'Les 1 115 messages dus sont tous partis à l’heure. Aucun doublon.',
    ],
    ['ok', { due: 1, onTime: 1, delivered: 1 }, 'Le message dû est parti à l’heure. Aucun doublon.'],
    ['ok', {}, 'Aucun message n’était dû sur la période.'],
    [
      'warn',
      { due: 1115, onTime: 1106, late: 6, expired: 2, uncertain: 1 },
      '1 106 des 1 115 messages dus sont partis à l’heure. 6 partis en retard, 2 périmés, un agent est chargé de chacun, 1 en vérification. Aucun doublon.',
    ],
    [
      'ok',
      { due: 10, onTime: 8, delivered: 8, suppressed: 2 },
      '8 des 10 messages dus sont partis à l’heure. 2 sans moyen d’envoi (refus, pas de mobile). Aucun doublon.',
    ],
    [
      'warn',
      { due: 2, onTime: 2, delivered: 2, possibleDuplicates: 1 },
      'Les 2 messages dus sont tous partis à l’heure. 1 doublon possible.',
    ],
    [
      'bad',
      { due: 1000, onTime: 1000, undelivered: 1000 },
      '1 000 non reçus sur 1 000 dus. Les 1 000 messages dus sont tous partis à l’heure. Aucun doublon.',
    ],
    [
      'bad',
      { due: 1000, onTime: 0, undelivered: 1000 },
      '1 000 non reçus sur 1 000 dus. 0 des 1 000 messages dus est parti à l’heure. 1 000 refusés. Aucun doublon.',
    ],
    [
      'warn',
      { due: 50, onTime: 50, delivered: 44, undelivered: 6 },
      '6 non reçus sur 50 dus. Les 50 messages dus sont tous partis à l’heure. Aucun doublon.',
    ],
    [
      'ok',
      { due: 50, onTime: 50, delivered: 45, undelivered: 5 },
      'Les 50 messages dus sont tous partis à l’heure. 5 non reçus sur 50 dus. Aucun doublon.',
    ],
    [
      'ok',
      { due: 4, onTime: 4, delivered: 3, undelivered: 1 },
      'Les 4 messages dus sont tous partis à l’heure. 1 non reçu sur 4 dus. Aucun doublon.',
    ],
  ])('is %s: %j', (shape, figures, expected) => {
    expect(verdictOf(situation(figures)).shape).toBe(shape);
    expect(words(situation(figures))).toBe(expected);
  });

  it('says first what stops everything', () => {
    const figures = { due: 9, onTime: 9, waiting: 3 };
    const hold = { id: '1', reason: 'command', detail: null, since: NOW, setBy: 'cli' } as const;
    expect(words(situation(figures, { hold }))).toBe(
      'Les envois sont retenus : rien ne part. 3 messages attendent.',
    );
    expect(words(situation(figures, { smsIsOn: false }))).toMatch(/^Aucun opérateur n’est configuré/);
    const silent = { ...situation(figures).pulse, lastRelayRun: before(720) };
    expect(words(situation(figures, { pulse: silent }))).toMatch(
      /^Le moteur d’envoi est arrêté depuis 12 min/,
    );
    expect(verdictOf(situation(figures, { pulse: silent })).shape).toBe('bad');
    const stranger = { ...hold, id: null, reason: 'environment-mismatch' } as const;
    expect(words(situation(figures, { hold: stranger }))).toMatch(/autre environnement/);
  });

  it('names an operator that does not answer', () => {
    const outage = {
      operator: 'link-mobility',
      circuit: 'open',
      since: NOW,
      lastAlert: null,
      lastAlertAt: null,
      comparison: null,
    } as const;
    const asked = situation({ due: 2, onTime: 2 }, { operators: [outage] });
    expect(words(asked)).toContain('LINK Mobility ne répond pas.');
    expect(verdictOf(asked).shape).toBe('warn');
  });

  it('is never all well when something is late, lost or in doubt, or when much does not arrive', () => {
    const count = fc.nat(50);
    const figures = fc.record({
      delivered: count,
      undelivered: count,
      late: count,
      expired: count,
      uncertain: count,
      waiting: count,
    });
    fc.assert(
      fc.property(figures, ({ delivered, undelivered, ...parts }) => {
        const onTime = delivered + undelivered;
        const due = Object.values(parts).reduce((sum, part) => sum + part, onTime);
        const asked = situation({ ...parts, delivered, undelivered, onTime, due });
        const isLost = due >= 5 && undelivered * 10 > due;
        expect(verdictOf(asked).shape === 'ok').toBe(due === onTime && !isLost);
        expect(words(asked).includes('non reçu')).toBe(undelivered > 0);
      }),
    );
  });
});

describe('a hold in words', () => {
  const hold = { id: '1', reason: 'restored-backup', since: NOW, setBy: 'worker' } as const;
  const said = (detail: string, more: Partial<Hold> = {}) =>
    holdFinding({ ...hold, ...more, detail })?.replaceAll(/[\u00a0\u202f]/g, ' ');

  it('tells what was found, and the date of the backup, in French', () => {
    expect(
      said('restored from the backup of 2026-06-07T22:30:00.000Z: compare with the operators, then release', {
        setBy: 'cli',
      }),
    ).toBe('Base restaurée de la sauvegarde du lundi 8 juin 2026 à 0 h 30 (heure de Paris).');
    expect(said('twilio took 3 messages that this database does not know')).toBe(
      'Twilio a pris 3 messages que cette base ne connaît pas.',
    );
    for (const detail of [
      'a text left of which this database knows nothing',
      'this database came back elsewhere or from its archive, and link-mobility gave no list',
    ])
      expect(said(detail)).toMatch(/base/);
    expect(said('something new')).toBe('« something new »');
    expect(said('Texte à corriger', { reason: 'command' })).toBe('« Texte à corriger »');
    expect(holdFinding({ ...hold, detail: null })).toBeNull();
  });

  it('asserts nothing of an operator that nobody asked', () => {
    const restored = { ...hold, detail: null, setBy: 'cli' } as const;
    expect(holdTitle(restored)).toBe('Sauvegarde restaurée.');
    expect(holdAdvice(restored)).toContain('reprendre peut l’envoyer une deuxième fois');
    expect(holdTitle({ ...restored, setBy: 'worker' })).toBe('Sauvegarde restaurée\u00a0?');
    for (const setBy of ['cli', 'worker'])
      expect(holdAdvice({ ...restored, setBy })).not.toContain('a pris des messages');
  });
});

describe('ages in words', () => {
  it.each([
    [0, '0 s'],
    [59.9, '59 s'],
    [60, '1 min'],
    [3599, '59 min'],
    [3600, '1 h'],
    [86_400 * 3, '3 j'],
  ])('%d seconds are %s', (seconds, expected) => {
    expect(durationInWords(seconds)).toBe(expected.replace(' ', '\u00a0'));
  });

  it('has no age for this instant', () => {
    expect(agoInWords(0.4)).toBe('à l’instant');
    expect(agoInWords(2)).toBe('il y a 2\u00a0s');
  });
});

describe('the repeated tasks in one word', () => {
  it('names what stopped for over five minutes, of what runs each minute or oftener', () => {
    expect(tasksWord({}).word).toBe('Jamais passées');
    expect(tasksWord({ relay: 1, 'follow-up': 299, 'forget-names': 80_000 })).toEqual({
      word: 'À l’heure',
      shape: 'ok',
    });
    expect(tasksWord({ relay: 1, 'follow-up': 301, 'seal-journal': 900 })).toEqual({
      word: 'À l’arrêt\u00a0: follow-up, seal-journal',
      shape: 'bad',
    });
  });
});

describe('a doubt in words', () => {
  const hour = (date: Date) => `${date.getUTCHours()} h ${String(date.getUTCMinutes()).padStart(2, '0')}`;
  const at = (time: string) => new Date(`2026-06-08T${time}:00Z`);
  const doubt = { lookups: 0, nextLookupAt: at('03:02'), decidedBy: at('03:06') };
  const said = (more: Partial<Parameters<typeof searchWords>[0]> = {}) =>
    searchWords({ ...doubt, givesList: true, isOverdue: false, ...more }, hour).replaceAll('\u00a0', ' ');

  it.each([
    [{}, 'Prochaine recherche à 3 h 02, décision au plus tard à 3 h 06.'],
    [
      { lookups: 2 },
      'Cherché 2 fois, introuvable ; prochaine recherche à 3 h 02, décision au plus tard à 3 h 06.',
    ],
    [
      { lookups: 2, isOverdue: true, nextLookupAt: at('03:08') },
      'L’opérateur ne donne pas sa liste ; prochaine recherche à 3 h 08. S’il se tait jusqu’au bout, un agent est prévenu.',
    ],
    [
      { givesList: false },
      'Il n’y a pas de liste où le chercher : son accusé est attendu, décision vers 3 h 06.',
    ],
  ])('promises no decision that nobody can take: %j', (more, words) => {
    expect(said(more)).toBe(words);
  });
});
