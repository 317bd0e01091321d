import { Controller, Get } from '@nestjs/common';
import { h } from 'preact';
import { Public } from '../access/allow.decorator.js';
import { renderPage } from '../ui/render-page.js';
import { AccessibilityPage, PrivacyPage } from './words.pages.js';

@Controller()
export class WordsController {
  @Public()
  @Get('accessibility')
  accessibility(): string {
    return renderPage(h(AccessibilityPage, {}));
  }

  @Public()
  @Get('privacy')
  privacy(): string {
    return renderPage(h(PrivacyPage, {}));
  }
}
