import { Controller, Get, Post } from '@nestjs/common';
import { type DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { Allow, Public, SignedIn } from './allow.decorator.js';
import { RouteDeclarations } from './route-declarations.js';

@Controller('rooms/')
class Rooms {
  @SignedIn()
  @Get()
  all(): void {}

  @Public()
  @Post([':id/', '/other'])
  one(): void {}

  helper(): void {}
}

@Allow('console.use')
@Controller(['a', 'b'])
class Twice {
  @Get('x')
  x(): void {}
}

@Controller()
class Forgetful {
  @Get('left/open')
  open(): void {}

  @Post('left/too')
  too(): void {}
}

@Controller({ path: 'named' })
class Named {
  @SignedIn()
  @Get()
  all(): void {}
}

function declarations(...controllers: (new () => object)[]): RouteDeclarations {
  const wrapped = [null, ...controllers].map((metatype) => ({ metatype }));
  const discovery = { getControllers: () => wrapped } as unknown as DiscoveryService;
  return new RouteDeclarations(discovery, new MetadataScanner(), new Reflector());
}

const known = (found: RouteDeclarations) =>
  found.routes().map(({ method, path, requirement }) => [method, path, requirement?.kind ?? null]);

@Controller('api/v1/rooms')
class Unscoped {
  @Allow('console.use')
  @Get()
  all(): void {}

  @Allow('person.read')
  @Get('scoped')
  scoped(): void {}

  @Public()
  @Get('open')
  open(): void {}

  @SignedIn()
  @Get('anyone')
  anyone(): void {}
}

describe('declared routes', () => {
  it('are all found, under each of their addresses', () => {
    expect(known(declarations(Rooms, Twice, Named))).toEqual([
      ['GET', '/rooms', 'signed-in'],
      ['POST', '/rooms/:id', 'public'],
      ['POST', '/rooms/other', 'public'],
      ['GET', '/a/x', 'action'],
      ['GET', '/b/x', 'action'],
      ['GET', '/named', 'signed-in'],
    ]);
    expect(declarations(Twice).routes()[0]).toMatchObject({
      requirement: { kind: 'action', action: 'console.use' },
      controller: Twice,
      handlerName: 'x',
    });
  });

  it('let the application start', () => {
    expect(() => declarations(Rooms, Twice).onModuleInit()).not.toThrow();
  });

  it('of the API stop the start when no scope of a key holds them', () => {
    expect(() => declarations(Unscoped).onModuleInit()).toThrow(
      new Error(
        'These routes of the API belong to no scope of a key: GET /api/v1/rooms (Unscoped.all), ' +
          'GET /api/v1/rooms/anyone (Unscoped.anyone)',
      ),
    );
  });

  it('stop the start when one says nothing, each by its name and nothing else', () => {
    expect(() => declarations(Rooms, Forgetful).onModuleInit()).toThrow(
      new Error(
        'These routes do not declare who may use them: GET /left/open (Forgetful.open), POST /left/too (Forgetful.too)',
      ),
    );
  });
});
