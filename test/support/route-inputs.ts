import { getMetadataStorage } from 'class-validator';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { Route } from '../../src/access/route-declarations.js';

export interface RouteInputs {
  /** Fields of the body's DTO; null when the body has no type of its own. */
  readonly body: readonly string[] | null;
  readonly query: readonly string[];
  readonly parameters: readonly string[];
}

type Class = abstract new (...parameters: never[]) => unknown;

/** What a route reads, from the metadata of its handler and of its DTOs. */
export function inputsOf(route: Route): RouteInputs {
  const reads: Record<string, unknown> =
    Reflect.getMetadata(ROUTE_ARGS_METADATA, route.controller, route.handlerName) ?? {};
  const types: Class[] =
    Reflect.getMetadata('design:paramtypes', route.controller.prototype as object, route.handlerName) ?? [];
  const typesOf = (kind: RouteParamtypes) =>
    Object.entries(reads)
      .filter(([key]) => key.startsWith(`${kind}:`))
      .map(([, argument]) => types[(argument as { index: number }).index]);
  const body = typesOf(RouteParamtypes.BODY)[0];
  return {
    body: body === undefined ? [] : body === Object ? null : fieldsOf(body),
    query: typesOf(RouteParamtypes.QUERY).flatMap((type) =>
      type === undefined || type === Object ? [] : fieldsOf(type),
    ),
    parameters: [...route.path.matchAll(/:(\w+)/g)].map((found) => found[1] ?? ''),
  };
}

function fieldsOf(dto: Class): string[] {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(dto, '', true, false);
  return [...new Set(metadata.map(({ propertyName }) => propertyName))].sort();
}
