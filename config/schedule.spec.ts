import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCHEDULE, scheduleDocument } from './schedule.js';

describe('the schedule', () => {
  it('is the one that docs/schedule.md shows', () => {
    expect(readFileSync(join(__dirname, '../docs/schedule.md'), 'utf8')).toBe(scheduleDocument());
  });

  it('names each task once', () => {
    expect(new Set(SCHEDULE.map((task) => task.id)).size).toBe(SCHEDULE.length);
  });
});
