import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACTIONS, TYPE_FAMILIES } from '../../src/access/domain/rights-table.js';

const SOURCE = join(__dirname, '../../src');
/** Where an action is only written down, not asked for. */
const WRITTEN = /(?:rights-table|right-words|api-scopes|\.spec)\.tsx?$/;

const asking = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !WRITTEN.test(`/${file}`))
  .map((file) => readFileSync(join(SOURCE, file), 'utf8'))
  .join('\n');

/** As a word of its own, or by the family of an appointment type. */
function isAsked(action: string): boolean {
  const [subject = '', family = ''] = action.split('.');
  const isOfFamily = TYPE_FAMILIES.some((one) => one === family) && asking.includes(`\`${subject}.\${`);
  return isOfFamily || asking.includes(`'${action}'`);
}

describe('the table of rights', () => {
  it('grants nothing that no code asks for: the page « Droits » would promise it', () => {
    expect(ACTIONS.filter((action) => !isAsked(action))).toEqual([]);
  });
});
