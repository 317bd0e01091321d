import { Controller, Get } from '@nestjs/common';
import { h } from 'preact';
import type { Actor } from '../../access/actor.js';
import { SignedIn } from '../../access/allow.decorator.js';
import { CurrentActor, CurrentSession } from '../../access/caller.decorators.js';
import type { PageSession } from '../../access/identification.port.js';
import { NotFound } from '../../shared/domain-error.js';
import { renderPage } from '../../ui/render-page.js';
import { frameOf } from '../frame.js';
import { roomsOf, SETTINGS } from '../rooms.js';
import { SettingsPage } from './settings.page.js';

@Controller('settings')
export class SettingsController {
  /** @throws NotFound for a role that has nothing to set */
  @SignedIn()
  @Get()
  show(@CurrentSession() session: PageSession, @CurrentActor() actor: Actor): string {
    const rooms = roomsOf(actor.role, SETTINGS);
    if (rooms.length === 0) throw new NotFound('page');
    return renderPage(h(SettingsPage, { frame: frameOf(session), rooms }));
  }
}
