import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { CancelledBy, ConvocationState } from './domain/convocation.states.js';

/** One row for the whole life of a summons: the promise made on paper and its state. */
@Entity('convocation')
export class Convocation {
  @PrimaryGeneratedColumn('uuid') id!: string;
  @Column({ type: 'uuid' }) personId!: string;
  @Column({ type: 'text' }) typeCode!: string;
  @Column({ type: 'uuid' }) agendaId!: string;
  @Column({ type: 'uuid' }) placeId!: string;
  @Column({ type: 'uuid' }) organizationId!: string;
  @Column({ type: 'uuid', nullable: true }) slotId!: string | null;
  @Column({ type: 'date' }) localDate!: string;
  @Column({ type: 'time' }) localTime!: string;
  @Column({ type: 'text' }) timeZone!: string;
  @Column({ type: 'timestamptz' }) startsAt!: Date;
  @Column({ type: 'integer' }) durationMinutes!: number;
  @Column({ type: 'integer' }) promiseVersion!: number;
  @Column({ type: 'text' }) state!: ConvocationState;
  @Column({ type: 'uuid' }) createdByOrganizationId!: string;
  @Column({ type: 'uuid', nullable: true }) createdByAgentId!: string | null;
  @Column({ type: 'uuid', nullable: true }) assignedToAgentId!: string | null;
  @Column({ type: 'text', nullable: true }) cancelledBy!: CancelledBy | null;
  @Column({ type: 'timestamptz', nullable: true }) outcomeAt!: Date | null;
  @Column({ type: 'timestamptz' }) createdAt!: Date;
  @Column({ type: 'timestamptz' }) updatedAt!: Date;
}
