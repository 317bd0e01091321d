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
    const declared = routes.filter(isDeclared);
    if (declared.length < routes.length) {
      const silent = routes.filter((route) => !isDeclared(route));
      throw new Error(`These routes do not declare who may use them: ${namesOf(silent)}`);
    }
    const unscoped = declared.filter(isWithoutScope);
    if (unscoped.length > 0)
      throw new Error(`These routes of the API belong to no scope of a key: ${namesOf(unscoped)}`);
  }

  /** Every route of every controller. */
  routes(): readonly Route[] {
    return this.discovery
      .getControllers()
      .flatMap(({ metatype }) =>
        typeof metatype === 'function' ? this.routesOf(metatype as unknown as Controller) : [],
      );
  }

  private routesOf(controller: Controller): Route[] {
    const prototype: object = controller.prototype;
    const prefixes = pathsOf(controller);
    return this.scanner.getAllMethodNames(prototype).flatMap((handlerName) => {
      const handler: Handler = Reflect.get(prototype, handlerName);
      if (!Reflect.hasMetadata(PATH_METADATA, handler)) return [];
      const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod];
      const requirement = this.reflector.getAllAndOverride<Requirement | undefined>(ALLOW, [
        handler,
        controller as never,
      ]);
      const own = pathsOf(handler);
      return prefixes.flatMap((prefix) =>
        own.map((path) => ({ method, path: joined(prefix, path), requirement, controller, handlerName })),
      );
    });
  }
}

type Declared = Route & { readonly requirement: Requirement };

function isDeclared(route: Route): route is Declared {
  return route.requirement !== undefined;
}

/** A program may take an action only within a scope that its key can be given. */
function isWithoutScope({ path, requirement }: Declared): boolean {
  if (!path.startsWith('/api/')) return false;
  if (requirement.kind === 'action') return scopeOf(requirement.action) === undefined;
  return requirement.kind !== 'public';
}

function namesOf(routes: readonly Route[]): string {
  return routes
    .map(
      ({ controller, handlerName, method, path }) => `${method} ${path} (${controller.name}.${handlerName})`,
    )
    .join(', ');
}

function pathsOf(target: object): readonly string[] {
  const declared: string | readonly string[] = Reflect.getMetadata(PATH_METADATA, target);
  return typeof declared === 'string' ? [declared] : declared;
}

function joined(prefix: string, path: string): string {
  return `/${[prefix, path]
    .flatMap((part) => part.split('/'))
    .filter(Boolean)
    .join('/')}`;
}
