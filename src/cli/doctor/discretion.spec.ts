import { loadEnv } from '../../../config/load-env.js';
import { discretion } from './discretion.js';

const ENOUGH = {
  APP_ENV: 'test',
  DATABASE_URL: 'postgresql://msj@127.0.0.1/msj',
  PUBLIC_BASE_URL: 'https://rdv-suivi.example',
  SECRET_KEYS: 'k'.repeat(32),
  TWILIO_SENDER: 'SuiviRDV',
  LINK_MOBILITY_SENDER: 'SuiviRDV',
  MAIL_FROM: 'Suivi RDV <ne-pas-repondre@rdv-suivi.example>',
};

it('finds nothing to say of neutral names', () => {
  expect(discretion(loadEnv(ENOUGH)).state).toBe('ok');
});

it('says nothing of what is not set', () => {
  const absent = { TWILIO_SENDER: undefined, LINK_MOBILITY_SENDER: undefined, MAIL_FROM: undefined };
  expect(discretion(loadEnv({ ...ENOUGH, ...absent })).state).toBe('ok');
});

it.each([
  ['TWILIO_SENDER', 'MonSuiviJus'],
  ['TWILIO_SENDER', 'RdvJAP'],
  ['TWILIO_SENDER', 'SPIP92'],
  ['LINK_MOBILITY_SENDER', 'Justice'],
  ['LINK_MOBILITY_SENDER', 'TRIBUNAL'],
  ['PUBLIC_BASE_URL', 'https://monsuivijustice.example'],
  ['PUBLIC_BASE_URL', 'https://rdv.spip.example'],
  ['PUBLIC_BASE_URL', 'https://rdvspip.example'],
  ['MAIL_FROM', 'Rendez-vous <ne-pas-repondre@justice.example>'],
  ['MAIL_FROM', 'Votre juge <rdv@suivi.example>'],
  ['MAIL_FROM', 'ServicePénitentiaire <rdv@suivi.example>'],
])('warns of %s %s', (name, value) => {
  const finding = discretion(loadEnv({ ...ENOUGH, [name]: value }));
  expect(finding.state).toBe('warning');
  expect(finding.sentence.split(' ').at(-1)).toBe(name);
});
