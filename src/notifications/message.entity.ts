import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { MessageKind, MessageState } from './domain/notification.states.js';

/** One intent to tell a person something; also its own outbox row. */
@Entity('message')
export class Message {
  @PrimaryGeneratedColumn('uuid') id!: string;
  @Column({ type: 'uuid' }) convocationId!: string;
  @Column({ type: 'text' }) kind!: MessageKind;
  @Column({ type: 'integer' }) occurrence!: number;
  @Column({ type: 'integer' }) promiseVersion!: number;
  @Column({ type: 'text' }) state!: MessageState;
  @Column({ type: 'text', nullable: true }) reason!: string | null;
  @Column({ type: 'timestamptz' }) dueAt!: Date;
  @Column({ type: 'timestamptz' }) firstDueAt!: Date;
  @Column({ type: 'timestamptz' }) usefulUntil!: Date;
  @Column({ type: 'integer' }) claimEpoch!: number;
  @Column({ type: 'timestamptz', nullable: true }) claimedAt!: Date | null;
  @Column({ type: 'integer' }) attempts!: number;
  @Column({ type: 'boolean' }) possibleDuplicate!: boolean;
  @Column({ type: 'timestamptz', nullable: true }) acceptedAt!: Date | null;
  @Column({ type: 'timestamptz', nullable: true }) settledAt!: Date | null;
  @Column({ type: 'timestamptz' }) createdAt!: Date;
  @Column({ type: 'timestamptz' }) updatedAt!: Date;
}
