import { Injectable, type OnModuleInit, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { ALLOW, type Requirement } from './allow.decorator.js';
import { scopeOf } from './domain/api-scopes.js';

type Handler = (...parameters: never[]) => unknown;
type Controller = abstract new (...parameters: never[]) => unknown;

/** One route of the running application. */
export interface Route {
  readonly method: string;
  readonly path: string;
  readonly requirement: Requirement | undefined;
  readonly controller: Controller;
  readonly handlerName: string;
}

/** Default is refusal: a route that does not say who may use it, or within which scope, stops the start. */
@Injectable()
export class RouteDeclarations implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  onModuleInit(): void {
    const routes = this.routes();
    const silent = routes.filter((route) => route.requirement === undefined);
    if (silent.length > 0)
      throw new Error(`These routes do not declare who may use them: ${namesOf(silent)}`);
    const unscoped = routes.filter(isWithoutScope);
    if (unscoped.length > 0)
      throw new Error(`These routes of the API belong to no scope of a key: ${namesOf(unscoped)}`);
  }

  /** Every route of every controller. */
  routes(): readonly Route[] {
    return this.discovery.getControllers().flatMap(({ instance, metatype }) => {
      const prototype: unknown = Object.getPrototypeOf(instance);
      if (typeof metatype !== 'function' || typeof prototype !== 'object' || prototype === null) return [];
      return this.routesOf(metatype as unknown as Controller, prototype as Record<string, Handler>);
    });
  }

  private routesOf(controller: Controller, prototype: Record<string, Handler>): Route[] {
    const prefixes = paths(Reflect.getMetadata(PATH_METADATA, controller));
    return this.scanner.getAllMethodNames(prototype).flatMap((handlerName) => {
      const handler = prototype[handlerName];
      if (handler === undefined || !Reflect.hasMetadata(PATH_METADATA, handler)) return [];
      const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod];
      const requirement = this.reflector.getAllAndOverride<Requirement | undefined>(ALLOW, [
        handler,
        controller as never,
      ]);
      const own = paths(Reflect.getMetadata(PATH_METADATA, handler));
      return prefixes.flatMap((prefix) =>
        own.map((path) => ({ method, path: joined(prefix, path), requirement, controller, handlerName })),
      );
    });
  }
}

/** A program may take an action only within a scope that its key can be given. */
function isWithoutScope({ path, requirement }: Route): boolean {
  if (!path.startsWith('/api/') || requirement === undefined || requirement.kind === 'public') return false;
  return requirement.kind !== 'action' || scopeOf(requirement.action) === undefined;
}

function namesOf(routes: readonly Route[]): string {
  return routes
    .map(
      ({ controller, handlerName, method, path }) => `${method} ${path} (${controller.name}.${handlerName})`,
    )
    .join(', ');
}

function paths(metadata: unknown): readonly string[] {
  return Array.isArray(metadata) ? metadata.map(String) : [typeof metadata === 'string' ? metadata : ''];
}

function joined(prefix: string, path: string): string {
  return `/${[prefix, path]
    .flatMap((part) => part.split('/'))
    .filter(Boolean)
    .join('/')}`;
}
