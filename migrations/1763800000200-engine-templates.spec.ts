import { Temporal } from 'temporal-polyfill';
import { SERVICES } from '../demo/world/services.js';
import { renderTemplate } from '../src/notifications/domain/render.js';
import { MESSAGE_KINDS } from '../src/notifications/domain/notification.states.js';
import { messageVariables, type RenderSource } from '../src/notifications/domain/template-variables.js';
import { type StopLink, withStopLink } from '../src/notifications/templates/compose-message.js';
import { ORDINARY as SAMPLE } from '../src/notifications/templates/template-samples.query.js';
import { languageOf, MESSAGE_LANGUAGES } from '../src/shared/message-languages.js';
import { smsLength } from '../src/shared/sms-length.js';
import { FRENCH } from './texts/french-2.js';
import type { TemplateRow } from './texts/rows.js';
import { DRAFTS } from './texts/drafts.js';

const STOP: StopLink = { url: 'https://monsuivijustice.example/s/Qk3vT9x_Lm-28ZpRw4YhNb', by: 'sms' };
const TYPES = [
  ...['sortie-audience-sap', 'sortie-audience-spip', 'sap-ddse', 'suivi-jap', 'debat-contradictoire'],
  ...[
    'convocation-japat',
    'premiere-convocation-spip',
    'suivi-spip',
    'convocation-741-1',
    'placement-tig-tnr',
  ],
  ...['visite-domicile', 'rdv-telephonique', 'convocation-ddse', 'convocation-stage', 'rappel-spip'],
  'action-collective',
];
const AWAY = ['visite-domicile', 'rdv-telephonique'];
/** The longest French day, the day before. */
const PROMISE = { date: '2026-09-30', time: '14:30', timeZone: 'Europe/Paris' };
const DAY_BEFORE = Temporal.Instant.from('2026-09-29T12:30:00Z');
const WEEK_BEFORE = Temporal.Instant.from('2026-09-23T12:30:00Z');

/** What the pages show a text with where a service has no place. */
const ORDINARY = {
  name: SAMPLE.placeName,
  address: SAMPLE.placeAddress,
  phone: SAMPLE.placePhone,
  email: SAMPLE.placeEmail,
  contactMethod: SAMPLE.contactMethod,
  informationUrl: SAMPLE.informationUrl,
};

function sent(
  template: TemplateRow,
  place: Partial<RenderSource['place']> = {},
  typeCode = template.typeCode,
  now = DAY_BEFORE,
) {
  const source: RenderSource = {
    ...{ promise: PROMISE, now, stopUrl: null },
    language: languageOf(template.language).code,
    place: { ...ORDINARY, ...place },
    showsAddress: !AWAY.includes(typeCode ?? ''),
  };
  return renderTemplate(template.text, messageVariables(source));
}

/** As it is chosen for a type: its own text, else the general one. */
function chosen(rows: readonly TemplateRow[], type: string, kind: string, register: string, language = 'fr') {
  const fitting = rows.filter(
    (row) => row.kind === kind && row.register === register && row.language === language,
  );
  return (
    fitting.find(({ typeCode }) => typeCode === type) ?? fitting.find(({ typeCode }) => typeCode === null)
  );
}

const CASES = TYPES.flatMap((type) =>
  (['standard', 'discreet'] as const).flatMap((register) =>
    MESSAGE_KINDS.map((kind) => ({ type, register, kind, row: chosen(FRENCH, type, kind, register) })),
  ),
);
const isFirst = (kind: string) => kind === 'summons' || kind === 'rescheduling';

describe('the texts sent by default', () => {
  it('are one of each kind for the 16 types in both registers', () => {
    expect(CASES).toHaveLength(16 * 5 * 2);
    expect(CASES.filter(({ row }) => row === undefined)).toEqual([]);
    const keys = FRENCH.map(({ kind, typeCode, register }) => `${kind} ${typeCode} ${register}`);
    expect(new Set(keys).size).toBe(FRENCH.length);
  });

  it.each(CASES)(
    '$type $register $kind says when and whom to call, in two parts at most',
    ({ row, kind, type }) => {
      if (row === undefined) throw new Error('no text');
      for (const place of [ORDINARY, ...SERVICES.map(placeOf)]) {
        const text = sent(row, place, type);
        const whole = isFirst(kind) ? withStopLink(text, STOP, 'fr') : text;
        expect(text).toMatch(/mercredi 30 septembre( 2026)? à 14h30/);
        expect(text).toMatch(/0\d( \d\d){4}|\+\d{9}/);
        expect(smsLength(whole).costlyCharacters).toEqual([]);
        expect(smsLength(whole).segments).toBeLessThanOrEqual(kind === 'reminder' ? 1 : 2);
        expect(text).not.toMatch(/ {2}|\s[,.]|[,.]{2}|[{}]/);
      }
    },
  );

  it.each(CASES.filter(({ register }) => register === 'standard'))(
    '$type $kind says who writes in its first words, and names no measure',
    ({ row, kind }) => {
      const text = sent(row ?? raise());
      expect(text).toMatch(/^(RAPPEL )?(SPIP|JAP|JAPAT) :/);
      expect(text).not.toMatch(/bracelet|surveillance|DDSE|TIG|TNR|peine|sursis|stage|obligation\b|741/i);
      if (kind !== 'cancellation' && kind !== 'after-absence') expect(text).toContain('obligatoire');
    },
  );

  it.each(CASES.filter(({ register }) => register === 'discreet'))(
    '$type $kind has no word of justice for a telephone that others read',
    ({ row }) => {
      expect(sent(row ?? raise())).not.toMatch(
        /SPIP|SAP\b|JAP|justice|judiciaire|tribunal|juge|peine|probation|convocation|obligatoire|prison|condamn|p[ée]nal/i,
      );
    },
  );

  it.each(CASES)(
    '$type $register $kind leaves nothing dangling where the place has no telephone',
    ({ row, type }) => {
      const text = sent(row ?? raise(), { phone: null }, type);
      expect(text).toMatch(/[.:\d]$/);
      expect(text).not.toMatch(/:\s*$|\s[,.]|[,.]{2}|Question|Contact$|appeler/);
    },
  );

  it.each(CASES.filter(({ type }) => AWAY.includes(type)))(
    '$type $register $kind gives no address',
    ({ row, type }) => {
      expect(sent(row ?? raise(), {}, type)).not.toContain('Kennedy');
      if (type === 'rdv-telephonique') expect(sent(row ?? raise(), {}, type)).toContain('par téléphone');
    },
  );
});

describe('the drafts in other languages', () => {
  const others = MESSAGE_LANGUAGES.filter(({ code }) => code !== 'fr');
  const drafts = others.flatMap(({ code }) =>
    TYPES.flatMap((type) =>
      (['standard', 'discreet'] as const).flatMap((register) =>
        (['summons', 'reminder', 'rescheduling', 'cancellation'] as const).map((kind) => ({
          ...{ code, type, register, kind },
          row: chosen(DRAFTS, type, kind, register, code),
        })),
      ),
    ),
  );

  it('are there for every language, type and register', () => {
    expect(drafts.filter(({ row }) => row === undefined)).toEqual([]);
  });

  it.each(drafts)(
    '$code $register $type $kind says when, in two parts at most on every place',
    ({ row, kind, type, code, register }) => {
      for (const place of [ORDINARY, ...SERVICES.map(placeOf)])
        for (const now of [DAY_BEFORE, WEEK_BEFORE]) {
          const text = sent(row ?? raise(), place, type, now);
          const whole = isFirst(kind) ? withStopLink(text, STOP, code) : text;
          expect(text).toMatch(/30.*14[:h]30/);
          if (code !== 'ar') expect(smsLength(whole).costlyCharacters).toEqual([]);
          expect(smsLength(whole).segments).toBeLessThanOrEqual(mostParts(code, register, kind));
          expect(text).not.toMatch(/ {2}|\s[,.]|[,.]{2}|[{}]|\n\n/);
        }
    },
  );

  it.each(drafts.filter(({ code, kind }) => code === 'ar' && kind === 'rescheduling'))(
    '$code $register $type $kind says that the appointment was moved, not that there is a second one',
    ({ row, type }) => {
      const text = sent(row ?? raise(), {}, type);
      expect(text).toMatch(/تغيير: |تغير موعدك: /);
      expect(text).not.toContain('جديد');
    },
  );

  it.each(drafts)('$code $register $type $kind says where and whom to call', (draft) => {
    const text = sent(draft.row ?? raise(), {}, draft.type);
    if (draft.register === 'standard') expect(text).toContain(ORDINARY.name);
    if (saysAddress(draft)) expect(text).toContain(ORDINARY.address);
    if (saysPhone(draft)) expect(text).toMatch(/01 47 25 00 00|0147250000/);
  });
});

type Draft = Readonly<Record<'code' | 'register' | 'type' | 'kind', string>> & {
  row?: TemplateRow | undefined;
};

/** In Arabic a first text has room for the name of the place or, where it may not be said, for its address. */
function saysAddress({ row, code, register, kind }: Draft): boolean {
  if (row?.typeCode !== null || kind === 'cancellation') return false;
  return code !== 'ar' || register === 'discreet' || !isFirst(kind);
}

function saysPhone({ row, code, register, kind, type }: Draft): boolean {
  if (code !== 'ar' || !isFirst(kind) || AWAY.includes(type)) return true;
  return (register === 'standard') === (row?.typeCode === null);
}

function mostParts(code: string, register: string, kind: string): number {
  return code !== 'ar' && kind === 'reminder' && register === 'discreet' ? 1 : 2;
}

function placeOf(service: (typeof SERVICES)[number]) {
  return { name: service.placeName, address: service.address, phone: service.phone };
}

function raise(): never {
  throw new Error('no text');
}
