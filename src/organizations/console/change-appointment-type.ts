import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type OrganizationKind, type Role, ROLES_BY_KIND } from '../../access/domain/roles.js';
import { Journal } from '../../access/journal.js';
import { Conflict, NotFound, ValidationFailed } from '../../shared/domain-error.js';
import { digest } from '../../shared/tokens.js';
import { nameFaults } from '../domain/console-faults.js';

/** What may be set of an appointment type; behaviour hangs on these, never on the code. */
export interface AppointmentTypeAttributes {
  readonly name: string;
  readonly needsSlot: boolean;
  readonly onWeekends: boolean;
  readonly showsAddress: boolean;
  readonly isHearingExit: boolean;
  readonly isAssigned: boolean;
  /** Null: any. */
  readonly placeKind: OrganizationKind | null;
  readonly bookedByTj: readonly Role[];
  readonly bookedBySpip: readonly Role[];
}

export interface AppointmentTypeRow extends AppointmentTypeAttributes {
  readonly code: string;
}

const COLUMNS = `code, name, needs_slot AS "needsSlot", on_weekends AS "onWeekends", shows_address AS "showsAddress",
  is_hearing_exit AS "isHearingExit", is_assigned AS "isAssigned", place_kind AS "placeKind",
  booked_by_tj AS "bookedByTj", booked_by_spip AS "bookedBySpip"`;

/** In the order of the screens. */
export function listTypes(tx: EntityManager): Promise<readonly AppointmentTypeRow[]> {
  return tx.query(`SELECT ${COLUMNS} FROM appointment_type ORDER BY position`);
}

/** @throws NotFound */
export async function findType(tx: EntityManager, code: string): Promise<AppointmentTypeRow> {
  const rows: AppointmentTypeRow[] = await tx.query(
    `SELECT ${COLUMNS} FROM appointment_type WHERE code = $1`,
    [code],
  );
  const row = rows[0];
  if (row === undefined) throw new NotFound('appointment type');
  return row;
}

/** From the next booking on; what is promised already stays as it was promised. */
@Injectable()
export class ChangeAppointmentType {
  constructor(private readonly journal: Journal) {}

  /** @throws NotFound, ValidationFailed, Conflict (changed while the form was open) */
  async execute(
    tx: EntityManager,
    code: string,
    wishes: AppointmentTypeAttributes,
    read: string,
  ): Promise<void> {
    const before = await findType(tx, code);
    if (versionOf(before) !== read) throw new Conflict('the appointment type');
    const faults = [...nameFaults(wishes.name), ...roleFaults(wishes)];
    if (faults.length > 0) throw new ValidationFailed(faults);
    await tx.query(
      `UPDATE appointment_type SET name = $2, needs_slot = $3, on_weekends = $4, shows_address = $5,
              is_hearing_exit = $6, is_assigned = $7, place_kind = $8, booked_by_tj = $9, booked_by_spip = $10
        WHERE code = $1`,
      [
        code,
        wishes.name,
        wishes.needsSlot,
        wishes.onWeekends,
        wishes.showsAddress,
        wishes.isHearingExit,
        wishes.isAssigned,
        wishes.placeKind,
        wishes.bookedByTj,
        wishes.bookedBySpip,
      ],
    );
    const fields = (Object.keys(wishes) as (keyof AppointmentTypeAttributes)[]).filter(
      (field) => JSON.stringify(before[field]) !== JSON.stringify(wishes[field]),
    );
    await this.journal.record(tx, {
      action: 'organization.changed',
      detail: { change: 'type', code, fields },
    });
  }
}

/** Changes with any attribute: shows that a form was filled in on what still holds. */
export function versionOf(type: AppointmentTypeRow): string {
  const { code: _code, ...attributes } = type;
  return digest(JSON.stringify(Object.values(attributes))).toString('base64url');
}

function roleFaults({ bookedByTj, bookedBySpip, isHearingExit, placeKind }: AppointmentTypeAttributes) {
  const known =
    bookedByTj.every((role) => ROLES_BY_KIND.tj.includes(role)) &&
    bookedBySpip.every((role) => ROLES_BY_KIND.spip.includes(role));
  return [
    ...(known && bookedByTj.length + bookedBySpip.length > 0
      ? []
      : [{ field: 'bookedBy', code: 'isIn', message: 'at least one role' }]),
    ...(isHearingExit && placeKind === null
      ? [{ field: 'placeKind', code: 'missing', message: 'a hearing exit has a kind of place' }]
      : []),
  ];
}
