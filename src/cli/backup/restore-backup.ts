import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { type Entry, extract } from 'tar-stream';
import type { EntityManager } from 'typeorm';
import { ownerDataSource } from '../../../config/data-source.js';
import { HoldSending } from '../../notifications/surety/hold-sending.js';
import { type About, ABOUT, digest, MANIFEST, type Manifest, type Part, partOf } from './archive.js';
import { BackupRefused } from './backup-refused.js';
import { quoted } from './catalogue.js';
import {
  checkCounts,
  closeTarget,
  openTarget,
  type OpenTarget,
  refuseUnfitTarget,
  setSequences,
} from './restore-target.js';
import { opened } from './sealed-file.js';
import { unfiltered } from './session.js';

export interface RestoreOptions {
  readonly ownerUrl: string;
  readonly file: string;
  readonly masterKeys: readonly string[];
  /** `APP_ENV` of this process. */
  readonly environment: string;
  readonly progress?: (table: string, rows: number) => void;
}

export interface RestoreReport {
  readonly schemaVersion: string;
  readonly environment: string;
  readonly createdAt: string;
  readonly tables: number;
  readonly rows: number;
}

/**
 * Writes a backup into a migrated database in which nobody works, all of it or nothing, and holds all sending: what
 * the backup still plans may have left since.
 * @throws BackupRefused
 */
export async function restoreBackup(options: RestoreOptions): Promise<RestoreReport> {
  const dataSource = await ownerDataSource(options.ownerUrl).initialize();
  const runner = dataSource.createQueryRunner();
  try {
    const client: pg.PoolClient = await runner.connect();
    return await unfiltered(client, 'write', () => restoreAll(client, runner.manager, options));
  } finally {
    await runner.release();
    await dataSource.destroy();
  }
}

async function restoreAll(
  client: pg.PoolClient,
  tx: EntityManager,
  options: RestoreOptions,
): Promise<RestoreReport> {
  const restoring = new Restoring(client, options);
  await readArchive(options, (name, content) => restoring.take(name, content));
  const { about, manifest } = await restoring.finish();
  const detail = `restored from the backup of ${about.createdAt}: compare with the operators, then release`;
  await new HoldSending().execute(tx, { reason: 'restored-backup', detail }, 'cli');
  return {
    schemaVersion: about.schemaVersion,
    environment: about.environment,
    createdAt: about.createdAt,
    tables: about.tables.length,
    rows: Object.values(manifest.rows).reduce((sum, count) => sum + count, 0),
  };
}

/** One entry at a time, each held whole: at most a few MiB. */
async function readArchive(
  { file, masterKeys }: RestoreOptions,
  take: (name: string, content: Buffer) => Promise<void>,
): Promise<void> {
  const archive = extract();
  const fed = pipeline(
    createReadStream(file),
    (bytes: AsyncIterable<Buffer>) => opened(bytes, masterKeys),
    createGunzip(),
    archive,
  );
  const taken = (async () => {
    for await (const entry of archive) await take(entry.header.name, await contentOf(entry));
  })();
  const failures = (await Promise.allSettled([taken, fed])).flatMap((one) =>
    one.status === 'rejected' ? [one.reason as unknown] : [],
  );
  if (failures.length > 0) throw failures.find((one) => one instanceof BackupRefused) ?? failures[0];
}

async function contentOf(entry: Entry): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of entry as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** What has come of the archive so far. */
class Restoring {
  private about: About | undefined;
  private manifest: Manifest | undefined;
  private target: OpenTarget | undefined;
  private readonly parts: Part[] = [];

  constructor(
    private readonly client: pg.PoolClient,
    private readonly options: RestoreOptions,
  ) {}

  async take(name: string, content: Buffer): Promise<void> {
    if (name === ABOUT) await this.begin(JSON.parse(content.toString('utf8')) as About);
    else if (name === MANIFEST) this.manifest = JSON.parse(content.toString('utf8')) as Manifest;
    else await this.takeRows(name, content);
  }

  /** @throws BackupRefused `damaged` when something announced did not come, or came otherwise */
  async finish(): Promise<{ about: About; manifest: Manifest }> {
    const { about, manifest, target } = this;
    if (about === undefined || manifest === undefined || target === undefined)
      throw new BackupRefused('damaged', 'no manifest');
    if (JSON.stringify(manifest.parts) !== JSON.stringify(this.parts))
      throw new BackupRefused('damaged', 'the checksums differ');
    await checkCounts(this.client, manifest.rows);
    await closeTarget(this.client, target);
    await setSequences(this.client, manifest.sequences);
    return { about, manifest };
  }

  private async begin(about: About): Promise<void> {
    await refuseUnfitTarget(this.client, about, this.options.environment);
    this.target = await openTarget(this.client);
    this.about = about;
  }

  private async takeRows(name: string, content: Buffer): Promise<void> {
    const table = this.about?.tables.find((one) => name.startsWith(`tables/${one.name}/`));
    if (table === undefined) throw new BackupRefused('damaged', 'an entry of no table');
    const list = table.columns.map((column) => `"${column}"`).join(', ');
    const ingest = this.client.query(copyFrom(`COPY ${quoted(table.name)} (${list}) FROM STDIN`));
    await pipeline([content], ingest);
    const number = this.parts.filter((part) => part.table === table.name).length + 1;
    this.parts.push({ ...partOf(table.name, number, content), name, sha256: digest(content) });
    this.options.progress?.(table.name, ingest.rowCount);
  }
}
