import { createWriteStream, existsSync } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { pack, type Pack } from 'tar-stream';
import {
  type About,
  ABOUT,
  addEntry,
  MANIFEST,
  type Manifest,
  type Part,
  partOf,
  wholeRows,
} from './archive.js';
import { BackupRefused } from './backup-refused.js';
import { environmentOf, keptTables, quoted, schemaVersion, sequences, type Table } from './catalogue.js';
import { sealed } from './sealed-file.js';
import { unfiltered } from './session.js';

export interface BackupOptions {
  readonly ownerUrl: string;
  readonly file: string;
  /** Newest first; the newest seals. */
  readonly masterKeys: readonly string[];
  /** Told of each table once it is written. */
  readonly progress?: (table: string, rows: number) => void;
}

export interface BackupReport {
  readonly schemaVersion: string;
  readonly environment: string;
  readonly createdAt: string;
  readonly tables: number;
  readonly rows: number;
  readonly bytes: number;
}

/**
 * Writes every row of one instant into one encrypted file, while the service goes on. Memory does not grow with the
 * database. The file has its name only once it is whole and on disk.
 * @throws BackupRefused
 */
export async function takeBackup(options: BackupOptions): Promise<BackupReport> {
  if (existsSync(options.file)) throw new BackupRefused('file-exists', options.file);
  const client = new pg.Client({ connectionString: options.ownerUrl, application_name: 'msj-backup' });
  await client.connect();
  const partial = `${options.file}.partial`;
  try {
    const report = await unfiltered(client, 'snapshot', () => writeFile(client, partial, options));
    await flushToDisk(partial);
    await rename(partial, options.file);
    return { ...report, bytes: (await stat(options.file)).size };
  } finally {
    await rm(partial, { force: true });
    await client.end();
  }
}

async function writeFile(
  client: pg.Client,
  file: string,
  { masterKeys, progress }: BackupOptions,
): Promise<Omit<BackupReport, 'bytes'>> {
  const about = await describe(client);
  const archive = pack();
  const written = pipeline(
    archive,
    createGzip(),
    (bytes: AsyncIterable<Buffer>) => sealed(bytes, masterKeys),
    createWriteStream(file, { mode: 0o600 }),
  );
  const filled = fill(client, archive, about, progress ?? (() => undefined));
  filled.catch((error: unknown) => archive.destroy(error instanceof Error ? error : undefined));
  const [manifest] = await Promise.all([filled, written]);
  const rows = Object.values(manifest.rows).reduce((sum, count) => sum + count, 0);
  const { schemaVersion: version, environment, createdAt, tables } = about;
  return { schemaVersion: version, environment, createdAt, tables: tables.length, rows };
}

async function describe(client: pg.Client): Promise<About> {
  const { rows } = await client.query<{ now: Date }>('SELECT app_now() AS now');
  return {
    format: 1,
    schemaVersion: await schemaVersion(client),
    environment: await environmentOf(client),
    createdAt: rows[0]?.now.toISOString() ?? '',
    tables: await keptTables(client),
  };
}

async function fill(
  client: pg.Client,
  archive: Pack,
  about: About,
  progress: (table: string, rows: number) => void,
): Promise<Manifest> {
  await addEntry(archive, ABOUT, json(about));
  const parts: Part[] = [];
  const rows: Record<string, number> = {};
  for (const table of about.tables) {
    const own = await addTable(client, archive, table);
    parts.push(...own);
    rows[table.name] = own.reduce((sum, part) => sum + part.rows, 0);
    progress(table.name, rows[table.name] ?? 0);
  }
  const manifest: Manifest = { parts, rows, sequences: await sequences(client) };
  await addEntry(archive, MANIFEST, json(manifest));
  archive.finalize();
  return manifest;
}

async function addTable(client: pg.Client, archive: Pack, { name, columns }: Table): Promise<Part[]> {
  const list = columns.map((column) => `"${column}"`).join(', ');
  const stream = client.query(copyTo(`COPY ${quoted(name)} (${list}) TO STDOUT`));
  const parts: Part[] = [];
  for await (const content of wholeRows(stream as AsyncIterable<Buffer>)) {
    const part = partOf(name, parts.length + 1, content);
    await addEntry(archive, part.name, content);
    parts.push(part);
  }
  return parts;
}

async function flushToDisk(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value), 'utf8');
}
