import {
  messageVariables,
  renderTemplate,
  withStopLink,
  type RenderSource,
} from '../src/notifications/domain/render.js';
import { MESSAGE_KINDS } from '../src/notifications/domain/notification.states.js';
import { smsLength } from '../src/shared/sms-length.js';
import { DEFAULT_TEMPLATES } from './1763700000200-default-templates.js';

const STOP = 'https://monsuivijustice.example/s/Qk3vT9x_Lm-28ZpRw4YhNb';
const AWAY = ['visite-domicile', 'rdv-telephonique'];

const TYPICAL: RenderSource = {
  promise: { date: '2026-09-30', time: '14:30' },
  place: {
    name: 'SPIP 92 Nanterre',
    address: '94 boulevard President Kennedy 92000 Nanterre',
    phone: '+33147250000',
    email: null,
    contactMethod: 'phone',
    informationUrl: null,
  },
  showsAddress: true,
  stopUrl: null,
};

const CASES = DEFAULT_TEMPLATES.map((template) => ({
  ...template,
  sent: renderTemplate(
    template.text,
    messageVariables({ ...TYPICAL, showsAddress: !AWAY.includes(template.typeCode ?? '') }),
  ),
}));
const STANDARD = CASES.filter(({ register }) => register === 'standard');
const DISCREET = CASES.filter(({ register }) => register === 'discreet');

describe('the texts sent by default', () => {
  it('are one of each kind for the 16 types, and one of each kind in the discreet register', () => {
    expect(new Set(STANDARD.map(({ kind, typeCode }) => `${kind} ${typeCode}`)).size).toBe(16 * 5);
    expect(DISCREET.map(({ kind }) => kind).sort()).toEqual([...MESSAGE_KINDS].sort());
    expect(CASES).toHaveLength(17 * 5);
  });

  it.each(CASES)(
    '$register $typeCode $kind says when and whom to call, in two parts at most',
    ({ kind, sent }) => {
      const whole = kind === 'summons' || kind === 'rescheduling' ? withStopLink(sent, STOP) : sent;
      expect(sent).toContain('mercredi 30 septembre 2026 à 14h30');
      expect(sent).toContain('01 47 25 00 00');
      expect(smsLength(whole).costlyCharacters).toEqual([]);
      expect(smsLength(whole).segments).toBeLessThanOrEqual(2);
      expect(sent).not.toMatch(/ {2}|\s[,.]|[,.]{2}|[{}]/);
    },
  );

  it.each(CASES.filter(({ kind }) => kind === 'reminder'))(
    '$typeCode: a reminder is one part',
    ({ sent }) => {
      expect(smsLength(sent)).toMatchObject({ segments: 1 });
    },
  );

  it.each(STANDARD)('$typeCode $kind says who writes in its first words', ({ sent }) => {
    expect(sent).toMatch(/^(RAPPEL )?(SPIP|JAP|JAPAT) :/);
  });

  it.each(STANDARD.filter(({ kind }) => kind === 'reminder'))(
    '$typeCode: attendance is mandatory',
    ({ sent }) => {
      expect(sent).toContain('obligatoire');
    },
  );

  it.each(STANDARD)('$typeCode $kind names no measure', ({ sent }) => {
    expect(sent).not.toMatch(/bracelet|surveillance|DDSE|TIG|TNR|peine|sursis|stage|obligation\b|741/i);
  });

  it.each(STANDARD.filter(({ typeCode }) => AWAY.includes(typeCode ?? '')))(
    '$typeCode $kind gives no address',
    ({ text }) => {
      expect(text).not.toMatch(/\{lieu\.(adresse|nom)\}/);
    },
  );

  it.each(DISCREET)('discreet $kind has no word of justice', ({ sent }) => {
    expect(sent).not.toMatch(
      /SPIP|SAP\b|JAP|justice|judiciaire|tribunal|juge|peine|probation|convocation|obligatoire|prison|condamn|p[ée]nal/i,
    );
  });

  it.each(DISCREET)('discreet $kind reads well where no address is shown', ({ text }) => {
    const sent = renderTemplate(text, messageVariables({ ...TYPICAL, showsAddress: false }));
    expect(sent).not.toMatch(/ {2}|\s[,.]|,\.|Kennedy/);
  });
});
