import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { loadEnv } from '../../../config/load-env.js';
import { readReturned } from '../../../src/cli/mail-returned.command.js';
import { MailGateway } from '../../../src/notifications/providers/mail.gateway.js';
import { keepContacts } from '../../../src/platform/contacts.js';
import { BadRelay, type RelayBehaviour, type RelayedMail } from '../../support/bad-relay.js';
import type { Engine } from '../../support/engine.js';
import { aDeliveryReport } from '../../support/returned-mails.js';
import { equal, type Fault } from '../fault.js';
import type { Rig } from '../rig/rig.js';

const RETURNS = 'retours@msj.example';
const EACH = 3;
/** Minutes after which every doubt is decided and every retry has had its turn. */
const PATIENCE_MINUTES = 40;

/** What the relay does at the first call for one address; it takes whatever follows. */
const AT_FIRST: readonly RelayBehaviour[] = [
  ...(['accept', 'defer-recipient', 'defer-text', 'cut-before-text', 'take-then-cut'] as const),
];
/** What it does at every call. */
const ALWAYS: readonly RelayBehaviour[] = ['refuse-recipient', 'refuse-text'];

/** Persons without a telephone, `EACH` for each behaviour, whose address names it. */
async function withoutTelephone(rig: Rig, behaviours: readonly RelayBehaviour[]): Promise<BadRelay> {
  const addresses = behaviours.flatMap((behaviour) =>
    Array.from({ length: EACH }, (_, i) => `${behaviour}.${i}@example.org`),
  );
  await rig.plan(addresses.length);
  const contacts = await keepContacts(rig.database.dataSource.manager, 'email', addresses);
  await rig.query(
    `UPDATE person p SET phone_id = NULL, phone_mobile = false, no_phone = true, email_id = v.email_id
       FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM person) AS ranked,
            unnest($1::uuid[]) WITH ORDINALITY AS v(email_id, n)
      WHERE ranked.id = p.id AND v.n = ranked.n`,
    [addresses.map((address) => contacts.get(address))],
  );
  const relay = rig.keep(await new BadRelay().start());
  relay.behaviour = (to, nth) => {
    const named = behaviours.find((behaviour) => to.startsWith(`${behaviour}.`)) ?? 'accept';
    return nth === 1 || ALWAYS.includes(named) ? named : 'accept';
  };
  return relay;
}

function mailing(rig: Rig, relay: BadRelay): Promise<Engine> {
  return rig.engine({
    ...{ SMTP_URL: relay.smtpUrl, MAIL_FROM: 'no-reply@msj.example', MAIL_RETURN_ADDRESS: RETURNS },
  });
}

/** Minute by minute, until nothing waits or is in doubt any more. */
async function workOff(rig: Rig, engine: Engine): Promise<void> {
  for (let minute = 0; minute < PATIENCE_MINUTES; minute++) {
    await rig.tasks(engine);
    await engine.drain();
    await rig.travel('1 minute');
  }
  await rig.tasks(engine);
  equal(await rig.count(`state IN ('planned', 'queued', 'sending', 'uncertain')`), 0, 'messages that wait');
}

/** The judge knows a mail as it knows a text: by the token that it brings back. */
function submitToJudge(rig: Rig, relay: BadRelay): void {
  for (const mail of relay.taken.filter(({ isKept }) => isKept))
    rig.operator.accepted.push({ ...NO_TEXT, to: mail.to, callback: `/${tokenOf(mail)}` });
}

const NO_TEXT = { sid: '', from: '', body: '', at: new Date(0), validity: 0, status: 'sent' };

function tokenOf({ from }: RelayedMail): string {
  return from.slice(from.indexOf('+') + 1, from.indexOf('@'));
}

/** How many mails of one behaviour it kept. */
function kept(relay: BadRelay, behaviour: RelayBehaviour): number {
  return relay.taken.filter(({ to, isKept }) => isKept && to.startsWith(`${behaviour}.`)).length;
}

async function relayThatMisbehaves(rig: Rig): Promise<void> {
  const relay = await withoutTelephone(rig, [...AT_FIRST, ...ALWAYS]);
  const engine = await mailing(rig, relay);
  await workOff(rig, engine);
  for (const behaviour of AT_FIRST)
    equal(
      kept(relay, behaviour),
      behaviour === 'take-then-cut' ? 2 * EACH : EACH,
      `mails after ${behaviour}`,
    );
  equal(await rig.count(`state = 'accepted'`), AT_FIRST.length * EACH, 'mails that left');
  equal(await rig.count(`possible_duplicate`), EACH, 'flagged: those cut after the text, and no other');
  equal(await rig.count(`state = 'failed'`), ALWAYS.length * EACH, 'refused for good');
  equal(await tasksAbout(rig, 'email-refused'), ALWAYS.length * EACH, 'refusals told to an agent');
  await comesBack(rig, engine, relay);
  await refusesCleartext(rig, relay);
  submitToJudge(rig, relay);
}

/** In production a relay without TLS gets nothing, and the mail waits. */
async function refusesCleartext(rig: Rig, relay: BadRelay): Promise<void> {
  const mail = { SMTP_URL: relay.smtpUrl, MAIL_FROM: 'no-reply@msj.example' };
  const gateway = new MailGateway(loadEnv({ ...rig.env, ...mail, APP_ENV: 'production' }));
  const recipient = 'accept.cleartext@example.org';
  const message = { attemptId: randomUUID(), recipient, body: 'RDV', callbackUrl: '', validitySeconds: 60 };
  equal((await gateway.send(message)).result, 'not-sent', 'a mail to a relay without TLS');
  equal(relay.askedFor(recipient), 0, 'recipients named in clear');
}

/** One that was taken comes back, its report twice: an agent is told, once. */
async function comesBack(rig: Rig, engine: Engine, relay: BadRelay): Promise<void> {
  const [mail] = relay.to('accept.0@example.org');
  const env = {
    DATABASE_URL: rig.database.url,
    SECRET_KEYS: ['k'.repeat(32)],
    MAIL_RETURN_ADDRESS: RETURNS,
  };
  for (let time = 0; time < 2; time++) {
    const report = Readable.from([aDeliveryReport()]);
    equal(await readReturned(env, mail?.from ?? '', report), 'recorded', 'the report');
    await rig.tasks(engine);
  }
  equal(await tasksAbout(rig, 'email-returned'), 1, 'returns told to an agent');
}

async function tasksAbout(rig: Rig, reason: string): Promise<number> {
  const rows = await rig.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM agent_task WHERE kind = 'reach-otherwise' AND reason = $1`,
    [reason],
  );
  return rows[0]?.n ?? -1;
}

/** The whole text is taken and nothing is answered for forty seconds. */
async function relayThatHangs(rig: Rig): Promise<void> {
  const relay = await withoutTelephone(rig, ['take-then-hang']);
  const engine = await mailing(rig, relay);
  await engine.run('relay');
  const inDoubt = () => rig.count(`state = 'uncertain'`);
  await rig.until('the calls are given up', async () => (await inDoubt()) === EACH, 90_000);
  await workOff(rig, engine);
  equal(kept(relay, 'take-then-hang'), 2 * EACH, 'mails');
  equal(await rig.count(`state = 'accepted' AND possible_duplicate`), EACH, 'sent again once, flagged');
  submitToJudge(rig, relay);
}

export const MAIL: readonly Fault[] = [
  {
    id: 'F44',
    title: 'a mail server that answers 4xx, 5xx, cuts, has no TLS; a mail that comes back',
    promise: 'asked again, told to an agent, or in doubt: mailed twice only when flagged',
    tier: 'core',
    backends: ['postgres'],
    mayExpire: true,
    run: relayThatMisbehaves,
  },
  {
    id: 'F44b',
    title: 'a mail server that takes the text and never answers (40 s)',
    promise: 'given up, in doubt, sent again once, flagged',
    tier: 'slow',
    backends: ['postgres'],
    run: relayThatHangs,
  },
];
