import type { DataSource } from 'typeorm';
import { startTestApp, type TestApp } from './app.js';
import { Browser, type Form } from './browser-lite.js';
import { aPerson, aPlace, anAgenda, anOrganization, aSignedInAgent } from './builders.js';

const SHEET = { type: 'suivi-spip', kind: 'reminder', register: 'standard', language: 'fr' };

type Key = Readonly<Record<string, string>>;

/** A service with two places, and the two administrators who may write its texts. */
export class MessagesOffice {
  organizationId!: string;
  /** Another service, which the local administrator does not see. */
  other!: string;
  local!: Browser;
  central!: Browser;
  /** The local administrator. */
  reviewerId!: string;
  private app!: TestApp;

  get dataSource(): DataSource {
    return this.app.dataSource;
  }
  get baseUrl(): string {
    return this.app.baseUrl;
  }

  async open(): Promise<void> {
    this.app = await startTestApp();
    const { dataSource, baseUrl } = this.app;
    const organizationId = await anOrganization(dataSource, { name: 'SPIP 92 Nanterre' });
    this.organizationId = organizationId;
    this.other = await anOrganization(dataSource, { name: 'SPIP 75 Paris' });
    await anAgenda(dataSource, {
      placeId: await aPlace(dataSource, { organizationId, name: 'SPIP 92 Nanterre' }),
    });
    await aPlace(dataSource, {
      organizationId,
      name: 'Antenne de Boulogne, maison des services du territoire',
    });
    await aPerson(dataSource, { organizationIds: [organizationId], firstName: 'Awa', lastName: 'Kermadec' });
    const local = await aSignedInAgent(dataSource, { organizationId, role: 'local-admin' });
    this.reviewerId = local.agentId;
    this.local = new Browser(baseUrl, local.cookie);
    const central = await aSignedInAgent(dataSource, { organizationId, role: 'admin' });
    this.central = new Browser(baseUrl, central.cookie);
  }

  close(): Promise<void> {
    return this.app.close();
  }

  /** Of the editor, by default on the French reminder of the type `suivi-spip`. */
  readonly address = (more: Key = {}): string =>
    `/messages/text?${new URLSearchParams({ organization: this.organizationId, ...SHEET, ...more }).toString()}`;

  readonly editor = (browser: Browser, more: Key = {}): Promise<Form> =>
    browser.form(this.address(more), '/messages/text');

  readonly rows = (sql: string, parameters: readonly unknown[] = []): Promise<Record<string, unknown>[]> =>
    this.dataSource.query(sql, [...parameters]);
}

/** No-break spaces read as plain ones. */
export const plain = ({ text }: { readonly text: string }) => text.replace(/[\u00a0\u202f]/g, ' ');
