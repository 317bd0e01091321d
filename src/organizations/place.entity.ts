import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** Where people are summoned; it owns the address and the time zone. */
@Entity('place')
export class Place {
  @PrimaryGeneratedColumn('uuid') id!: string;
  @Column({ type: 'uuid' }) organizationId!: string;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'text' }) address!: string;
  @Column({ type: 'text' }) timeZone!: string;
  @Column({ type: 'text', nullable: true }) phone!: string | null;
  @Column({ type: 'text', nullable: true }) email!: string | null;
  @Column({ type: 'text' }) contactMethod!: 'phone' | 'email';
  @Column({ type: 'text', nullable: true }) informationUrl!: string | null;
  @Column({ type: 'timestamptz', nullable: true }) archivedAt!: Date | null;
  @Column({ type: 'timestamptz' }) createdAt!: Date;
}
