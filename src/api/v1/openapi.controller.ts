import { Controller, Get, Injectable } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../../access/allow.decorator.js';

/** Made at the first request, not at the start: most processes are never asked. */
@Injectable()
export class OpenApiDocument {
  private make: () => unknown = () => ({});
  private made: unknown;

  /** Called once the application stands: the document describes its routes. */
  describe(make: () => unknown): void {
    this.make = make;
  }

  read(): unknown {
    this.made ??= this.make();
    return this.made;
  }
}

@ApiExcludeController()
@Controller('api/v1')
export class OpenApiController {
  constructor(private readonly document: OpenApiDocument) {}

  @Public()
  @Get('openapi.json')
  read(): unknown {
    return this.document.read();
  }
}
