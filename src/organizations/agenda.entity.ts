import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** A calendar of one place (an office, a room, a hearing list). */
@Entity('agenda')
export class Agenda {
  @PrimaryGeneratedColumn('uuid') id!: string;
  @Column({ type: 'uuid' }) placeId!: string;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'timestamptz', nullable: true }) archivedAt!: Date | null;
}
