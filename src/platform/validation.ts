import { type ArgumentMetadata, Injectable, type PipeTransform, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { type FieldError, ValidationFailed } from '../shared/domain-error.js';

const ANY_TEXT = Symbol('any-text');
const LONE_SURROGATE = /\p{Surrogate}/u;

/** For a DTO whose texts are measured, never stored: whatever a program can write in them is accepted. */
export function AnyText(): ClassDecorator {
  return (target) => Reflect.defineMetadata(ANY_TEXT, true, target);
}

/**
 * Refuses what PostgreSQL cannot store as typed: U+0000 and halves of surrogate pairs, in values and names. A body
 * without a type is read by its handler alone.
 */
@Injectable()
export class StorableTextPipe implements PipeTransform {
  transform(value: unknown, { metatype, type, data }: ArgumentMetadata): unknown {
    if (type === 'custom' || metatype === Object) return value;
    if (metatype !== undefined && Reflect.getMetadata(ANY_TEXT, metatype) === true) return value;
    const fields = unstorable(value, data ?? '');
    if (fields.length === 0) return value;
    throw new ValidationFailed(
      fields.map((field) => ({ field, code: 'text', message: 'unusable characters' })),
    );
  }
}

/** Closed shapes: an unknown field is refused, nothing is converted silently ('false' would become true). */
export function closedShapes(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    stopAtFirstError: true,
    exceptionFactory: (errors) => new ValidationFailed(errors.flatMap((error) => fieldErrors(error, ''))),
  });
}

function fieldErrors(error: ValidationError, parent: string): FieldError[] {
  const field = safeName(parent === '' ? error.property : `${parent}.${error.property}`);
  const own = Object.keys(error.constraints ?? {}).map((name) => ({
    field,
    code: codeOf(name),
    message: name === 'whitelistValidation' ? 'unknown field' : safeName(error.constraints?.[name] ?? ''),
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => fieldErrors(child, field))];
}

/** `isUuid` → `uuid`, `maxLength` → `max-length`. */
function codeOf(constraint: string): string {
  if (constraint === 'whitelistValidation') return 'unknown-field';
  return constraint
    .replace(/^is(?=[A-Z])/, '')
    .replace(/[A-Z]/g, (c, at: number) => `${at > 0 ? '-' : ''}${c.toLowerCase()}`);
}

/** Names come from the caller: cut, and without control characters. */
function safeName(name: string): string {
  return name.replace(/[\p{Cc}\p{Surrogate}]/gu, '?').slice(0, 200);
}

function unstorable(value: unknown, path: string): string[] {
  if (typeof value === 'string') return isUnstorable(value) ? [safeName(path)] : [];
  if (Array.isArray(value)) return value.flatMap((item) => unstorable(item, path));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    isUnstorable(name) ? [safeName(name)] : unstorable(member, path === '' ? name : `${path}.${name}`),
  );
}

function isUnstorable(text: string): boolean {
  return text.includes('\u0000') || LONE_SURROGATE.test(text);
}
