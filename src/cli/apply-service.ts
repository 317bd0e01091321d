import type { EntityManager } from 'typeorm';
import type { InviteAgent } from '../agents/invite-agent.js';
import type { ExtendWeeklySlots } from '../organizations/extend-weekly-slots.js';
import { CommandError } from './output.js';
import type {
  AgendaEntry,
  AgentEntry,
  OrganizationEntry,
  PlaceEntry,
  ServiceFile,
  WeeklySlotEntry,
} from './service-file.js';

export interface Applied {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly slotsOpened: number;
  /** One per agent just created: shown once, valid for seven days. */
  readonly signInLinks: readonly { readonly email: string; readonly url: string }[];
}

type Change = 'created' | 'updated' | 'unchanged';
type Row = { readonly id: string; readonly changed: boolean };

/** Creates what the file names and is not there, corrects what differs, removes nothing. */
export class ApplyService {
  private readonly counts: Record<Change, number> = { created: 0, updated: 0, unchanged: 0 };
  private readonly signInLinks: { email: string; url: string }[] = [];

  constructor(
    private readonly tx: EntityManager,
    private readonly inviteAgent: InviteAgent,
    private readonly extendWeeklySlots: ExtendWeeklySlots,
  ) {}

  async execute(file: ServiceFile): Promise<Applied> {
    for (const entry of file.organizations) await this.organization(entry);
    for (const link of file.links) await this.link(link);
    const slotsOpened = await this.extendWeeklySlots.execute(this.tx);
    return { ...this.counts, slotsOpened, signInLinks: this.signInLinks };
  }

  private async organization(entry: OrganizationEntry): Promise<void> {
    const id = await this.put(
      'organization',
      { name: entry.name },
      {
        kind: entry.kind,
        time_zone: entry.timeZone,
        calendar: entry.calendar,
        email: entry.email,
        sends_on_closed_days: entry.sendsOnClosedDays,
        siret: entry.siret,
        email_domains: entry.emailDomains,
      },
    );
    await this.start(id, entry.rolledOutOn);
    for (const place of entry.places) await this.place(id, place);
    for (const agent of entry.agents) await this.agent(id, agent);
  }

  /** Written in the register of roll-outs, unless it knows a start of the whole service: then the register wins. */
  private async start(organizationId: string, rolledOutOn: string | null): Promise<void> {
    if (rolledOutOn === null) return;
    const written: unknown[] = await this.tx.query(
      `INSERT INTO rollout (organization_id, started_on, note)
       SELECT $1, $2, 'Repris du fichier du service.'
        WHERE NOT EXISTS (SELECT FROM rollout WHERE organization_id = $1 AND withdrawn_at IS NULL
                             AND place_id IS NULL AND type_code IS NULL AND agent_id IS NULL) RETURNING id`,
      [organizationId, rolledOutOn],
    );
    if (written.length > 0)
      await this.tx.query('UPDATE organization SET rolled_out_on = $2 WHERE id = $1', [
        organizationId,
        rolledOutOn,
      ]);
  }

  private async place(organizationId: string, entry: PlaceEntry): Promise<void> {
    const id = await this.put(
      'place',
      { organization_id: organizationId, name: entry.name },
      {
        address: entry.address,
        time_zone: entry.timeZone,
        phone: entry.phone,
        email: entry.email,
        contact_method: entry.contactMethod,
        information_url: entry.informationUrl,
      },
    );
    for (const { date, label } of entry.closingDays)
      await this.put('place_closing_day', { place_id: id, local_date: date }, { label }, 'place_id');
    for (const agenda of entry.agendas) await this.agenda(id, agenda);
  }

  private async agenda(placeId: string, entry: AgendaEntry): Promise<void> {
    const id = await this.put('agenda', { place_id: placeId, name: entry.name }, {});
    for (const slot of entry.weeklySlots) await this.weeklySlot(id, slot);
  }

  private async weeklySlot(agendaId: string, entry: WeeklySlotEntry): Promise<void> {
    const key = {
      agenda_id: agendaId,
      type_code: entry.typeCode,
      weekday: entry.weekday,
      local_time: entry.time,
    };
    await this.put('weekly_slot', key, { duration_minutes: entry.durationMinutes, capacity: entry.capacity });
  }

  /** An agent keeps the organization in which the account was made: moving somebody is not this command's work. */
  private async agent(organizationId: string, entry: AgentEntry): Promise<void> {
    const elsewhere: unknown[] = await this.tx.query(
      'SELECT FROM agent WHERE email = $1 AND organization_id <> $2',
      [entry.email, organizationId],
    );
    if (elsewhere.length > 0)
      throw new CommandError(`${entry.email} already belongs to another organization`);
    const before = this.counts.created;
    const id = await this.put(
      'agent',
      { email: entry.email },
      {
        organization_id: organizationId,
        first_name: entry.firstName,
        last_name: entry.lastName,
        role: entry.role,
      },
    );
    if (this.counts.created === before) return;
    const { url } = await this.inviteAgent.execute(this.tx, { agentId: id });
    this.signInLinks.push({ email: entry.email, url });
  }

  private async link({ court, spip }: ServiceFile['links'][number]): Promise<void> {
    const [tjId, spipId] = [await this.find(court, 'tj'), await this.find(spip, 'spip')];
    await this.put('organization_link', { tj_id: tjId, spip_id: spipId }, {}, 'tj_id');
  }

  private async find(name: string, kind: string): Promise<string> {
    const rows: { id: string }[] = await this.tx.query(
      'SELECT id FROM organization WHERE name = $1 AND kind = $2',
      [name, kind],
    );
    const found = rows[0];
    if (found === undefined)
      throw new CommandError(`links: no organization of kind ${kind} is called ${name}`);
    return found.id;
  }

  /**
   * Inserts the row, or corrects the columns that differ. Table and column names are those written above, never input.
   * @returns its id (`idColumn`)
   */
  private async put(
    table: string,
    key: Record<string, unknown>,
    values: Record<string, unknown>,
    idColumn = 'id',
  ): Promise<string> {
    const keys = Object.keys(key);
    const columns = [...keys, ...Object.keys(values)];
    const parameters = [...Object.values(key), ...Object.values(values)];
    const where = keys.map((column, i) => `${column} = $${i + 1}`).join(' AND ');
    const same = Object.keys(values).map(
      (column, i) => `${column} IS NOT DISTINCT FROM $${keys.length + i + 1}`,
    );
    const found: Row[] = await this.tx.query(
      `SELECT ${idColumn} AS id, NOT (${same.join(' AND ') || 'true'}) AS changed FROM ${table} WHERE ${where} FOR UPDATE`,
      parameters,
    );
    const row = found[0];
    if (row !== undefined && !row.changed) return this.count('unchanged', row.id);
    if (row !== undefined) {
      const set = Object.keys(values)
        .map((column, i) => `${column} = $${keys.length + i + 1}`)
        .join(', ');
      await this.tx.query(`UPDATE ${table} SET ${set} WHERE ${where}`, parameters);
      return this.count('updated', row.id);
    }
    const made: { id: string }[] = await this.tx.query(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((_, i) => `$${i + 1}`).join(', ')}) RETURNING ${idColumn} AS id`,
      parameters,
    );
    return this.count('created', made[0]?.id ?? '');
  }

  private count(change: Change, id: string): string {
    this.counts[change]++;
    return id;
  }
}
