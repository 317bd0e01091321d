import { Controller, Get, Param, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Public } from '../access/allow.decorator.js';
import { NotFound } from '../shared/domain-error.js';
import { ASSETS } from '../ui/assets.js';

const ONE_YEAR = 'public, max-age=31536000, immutable';

/** Style sheet and script: their names change with their content. */
@Controller('assets')
export class AssetsController {
  @Public()
  @Get(':name')
  serve(@Param('name') name: string, @Res() response: Response): void {
    const asset = ASSETS.get(name);
    if (asset === undefined) throw new NotFound('asset');
    response.set({ 'Content-Type': asset.type, 'Cache-Control': ONE_YEAR }).send(asset.content);
  }
}
