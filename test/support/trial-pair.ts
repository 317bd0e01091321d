import type { DataSource } from 'typeorm';
import type { Actor } from '../../src/access/actor.js';
import type { TrialPlan } from '../../src/notifications/domain/trial.js';
import { anAgent, aPerson, aService } from './builders.js';
import { aTrial, type TrialParts } from './trials.js';
import { aMobile } from './world.js';

/** Enough for somebody in each of two arms: a block of two units holds both. */
const PERSONS = 6;

/** A central administrator who sits in this service. */
export async function aTrialAdmin(dataSource: DataSource, organizationId: string): Promise<Actor> {
  const agentId = await anAgent(dataSource, { organizationId, role: 'admin' });
  return {
    ...{ agentId, apiKeyId: null, role: 'admin', organizationId, organizationKind: 'spip' },
    ...{ linkedOrganizationIds: [], headquartersOrganizationIds: [], isInterRessort: false },
    timeZone: 'Europe/Paris',
  };
}

export interface Drawn {
  readonly personId: string;
  readonly phone: string;
}

/** A trial of two arms in two services, and a person of both in each arm, promised 10 June 2026 at 09:30 by the first service. */
export async function aPairInTrial(dataSource: DataSource, parts: TrialParts, more: Partial<TrialPlan>) {
  const [here, there] = [await aService(dataSource), await aService(dataSource)];
  const organizationIds = [here.organizationId, there.organizationId];
  const admin = await aTrialAdmin(dataSource, here.organizationId);
  const trialId = await parts.running(aTrial(organizationIds, more), admin);
  const book = (personId: string, agendaId: string, time: string) => {
    const promise = { personId, typeCode: 'suivi-spip', agendaId, date: '2026-06-10', time, notify: false };
    return dataSource.transaction((tx) => parts.book.execute(tx, promise, admin));
  };
  const drawn: Drawn[] = [];
  for (let line = 0; line < PERSONS; line++) {
    const phone = aMobile();
    const personId = await aPerson(dataSource, { organizationIds, phone });
    const { id } = await book(personId, here.agendaId, '09:30');
    const rows: { arm: number }[] = await dataSource.query(
      'SELECT arm FROM trial_convocation WHERE convocation_id = $1',
      [id],
    );
    drawn[rows[0]?.arm ?? -1] = { personId, phone };
  }
  const [first, second] = drawn;
  if (first === undefined || second === undefined) throw new Error('six persons fill two arms');
  const bookThere = ({ personId }: Drawn, time: string) => book(personId, there.agendaId, time);
  return { first, second, admin, trialId, bookThere };
}
