import type { Appointment, OfficeWorld, Person } from './world.js';

/** One thing that happens: what it is about depends on what is there, so that any list of them is a history. */
export interface Act {
  readonly do: string;
  readonly who: number;
  readonly where: number;
  readonly days: number;
  readonly hour: number;
  /** The person is to be told; or another choice of two. */
  readonly told: boolean;
}

/** Nothing to do it to: nothing happens. */
export type Doing = (world: OfficeWorld, act: Act) => Promise<void>;

export function one<T>(from: readonly T[], at: number): T | undefined {
  return from[at % Math.max(1, from.length)];
}

export function booked({ appointments }: OfficeWorld): Appointment[] {
  return appointments.filter(({ state }) => state === 'booked');
}

export function withNumber({ persons }: OfficeWorld, number: string): Person[] {
  return persons.filter(({ phone }) => phone === number);
}
