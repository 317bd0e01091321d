import { waitFor } from '../support/processes.js';
import { instantAt, plusDays, type Player, wallClock } from './cast.js';
import type { Stage } from './stage.js';

/** What a scene saw; the word is shown whether it is what was promised or not. */
export interface Seen {
  readonly ok: boolean;
  readonly seen: string;
}

/** The first text leaves at once: the places are inside their send windows. */
export async function summonsLeave(stage: Stage, players: readonly Player[]): Promise<Seen> {
  const arrived = await Promise.all(players.map(({ phone }) => stage.received(phone, 1)));
  const count = arrived.filter(Boolean).length;
  return { ok: count === players.length, seen: `${count} of ${players.length} summonses on the phones` };
}

/** Signed receipts came back for the first text of each. */
export async function receiptsReturn(stage: Stage, players: readonly Player[], kind: string): Promise<Seen> {
  const ids = players.map(({ convocationId }) => convocationId);
  const delivered = async () =>
    (
      await stage.sql(
        `SELECT FROM message m WHERE kind = $2 AND convocation_id = ANY($1::uuid[]) AND state = 'delivered'
            AND EXISTS (SELECT FROM receipt r JOIN delivery_attempt a ON a.id = r.attempt_id
                         WHERE a.message_id = m.id AND r.status = 'delivered')`,
        ids,
        kind,
      )
    ).length;
  const ok = await waitFor(async () => (await delivered()) === ids.length, 8_000);
  return { ok, seen: `${await delivered()} of ${ids.length} with the operator's receipt` };
}

/** The link of the text shows a page, and only the button of the page stops the messages. */
export async function stopMessages(stage: Stage, player: Player): Promise<Seen> {
  const [text] = await stage.texts(player.phone);
  const link = /https?:\/\/\S+\/s\/[\w-]+/.exec(text?.body ?? '')?.[0];
  if (link === undefined) return { ok: false, seen: 'no stop link in the first text' };
  const page = await (await fetch(link)).text();
  const before = await isStopped(stage, player);
  const action = /<form[^>]*action="([^"]+)"/.exec(page)?.[1] ?? '';
  await fetch(new URL(action, link), { method: 'POST' });
  const after = await isStopped(stage, player);
  return {
    ok: !before && after,
    seen: `opening the link: ${word(before)}; pressing the button: ${word(after)}`,
  };
}

function word(stopped: boolean): string {
  return stopped ? 'stopped' : 'not stopped';
}

async function isStopped(stage: Stage, player: Player): Promise<boolean> {
  const rows = await stage.sql(
    `SELECT FROM person p JOIN convocation c ON c.person_id = p.id WHERE c.id = $1 AND p.sms_refused_at IS NOT NULL`,
    player.convocationId,
  );
  return rows.length > 0;
}

/** Nothing a minute and a half before the hour; the reminder within half a minute after it. */
export async function remindedAtTheHour(stage: Stage, player: Player, date: string): Promise<Seen> {
  const { timeZone } = player.scene;
  const due = Date.parse(instantAt(plusDays(date, -1), player.time, timeZone));
  await stage.moveClock(new Date(due - 90_000).toISOString());
  await stage.relayRan();
  await stage.moveClock(new Date(due - 500).toISOString());
  await stage.received(player.phone, 2);
  const leftAt = (await stage.texts(player.phone))[1]?.simulatedAt;
  if (leftAt === undefined) return { ok: false, seen: `no reminder on ${plusDays(date, -1)} ${player.time}` };
  const late = Date.parse(leftAt) - due;
  return { ok: late >= 0 && late <= 30_000, seen: `left ${wallClock(leftAt, timeZone)} ${timeZone}` };
}

/** Calls on the line at once: `SEND_CONCURRENCY` of the story. */
export const IN_FLIGHT = 4;

/** Killed while calls are on the line; everybody still gets exactly one text. */
export async function workerDies(stage: Stage, crowd: readonly Player[], date: string): Promise<Seen> {
  const [first] = crowd;
  if (first === undefined) return { ok: false, seen: 'nobody' };
  const { worker } = stage.demo.children;
  const phones = new Set(crowd.map(({ phone }) => phone));
  const reached = async () => (await stage.texts()).filter(({ to }) => phones.has(to));
  await stage.operator({ latencyMs: 300 });
  const due = instantAt(plusDays(date, -1), first.time, first.scene.timeZone);
  await stage.moveClock(new Date(Date.parse(due) - 500).toISOString());
  const inFlight = await waitFor(async () => (await reached()).length >= IN_FLIGHT, 10_000);
  const killed = worker.pid ?? 0;
  process.kill(killed, 'SIGKILL');
  const atDeath = (await reached()).length;
  await stage.operator({ latencyMs: 0 });
  const isBack = await waitFor(() => worker.pid !== killed && worker.pid !== undefined, 10_000);
  await stage.relayRan();
  // The sweeper takes back after five minutes what was claimed and never tried.
  await skip(stage, 6);
  await waitFor(async () => (await reached()).length >= crowd.length, 25_000);
  const after = await reached();
  const once = after.length === crowd.length && new Set(after.map(({ to }) => to)).size === crowd.length;
  return {
    ok: inFlight && isBack && once,
    seen: `${atDeath} taken when it died, ${after.length} of ${crowd.length} in the end`,
  };
}

async function skip(stage: Stage, minutes: number): Promise<void> {
  const [row] = await stage.sql(`SELECT (app_now() + make_interval(mins => $1)) AS then`, minutes);
  await stage.moveClock((row?.['then'] as Date).toISOString());
}

/** No doubt is left: a receipt or the operator's list ended each. */
export async function noDoubtLeft(stage: Stage): Promise<Seen> {
  const open = () => stage.sql(`SELECT FROM message WHERE state IN ('queued', 'sending', 'uncertain')`);
  const ok = await waitFor(async () => (await open()).length === 0, 10_000);
  return { ok, seen: `${(await open()).length} messages in doubt or on the line` };
}

/** Outcomes are marked after the hour; the director's figure for that day follows. */
export async function absenceMoves(stage: Stage, players: readonly Player[], date: string): Promise<Seen> {
  const { service } = players[0]?.scene ?? { service: '' };
  await stage.moveClock(`${date}T21:00:00Z`);
  const before = await dayFigures(stage, service, date);
  const outcomes = players.map((player, index) => ({ player, outcome: index % 5 === 0 ? 'miss' : 'attend' }));
  for (const { player, outcome } of outcomes)
    await stage.must(service, 'POST', `/convocations/${player.convocationId}/${outcome}`, { notify: false });
  const after = await dayFigures(stage, service, date);
  const missed = outcomes.filter(({ outcome }) => outcome === 'miss').length;
  const known = after.attended + after.missed + after.excused;
  const ok =
    after.missed === before.missed + missed &&
    after.attended === before.attended + outcomes.length - missed &&
    after.absenceRate !== before.absenceRate &&
    Math.abs((after.absenceRate ?? -1) - after.missed / known) < 0.001;
  return {
    ok,
    seen: `absence that day ${percent(before.absenceRate)} → ${percent(after.absenceRate)} (${after.missed}/${known})`,
  };
}

interface Figures {
  readonly attended: number;
  readonly missed: number;
  readonly excused: number;
  readonly absenceRate: number | null;
}

async function dayFigures(stage: Stage, service: string, date: string): Promise<Figures> {
  const rows = (await stage.must(
    service,
    'GET',
    `/statistics/attendance?from=${date}&to=${date}`,
  )) as unknown as Figures[];
  return rows[0] ?? { attended: 0, missed: 0, excused: 0, absenceRate: null };
}

function percent(rate: number | null): string {
  return rate === null ? 'unknown' : `${(rate * 100).toFixed(1)} %`;
}
