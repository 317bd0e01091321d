import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { OrganizationKind } from '../access/domain/roles.js';

/** One of the 16 types; behaviour hangs on these attributes, never on the code. */
@Entity('appointment_type')
export class AppointmentType {
  @PrimaryColumn({ type: 'text' }) code!: string;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'integer' }) position!: number;
  @Column({ type: 'boolean' }) needsSlot!: boolean;
  @Column({ type: 'boolean' }) onWeekends!: boolean;
  @Column({ type: 'boolean' }) showsAddress!: boolean;
  @Column({ type: 'boolean' }) isHearingExit!: boolean;
  @Column({ type: 'boolean' }) isAssigned!: boolean;
  @Column({ type: 'text', nullable: true }) placeKind!: OrganizationKind | null;
  @Column({ type: 'text', array: true }) bookedByTj!: readonly string[];
  @Column({ type: 'text', array: true }) bookedBySpip!: readonly string[];
}
