/** A table of which each service sees its own rows only. Conditions are SQL over the table's own columns. */
export interface WalledTable {
  readonly table: string;
  /** What it tells about a person. */
  readonly reason: string;
  /** Rows that are seen, changed and deleted. */
  readonly sees: string;
  /** Rows that may be added; absent: those that are seen. */
  readonly adds?: string;
  /** Columns that statistics reads, of every service: never a name, a number or an address. */
  readonly counted?: readonly string[] | 'all';
}

// Each of these subqueries is asked once per statement, whatever the number of rows.
const EVERYWHERE = '(SELECT scope_everywhere())';
const SERVICES = '(SELECT scope_services())::uuid[]';

const orEverywhere = (...conditions: readonly string[]) => [EVERYWHERE, ...conditions].join(' OR ');
const ofService = (column: string) => `${column} = ANY (${SERVICES})`;
/** Of one of the services, or of all of France: what is said to everybody is seen by whoever acts for a service. */
const ofServiceOrAll = (column: string) =>
  `(${ofService(column)} OR (${column} IS NULL AND ${SERVICES} <> '{}'))`;
const ofPerson = (column: string) =>
  `EXISTS (SELECT FROM person_in_scope seen WHERE seen.person_id = ${column})`;
/** The policies of the other table hold in there too. */
const beside = (table: string, condition: string) => `EXISTS (SELECT FROM ${table} WHERE ${condition})`;

const LINKED_SERVICE = `EXISTS (SELECT FROM organization_link l WHERE
  (l.tj_id = person_organization.organization_id AND l.spip_id = ANY (${SERVICES}))
  OR (l.spip_id = person_organization.organization_id AND l.tj_id = ANY (${SERVICES})))`;

/** The wall, table by table: `cli migrate` raises it, a test holds every table of the schema to this list or the next. */
export const WALLED_TABLES: readonly WalledTable[] = [
  {
    table: 'person',
    reason: 'who is under supervision',
    sees: orEverywhere(
      ofPerson('person.id'),
      `(${ofService('person.created_by_organization_id')} AND NOT person_has_followers(person.id))`,
    ),
    adds: orEverywhere(ofService('person.created_by_organization_id')),
    counted: [
      'id',
      'birth_date',
      'phone_mobile',
      'sms_refused_at',
      'sms_refused_origin',
      'archived_at',
      'language',
    ],
  },
  {
    table: 'person_organization',
    reason: 'which services follow whom',
    sees: orEverywhere(ofPerson('person_organization.person_id')),
    // A person that is seen may be shared with a linked service, never with another one.
    adds: orEverywhere(
      `(${beside('person p', 'p.id = person_organization.person_id')}
        AND (${ofService('person_organization.organization_id')} OR ${LINKED_SERVICE}))`,
    ),
  },
  {
    table: 'convocation',
    reason: 'who is summoned where, and whether they came',
    sees: orEverywhere(
      ofService('convocation.organization_id'),
      ofService('convocation.created_by_organization_id'),
      'EXISTS (SELECT FROM followed_in_scope seen WHERE seen.person_id = convocation.person_id)',
    ),
    adds: orEverywhere(
      `(${ofService('convocation.organization_id')} AND ${ofService('convocation.created_by_organization_id')}
        AND ${beside('person p', 'p.id = convocation.person_id')})`,
    ),
    counted: 'all',
  },
  {
    table: 'history_entry',
    reason: 'what happened to a person',
    sees: orEverywhere(ofPerson('history_entry.person_id')),
  },
  {
    table: 'message',
    reason: 'what a person is told',
    sees: orEverywhere(beside('convocation c', 'c.id = message.convocation_id')),
    counted: 'all',
  },
  {
    table: 'delivery_attempt',
    reason: 'where it was sent',
    sees: orEverywhere(beside('message m', 'm.id = delivery_attempt.message_id')),
    counted: [
      'id',
      'message_id',
      'number',
      'channel',
      'operator',
      'result',
      'segments',
      'error_code',
      'started_at',
    ],
  },
  {
    table: 'receipt',
    reason: 'whether it arrived',
    sees: orEverywhere(beside('delivery_attempt a', 'a.id = receipt.attempt_id')),
  },
  {
    table: 'stop_link',
    reason: 'links that stop the messages of a person',
    sees: orEverywhere(ofPerson('stop_link.person_id')),
  },
  {
    table: 'agent_task',
    reason: 'what is to be done about a person',
    sees: orEverywhere(ofService('agent_task.organization_id')),
    counted: ['id', 'person_id', 'kind', 'opened_at'],
  },
  {
    table: 'inbound_message',
    reason: 'what a person answered',
    sees: orEverywhere(beside('inbound_message_person l', 'l.inbound_message_id = inbound_message.id')),
  },
  {
    table: 'inbound_message_person',
    reason: 'who answered',
    sees: orEverywhere(ofPerson('inbound_message_person.person_id')),
  },
  {
    table: 'trial',
    reason: 'in which services persons are drawn into arms, and by which question',
    sees: orEverywhere(
      beside('trial_population tp', `tp.trial_id = trial.id AND ${ofService('tp.organization_id')}`),
    ),
    adds: orEverywhere(),
    counted: 'all',
  },
  {
    table: 'trial_assignment',
    reason: 'who is in which arm of a trial',
    sees: orEverywhere(),
    counted: 'all',
  },
  {
    table: 'trial_convocation',
    reason: 'whose convocation counts in which arm',
    sees: orEverywhere(beside('convocation c', 'c.id = trial_convocation.convocation_id')),
    counted: 'all',
  },
  {
    table: 'journal_entry',
    reason: 'who looked at whom',
    sees: orEverywhere(ofService('journal_entry.organization_id'), ofPerson('journal_entry.person_id')),
    // Whatever is done is noted, by whomever.
    adds: 'true',
  },
  {
    table: 'certificate',
    reason: 'what was certified of the messages of a person',
    sees: orEverywhere(ofService('certificate.organization_id'), ofPerson('certificate.person_id')),
  },
  {
    table: 'webhook_endpoint',
    reason: 'to which software a service tells its convocations',
    sees: orEverywhere(ofService('webhook_endpoint.organization_id')),
  },
  {
    table: 'webhook_delivery',
    reason: 'which convocations were told to it',
    sees: orEverywhere(ofService('webhook_delivery.organization_id')),
  },
  {
    table: 'agent',
    reason: 'who works where, and how to reach them; `named_agent` gives a name beside a row that is seen',
    sees: orEverywhere(ofService('agent.organization_id')),
  },
  {
    table: 'agent_transfer',
    reason: 'who leaves a service for another',
    sees: orEverywhere(
      ofService('agent_transfer.from_organization_id'),
      ofService('agent_transfer.to_organization_id'),
    ),
  },
  {
    table: 'agent_alert',
    reason: 'what administrators say to the agents of a service, and who wrote it',
    sees: orEverywhere(ofServiceOrAll('agent_alert.organization_id')),
    adds: orEverywhere(ofService('agent_alert.organization_id')),
  },
  {
    table: 'api_key',
    reason: 'which programs a service lets in, and who let them in',
    sees: orEverywhere(ofService('api_key.organization_id')),
  },
  {
    table: 'template',
    reason: 'the words of a service, and who wrote and reviewed them',
    sees: orEverywhere(ofServiceOrAll('template.organization_id')),
    adds: orEverywhere(ofService('template.organization_id')),
  },
  {
    table: 'rollout',
    reason: 'which agents a roll-out is about, and who wrote it down',
    sees: orEverywhere(ofService('rollout.organization_id')),
  },
  {
    table: 'rollout_target',
    reason: 'what a service aims at, and who wrote it down',
    sees: orEverywhere(ofService('rollout_target.organization_id')),
  },
  {
    table: 'rollout_plan',
    reason: 'what a service plans, and who wrote it down',
    sees: orEverywhere(ofService('rollout_plan.organization_id')),
  },
  {
    table: 'baseline_import',
    reason: 'who brought the counts of before',
    sees: orEverywhere(ofService('baseline_import.organization_id')),
    counted: 'all',
  },
];

const SIGN_IN = 'about the sign-in of an agent, found by a secret that only its holder knows';
const BY_WHOM = 'names the agent who wrote it, and no person';

/** Tables that name a person or an agent and have no wall, with the reason. */
export const OPEN_TABLES: Readonly<Record<string, string>> = {
  session: SIGN_IN,
  sign_in_link: SIGN_IN,
  recovery_code: SIGN_IN,
  known_origin: SIGN_IN,
  agent_absence: 'days on which an agent is away; the tasks that move are behind the wall',
  agent_alert_read: 'marks of an agent on what administrators wrote',
  agent_mail: 'that an agent is to be written to; read by the worker',
  impersonation: SIGN_IN,
  contact: 'sealed numbers and addresses; whose they are is behind the wall',
  phone_block: 'names a sealed number and no person',
  idempotency_key: 'sealed answers, found by caller and key',
  journal_unlinked: 'ids of journal entries',
  journal_link: 'ids of journal entries',
  reminder_plan: BY_WHOM,
  replan: 'how far a change of plan has come: counts, and the id of a convocation',
  territory_setting: BY_WHOM,
  trial_event: BY_WHOM,
  service_unit_cost: BY_WHOM,
  organization: 'a service and how to reach it',
  place: 'a place and how to reach it',
  attendance_cell: 'counts of convocations',
  public_figure: 'counts of persons, rounded, for everybody to read',
};

/** Tables without persons that statistics reads. */
export const COUNTED_TABLES = [
  'organization',
  'organization_link',
  'place',
  'agenda',
  'appointment_type',
  'clock_offset',
  'environment',
  'service_unit_cost',
  'baseline_count',
  'trial_arm',
] as const;

/** Tables that statistics alone fills. */
export const FIGURE_TABLES = [
  'attendance_delta',
  'attendance_cell',
  'attendance_design_effect',
  'breakdown_cell',
  'breakdown_total',
  'breakdown_fold',
  'text_cost_cell',
  'public_figure',
  'task_run',
] as const;

/** Views of the policies: read, never written through. */
export const SCOPE_VIEWS = ['followed_in_scope', 'person_in_scope'] as const;

/** The same, with names of agents: not for statistics. */
export const NAME_VIEWS = ['named_agent'] as const;

/** What statistics may know of columns they may not read. */
export const COUNT_VIEWS = ['person_with_phone'] as const;
