import { createServer } from 'node:http';
import { DataSource } from 'typeorm';
import { databaseOptions } from '../../src/platform/database.js';

/**
 * The limit of `bench pages`: the same pool, one question to the database in one transaction, a page of some
 * kilobytes. No framework, no session, no right, no log.
 */
const dataSource = await new DataSource(
  databaseOptions(process.env['DATABASE_URL'] ?? '', 10, 'msj-bare'),
).initialize();
const row = '<tr><td>Camille Martin</td><td>09:30</td><td>Planifiée</td></tr>';

createServer((_request, response) => {
  void dataSource
    .transaction((tx) => tx.query<{ now: Date }[]>('SELECT app_now() AS now'))
    .then(([found]) => {
      const table = row.repeat(100);
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      response.end(
        `<!doctype html><title>Nu</title><h1>${found?.now.toISOString() ?? ''}</h1><table>${table}</table>`,
      );
    });
}).listen(Number(process.env['PORT']), '127.0.0.1');
