import { randomUUID } from 'node:crypto';

/** Plans, hours and territories. */
const PLAN_FIELDS: Readonly<Record<string, string>> = {
  ...{ organization: '', type: '', version: '0', rows: '3', follows: '', weeklyLimit: '4', act: 'apply' },
  ...{ summonsChannel: 'auto', summonsAt: '', summonsUntil: '1', summonsSpaced: 'true' },
  ...{ afterAbsence: 'true', afterChannel: 'auto', afterAt: '', afterUntil: '168', afterSpaced: 'true' },
  ...{ opensAt: '08:00', closesAt: '20:00', closedDays: '' },
  ...{ territory: 'RE', operator: '', poorCoverage: 'true', earlierHours: '3' },
};
/** Texts of messages. */
const TEXT_FIELDS: Readonly<Record<string, string>> = {
  ...{ kind: 'reminder', language: 'fr', base: '0', text: 'RDV {rdv.quand}', fix: '', cheaper: '' },
  ...{ template: randomUUID(), confirmed: 'true' },
};
/** Trials. */
const TRIAL_FIELDS: Readonly<Record<string, string>> = {
  ...{ name: 'J-1 contre J-2', question: 'Quand faut-il rappeler ?', differsBy: 'timing', unit: 'person' },
  ...{ byService: 'true', byFirst: '', seed: 'graine', plannedSize: '800', endsOn: '2026-12-31' },
  ...{ look1: '', look2: '' },
};
/** Register of roll-outs, counts of before, plan by steps. */
const ROLLOUT_FIELDS: Readonly<Record<string, string>> = {
  ...{ scope: 'service', startedOn: '2026-01-01', rollout: randomUUID(), stoppedOn: '2026-05-01' },
  ...{ relativeChange: '30', fromOn: '2026-01-01', untilOn: '2026-06-01', targetNote: '' },
  ...{ source: 'Tableau du secrétariat', file: '', importId: randomUUID(), service: '', services: '' },
  ...{ steps: '2', firstMonth: '2026-09', months: '2', outcomes: '60', rate: '28', effect: '5', icc: '0,02' },
  ...{ seed: 'nanterre', name: 'Vague 2026' },
};
/** What an absence costs a service. */
const COST_FIELDS: Readonly<Record<string, string>> = {
  ...{
    show: 'mine',
    letter: '1,52',
    registered: '6,11',
    hour: '35',
    letters: '1',
    registeredLetters: '0,3',
    minutes: '20',
  },
};
/** Console: keys, webhooks, services, places, types. */
const CONSOLE_FIELDS: Readonly<Record<string, string>> = {
  ...{ organization: '', keyName: 'Greffe', role: 'local-admin', validDays: '90', overlapDays: '3' },
  ...{ url: 'https://logiciel.example/suivi', delivery: '', calendar: 'metropole', timeZone: 'Europe/Paris' },
  ...{ headquarters: '', newHeadquarters: '', interRessort: '', address: '1 rue des Lilas', placeKind: '' },
  ...{ contactMethod: 'phone', informationUrl: '', agendaName: 'Bureau 9' },
  ...{ siret: '13000000000014', emailDomains: 'justice.example' },
};
/** Sign-in and the agent's own account. */
const ACCOUNT_FIELDS: Readonly<Record<string, string>> = {
  ...{ code: '123456', current: 'x', proof: 'x', session: '' },
};
/** Agents, absences, moves, alerts. */
const AGENT_FIELDS: Readonly<Record<string, string>> = {
  ...{ role: 'cpip', organizationId: '', presence: '', toOrganizationId: '', heir: 'service' },
  ...{ startsOn: '2026-07-01', endsOn: '2026-07-02', replacementId: '', shareEmail: '', sharePhone: '' },
  ...{ level: 'info', alertText: 'Réunion à 9 h', charterVersion: '1', absence: '' },
};
/** A sound value for every field of every form; a form with another field fails `hostile-forms.spec.ts`. */
export const FIELDS: Readonly<Record<string, string>> = {
  ...ACCOUNT_FIELDS,
  ...AGENT_FIELDS,
  ...CONSOLE_FIELDS,
  ...PLAN_FIELDS,
  ...TEXT_FIELDS,
  ...ROLLOUT_FIELDS,
  ...TRIAL_FIELDS,
  ...COST_FIELDS,
  ...{
    _csrf: '',
    formToken: '',
    username: 'a@example.test',
    again: 'x',
    password: 'x',
    email: 'a@example.test',
  },
  ...{ returnTo: '/', query: 'durand', cursor: '', firstName: 'Dominique', lastName: 'Durand' },
  ...{ wordMeans: 'phone', wordSaidOn: '2026-06-09', heardBy: '' },
  ...{
    birthDate: '14/04/1990',
    phone: '06 12 34 56 78',
    dropPhone: '',
    dropEmail: '',
    what: 'phone',
    noPhone: '',
    smsRefused: '',
    register: 'standard',
  },
  ...{
    appiNumber: '',
    then: '',
    version: '',
    typeCode: 'suivi-spip',
    seat: '',
    agenda: '',
    date: '2026-06-12',
  },
  ...{
    time: '10:00',
    notify: 'true',
    cancelledBy: 'service',
    week: '2026-06-15',
    from: '2026-06-15',
    weeks: '1',
  },
  ...{
    durationMinutes: '30',
    capacity: '2',
    times: '09:00',
    rest: '',
    to: '2026-06',
    back: '',
    agendaId: '',
    note: 'rappelée ce matin',
    ...{ convocation: '', code: '7K3M-9QX2-A0VB-4C5D' },
    ...{ reason: 'panne de l’opérateur', hold: '', shown: '' },
  },
};
/** Fields of which a page has as many as it has rows or days. */
export const GROUPS =
  /^(row|outcome|heir|to|weekday|days|when|ahead|channel|at|until|arm|share|text|discreet|service|type|scope|event|link|attribute|role)\./;
export const UNKNOWN = ['unknown', 'row.x', 'outcome.x', 'weekday.9', '__proto__', 'constructor', 'a[b]'].map(
  (name) => [name, 'x'] as const,
);
/** What pages read from the query string. */
export const QUERIES = [
  'returnTo',
  'done',
  'week',
  'date',
  'agenda',
  'filter',
  'from',
  'to',
  'cursor',
  'query',
  'typeCode',
  'then',
  'undo',
  'show',
  'days',
  'organization',
  'type',
  'territory',
  'kind',
  'register',
  'language',
  'rollout',
  'plan',
  'service',
  'steps',
  'firstMonth',
  'presence',
  'role',
];
