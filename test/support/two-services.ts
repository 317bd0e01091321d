import type { Role } from '../../src/access/domain/roles.js';
import { startTestApp, type TestApp } from './app.js';
import { Browser } from './browser-lite.js';
import { anAgent, anOrganization, aSignedInAgent } from './builders.js';

/** Two SPIPs that know nothing of each other, and their agents in the browser. */
export class TwoServices {
  web!: TestApp;
  spip = '';
  other = '';

  async open(): Promise<void> {
    this.web = await startTestApp();
    this.spip = await anOrganization(this.web.dataSource, { name: 'SPIP 92 Nanterre' });
    this.other = await anOrganization(this.web.dataSource, { name: 'SPIP 93 Bobigny' });
  }

  close(): Promise<void> {
    return this.web.close();
  }

  readonly agent = (organizationId: string, role: Role = 'cpip', email?: string) =>
    anAgent(this.web.dataSource, { organizationId, role, ...(email === undefined ? {} : { email }) });

  readonly browser = async (
    organizationId: string,
    role: Role,
  ): Promise<Browser & { readonly agentId: string }> => {
    const { cookie, agentId } = await aSignedInAgent(this.web.dataSource, { organizationId, role });
    return Object.assign(new Browser(this.web.baseUrl, cookie), { agentId });
  };

  /** The first row of what is asked as the worker. */
  readonly row = async <T>(sql: string, parameters: readonly unknown[]): Promise<T | undefined> => {
    const rows: T[] = await this.web.dataSource.query(sql, [...parameters]);
    return rows[0];
  };
}
