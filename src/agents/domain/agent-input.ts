import { type FieldError, ValidationFailed } from '../../shared/domain-error.js';
import { parsePhone } from '../../shared/phone-number.js';

/** What is typed about an agent. */
export interface TypedAgent {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  /** Empty: none. */
  readonly phone: string;
}

export interface AgentFacts {
  readonly firstName: string;
  readonly lastName: string;
  /** Lower case: one account per address. */
  readonly email: string;
  /** International form; null: none. */
  readonly phone: string | null;
}

const LONGEST_NAME = 100;
const LONGEST_ADDRESS = 254;
const UNUSABLE = /[\p{Cc}\p{Cs}]/u;
const ADDRESS = /^[^\s@<>"(),:;[\]\\]{1,64}@[^\s@<>"(),:;[\]\\]{1,185}\.[^\s@<>"(),:;[\]\\.]{2,}$/u;

/** @returns every fault at once; a landline is as good as a mobile here */
export function readAgent(typed: TypedAgent): { readonly facts: AgentFacts; readonly faults: FieldError[] } {
  const facts = {
    firstName: tidy(typed.firstName),
    lastName: tidy(typed.lastName),
    email: typed.email.trim().toLowerCase(),
    phone: typed.phone.trim() === '' ? null : parsePhone(typed.phone).e164,
  };
  const faults = [
    fault('firstName', isName(facts.firstName)),
    fault('lastName', isName(facts.lastName)),
    fault('email', isAddress(facts.email)),
    fault('phone', typed.phone.trim() === '' || facts.phone !== null),
  ];
  return { facts, faults: faults.filter((one) => one !== null) };
}

/** @throws ValidationFailed naming every faulty field */
export function agentFacts(typed: TypedAgent): AgentFacts {
  const { facts, faults } = readAgent(typed);
  if (faults.length > 0) throw new ValidationFailed(faults);
  return facts;
}

export function isAddress(email: string): boolean {
  return email.length <= LONGEST_ADDRESS && ADDRESS.test(email) && !UNUSABLE.test(email);
}

/** Words as `agent.search_key` writes them. */
export function searchWordsOf(typed: string): readonly string[] {
  const plain = typed
    .slice(0, 200)
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase();
  return plain
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .slice(0, 6);
}

function tidy(name: string): string {
  return name.normalize('NFC').replace(/\s+/gu, ' ').trim();
}

function isName(name: string): boolean {
  return name.length <= LONGEST_NAME && /\p{L}/u.test(name) && !UNUSABLE.test(name);
}

function fault(field: string, isRight: boolean): FieldError | null {
  return isRight ? null : { field, code: field, message: `${field} is not usable` };
}
