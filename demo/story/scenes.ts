import { waitFor } from '../support/processes.js';
import { type Player, reminderHour, wallClock } from './cast.js';
import type { Stage, Taken } from './stage.js';

/** What a scene saw; said whether it is what was promised or not. */
export interface Seen {
  readonly ok: boolean;
  readonly seen: string;
}

const MINUTE = 60_000;
/** Real milliseconds granted to a message that is due: the relay looks every second. */
const PATIENCE = 10_000;

/** What the person has received so far, by the log of the operator or of the mail catcher. */
export function receivedBy(stage: Stage, { channel, address }: Player): Promise<readonly Taken[]> {
  return channel === 'sms' ? stage.texts(address) : stage.mails(address);
}

/** The first message leaves at once: the places are inside their send windows. */
export async function summonsLeave(stage: Stage, players: readonly Player[]): Promise<Seen> {
  const told = async () => {
    const received = await Promise.all(players.map((player) => receivedBy(stage, player)));
    return received.filter(({ length }) => length > 0).length;
  };
  const ok = await waitFor(async () => (await told()) === players.length, PATIENCE);
  return { ok, seen: `${await told()} of ${players.length} summonses taken by the operator or by mail` };
}

/** What the operator says it delivered has come back to us, signed; a receipt that nobody signed is refused. */
export async function receiptsReturn(stage: Stage, players: readonly Player[]): Promise<Seen> {
  const texts = (await stage.accepted()).filter(({ to }) => players.some(({ address }) => address === to));
  const known = () =>
    stage.count(
      `delivery_attempt a JOIN message m ON m.id = a.message_id
        WHERE m.state = 'delivered' AND a.operator_message_id = ANY($1)
          AND EXISTS (SELECT FROM receipt r WHERE r.attempt_id = a.id AND r.status = 'delivered')`,
      texts.map(({ sid }) => sid),
    );
  const delivered = await waitFor(async () => (await known()) === texts.length, 6_000);
  const signed = (await stage.receipts('delivered')).filter(({ sid }) =>
    texts.some((text) => text.sid === sid),
  );
  const forged = await forgeReceipt(texts[0]?.statusCallback ?? null);
  return {
    ok: delivered && texts.length === players.length && signed.length === texts.length && forged === 403,
    seen: `${await known()} of ${texts.length} delivered by signed receipt, an unsigned one answered ${forged}`,
  };
}

async function forgeReceipt(callback: string | null): Promise<number> {
  if (callback === null) return 0;
  const body = new URLSearchParams({ MessageSid: 'SM0', MessageStatus: 'failed' });
  return (await fetch(callback, { method: 'POST', body })).status;
}

/** The link of the text shows a page, and only the button of the page stops the messages. */
export async function stopMessages(stage: Stage, player: Player): Promise<Seen> {
  const [text] = await stage.texts(player.address);
  const link = /https?:\/\/\S+\/s\/[\w-]+/.exec(text?.body ?? '')?.[0];
  if (link === undefined) return { ok: false, seen: 'no stop link in the first text' };
  const page = await (await fetch(link)).text();
  const before = await hasStopped(stage, player);
  const action = /<form[^>]*action="([^"]+)"/.exec(page)?.[1] ?? '';
  await fetch(new URL(action, link), { method: 'POST' });
  const after = await hasStopped(stage, player);
  const word = (stopped: boolean) => (stopped ? 'stopped' : 'not stopped');
  return { ok: !before && after, seen: `link opened: ${word(before)}; button pressed: ${word(after)}` };
}

async function hasStopped(stage: Stage, { convocationId }: Player): Promise<boolean> {
  const stopped = await stage.count(
    `person p JOIN convocation c ON c.person_id = p.id
      WHERE c.id = $1 AND p.sms_refused_at IS NOT NULL AND p.sms_refused_origin = 'person'`,
    convocationId,
  );
  return stopped === 1;
}

/** Nothing a minute before the hour; the reminder in the minute that follows it. */
export async function remindedAtTheHour(stage: Stage, player: Player): Promise<Seen> {
  const due = reminderHour(player);
  const { timeZone } = player.scene;
  const reminder = async () => (await receivedBy(stage, player))[player.expects.indexOf('reminder')];
  await stage.moveClock(due - MINUTE);
  await stage.relayRan();
  const early = await reminder();
  await stage.moveClock(due - 1_000);
  await waitFor(async () => (await reminder()) !== undefined, PATIENCE);
  const left = early ?? (await reminder());
  if (left === undefined) return { ok: false, seen: `nothing left at ${wallClock(due, timeZone)} there` };
  return {
    ok: left.at >= due && left.at <= due + MINUTE,
    seen: `left ${wallClock(left.at, timeZone)} ${timeZone}, promised ${wallClock(due, timeZone)}`,
  };
}

/** At the hour at which the others of the place were reminded. */
export async function mailAtTheHour(stage: Stage, player: Player): Promise<Seen> {
  const due = reminderHour(player);
  const arrived = await waitFor(async () => (await receivedBy(stage, player)).length > 1, PATIENCE);
  const at = (await receivedBy(stage, player))[1]?.at ?? 0;
  const texts = await stage.count(
    `delivery_attempt a JOIN message m ON m.id = a.message_id WHERE m.convocation_id = $1 AND a.channel = 'sms'`,
    player.convocationId,
  );
  return {
    ok: arrived && at >= due && at <= due + MINUTE && texts === 0,
    seen: arrived ? `mail of ${wallClock(at, player.scene.timeZone)}, ${texts} texts tried` : 'no mail',
  };
}

/** The hour has passed and the operator was not asked. */
export async function nothingMore(stage: Stage, player: Player): Promise<Seen> {
  const suppressed = () =>
    stage.count(
      `message WHERE convocation_id = $1 AND kind = 'reminder' AND state = 'suppressed' AND reason = 'sms-refused'`,
      player.convocationId,
    );
  const kept = await waitFor(async () => (await suppressed()) === 1, PATIENCE);
  const texts = (await stage.texts(player.address)).length;
  return { ok: kept && texts === 1, seen: `reminder ${kept ? '' : 'not '}suppressed, ${texts} text in all` };
}
