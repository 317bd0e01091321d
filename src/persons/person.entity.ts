import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** A person under justice supervision (PPSMJ). */
@Entity('person')
export class Person {
  @PrimaryGeneratedColumn('uuid') id!: string;
  @Column({ type: 'text' }) firstName!: string;
  @Column({ type: 'text' }) lastName!: string;
  @Column({ type: 'text' }) searchKey!: string;
  @Column({ type: 'date', nullable: true }) birthDate!: string | null;
  /** The contact that holds the number, sealed. */
  @Column({ type: 'uuid', nullable: true }) phoneId!: string | null;
  @Column({ type: 'boolean' }) phoneMobile!: boolean;
  @Column({ type: 'text', nullable: true }) phoneTerritory!: string | null;
  @Column({ type: 'boolean' }) noPhone!: boolean;
  @Column({ type: 'timestamptz', nullable: true }) smsRefusedAt!: Date | null;
  @Column({ type: 'text', nullable: true }) smsRefusedOrigin!: 'agent' | 'person' | 'operator' | null;
  @Column({ type: 'uuid', nullable: true }) emailId!: string | null;
  @Column({ type: 'text', nullable: true }) appiNumber!: string | null;
  @Column({ type: 'text' }) language!: string;
  @Column({ type: 'text' }) register!: 'standard' | 'discreet';
  @Column({ type: 'uuid', nullable: true }) referentId!: string | null;
  @Column({ type: 'uuid', nullable: true }) createdByOrganizationId!: string | null;
  @Column({ type: 'timestamptz', nullable: true }) archivedAt!: Date | null;
  @Column({ type: 'timestamptz' }) createdAt!: Date;
  @Column({ type: 'timestamptz' }) updatedAt!: Date;
}
