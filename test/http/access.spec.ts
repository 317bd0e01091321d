import { Controller, Get, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Allow, SignedIn } from '../../src/access/allow.decorator.js';
import { RouteDeclarations } from '../../src/access/route-declarations.js';
import { startTestApp } from '../support/app.js';

@Controller('rooms')
class ForgetfulController {
  @SignedIn()
  @Get('declared')
  declared(): string {
    return 'fine';
  }

  @Get('forgotten')
  forgotten(): string {
    return 'open to the world';
  }
}

@Module({ controllers: [ForgetfulController] })
class ForgetfulModule {}

describe('routes declare who may use them', () => {
  it('stops the start when one does not, and names it', async () => {
    @Module({ imports: [DiscoveryModule, ForgetfulModule], providers: [RouteDeclarations] })
    class Application {}
    const { Test } = await import('@nestjs/testing');
    const building = Test.createTestingModule({ imports: [Application] })
      .compile()
      .then((module) => module.createNestApplication().init());
    await expect(building).rejects.toThrow('GET /rooms/forgotten (ForgetfulController.forgotten)');
    await expect(building).rejects.not.toThrow('declared)');
  });

  it('stops the start when a route of the API belongs to no scope of a key', async () => {
    @Controller('api/v1/rooms')
    class UnscopedController {
      @Allow('sending.hold')
      @Get('held')
      held(): string {
        return 'nobody can be given this';
      }

      @Allow('tools.use')
      @Get('scoped')
      scoped(): string {
        return 'fine';
      }
    }
    @Module({ imports: [DiscoveryModule], controllers: [UnscopedController], providers: [RouteDeclarations] })
    class Application {}
    const { Test } = await import('@nestjs/testing');
    const building = Test.createTestingModule({ imports: [Application] })
      .compile()
      .then((module) => module.createNestApplication().init());
    await expect(building).rejects.toThrow('GET /api/v1/rooms/held (UnscopedController.held)');
    await expect(building).rejects.not.toThrow('scoped)');
  });

  it('knows every route of the running application', async () => {
    const web = await startTestApp();
    const routes = web.app.get(RouteDeclarations).routes();
    await web.close();
    const known = routes.map(({ method, path }) => `${method} ${path}`);
    expect(known).toEqual(
      expect.arrayContaining(['POST /api/v1/convocations', 'GET /health/live', 'GET /metrics']),
    );
    expect(new Set(known).size).toBe(known.length);
  });
});
