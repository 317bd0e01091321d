import { Controller, Get } from '@nestjs/common';
import { h } from 'preact';
import { SignedIn } from '../../access/allow.decorator.js';
import { CurrentSession } from '../../access/caller.decorators.js';
import type { PageSession } from '../../access/identification.port.js';
import { renderPage } from '../../ui/render-page.js';
import { frameOf } from '../frame.js';
import { DefinitionsPage } from './definitions.page.js';

/** Words only, the same for every agent: no statement beyond the session's. */
@Controller('absence/definitions')
export class DefinitionsController {
  @SignedIn()
  @Get()
  show(@CurrentSession() session: PageSession): string {
    return renderPage(h(DefinitionsPage, { frame: frameOf(session) }));
  }
}
