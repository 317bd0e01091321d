import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** Seats at one hour of one agenda. `seatsTaken` is moved by explicit SQL only. */
@Entity('slot')
export class Slot {
  @PrimaryGeneratedColumn('uuid') id!: string;
  @Column({ type: 'uuid' }) agendaId!: string;
  @Column({ type: 'text' }) typeCode!: string;
  @Column({ type: 'uuid', nullable: true }) weeklySlotId!: string | null;
  @Column({ type: 'date' }) localDate!: string;
  @Column({ type: 'time' }) localTime!: string;
  @Column({ type: 'text' }) timeZone!: string;
  @Column({ type: 'timestamptz' }) startsAt!: Date;
  @Column({ type: 'integer' }) durationMinutes!: number;
  @Column({ type: 'integer' }) capacity!: number;
  @Column({ type: 'integer' }) seatsTaken!: number;
  @Column({ type: 'timestamptz', nullable: true }) closedAt!: Date | null;
  @Column({ type: 'timestamptz' }) createdAt!: Date;
}
