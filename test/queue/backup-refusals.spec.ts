import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { planDueNow } from '../support/due-messages.js';
import { Backups, personsIn, rowsOf } from '../support/backups.js';

describe('a backup that must not be restored or taken', () => {
  const backups = new Backups();
  /** Of a few thousand rows: quick to read up to its end. */
  let file: string;

  beforeAll(async () => {
    await backups.open();
    await planDueNow(backups.source.dataSource, 3_000);
    file = backups.fileNamed('small');
    await backups.take(file);
  });
  afterAll(() => backups.close());

  /** A copy of the file with something done to it. */
  function spoilt(change: (bytes: Buffer) => Buffer): string {
    const path = backups.fileNamed(randomBytes(4).toString('hex'));
    writeFileSync(path, change(Buffer.from(readFileSync(file))));
    return path;
  }

  it('finds one flipped byte, wherever it is, and restores nothing', async () => {
    const database = await backups.emptyDatabase();
    const size = statSync(file).size;
    for (const at of [70, Math.floor(size / 3), size - 5]) {
      const flipped = spoilt((bytes) => {
        bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
        return bytes;
      });
      expect(await backups.restoring(database, { file: flipped })).toBe('damaged');
    }
    expect(await personsIn(database)).toBe(0);
  });

  it('finds a file that was cut, within a chunk or between two', async () => {
    const database = await backups.emptyDatabase();
    const header = 51;
    const chunk = 5 + 64 * 1024 + 16;
    for (const length of [header, header + chunk, header + 2 * chunk, statSync(file).size - 1])
      expect(await backups.restoring(database, { file: spoilt((bytes) => bytes.subarray(0, length)) })).toBe(
        'truncated',
      );
    expect(
      await backups.restoring(database, { file: spoilt((bytes) => Buffer.concat([bytes, bytes])) }),
    ).toBe('damaged');
    expect(await personsIn(database)).toBe(0);
  });

  it('refuses a chunk put in the place of another', async () => {
    const database = await backups.emptyDatabase();
    const chunk = 5 + 64 * 1024 + 16;
    const swapped = spoilt((bytes) =>
      Buffer.concat([
        bytes.subarray(0, 51),
        bytes.subarray(51 + chunk, 51 + 2 * chunk),
        bytes.subarray(51, 51 + chunk),
        bytes.subarray(51 + 2 * chunk),
      ]),
    );
    expect(await backups.restoring(database, { file: swapped })).toBe('damaged');
  });

  it('refuses by name another key, another environment, another version and another kind of file', async () => {
    const database = await backups.emptyDatabase();
    expect(
      await backups.restoring(database, { file, masterKeys: ['another key, just as long as it has to be.'] }),
    ).toBe('wrong-key');
    expect(await backups.restoring(database, { file, environment: 'production' })).toBe('wrong-environment');
    expect(
      await backups.restoring(database, { file: spoilt(() => Buffer.from('PK\u0003\u0004 a zip')) }),
    ).toBe('not-an-archive');
    await rowsOf(
      database.ownerUrl,
      `INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'Later')`,
    );
    expect(await backups.restoring(database, { file })).toBe('wrong-version');
    expect(await personsIn(database)).toBe(0);
  });

  it('refuses a database in which somebody works already', async () => {
    const database = await backups.emptyDatabase();
    await rowsOf(database.ownerUrl, `INSERT INTO organization (name, kind) VALUES ('SPIP 92', 'spip')`);
    expect(await backups.restoring(database, { file })).toBe('not-empty');
  });

  it('refuses a role from which row security would hide rows', async () => {
    const database = await backups.emptyDatabase();
    await rowsOf(
      database.ownerUrl,
      `ALTER TABLE place ENABLE ROW LEVEL SECURITY; ALTER TABLE place FORCE ROW LEVEL SECURITY;
       CREATE POLICY narrow ON place AS RESTRICTIVE TO msj_owner USING (name < 'M')`,
    );
    const target = backups.fileNamed('partial');
    await expect(backups.take(target, database)).rejects.toMatchObject({
      fault: 'filtered-role',
      message: expect.stringContaining('place'),
    });
    expect(existsSync(target)).toBe(false);
  });
});
