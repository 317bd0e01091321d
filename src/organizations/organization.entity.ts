import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { OrganizationKind } from '../access/domain/roles.js';
import type { Calendar } from './domain/calendar.js';

/** A service: SPIP or court. */
@Entity('organization')
export class Organization {
  @PrimaryGeneratedColumn('uuid') id!: string;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'text' }) kind!: OrganizationKind;
  @Column({ type: 'text' }) timeZone!: string;
  @Column({ type: 'text' }) calendar!: Calendar;
  @Column({ type: 'text', nullable: true }) email!: string | null;
  @Column({ type: 'boolean' }) sendsOnClosedDays!: boolean;
  @Column({ type: 'date', nullable: true }) rolledOutOn!: string | null;
  @Column({ type: 'timestamptz' }) createdAt!: Date;
}
