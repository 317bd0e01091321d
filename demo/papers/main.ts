import 'reflect-metadata';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DOCUMENTS } from './documents.js';

for (const [place, write] of Object.entries(DOCUMENTS)) {
  const file = join('docs', place);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, write());
}
