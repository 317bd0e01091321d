import { Readable } from 'node:stream';
import { mailReturnedCommand } from '../../src/cli/mail-returned.command.js';
import { digest, newMailToken } from '../../src/shared/tokens.js';
import { aDeliveryReport } from '../support/returned-mails.js';
import { useToldWorld } from '../support/told-world.js';

const NOW = '2026-06-09T08:00:00Z';
const TOMORROW = '2026-06-10T12:00:00Z';
const DONE = 0;
/** EX_TEMPFAIL: the mail server keeps the mail in its queue. Anything else but 0 makes it send a bounce of its own. */
const KEPT = 75;

const stand = useToldWorld(NOW);

/** `npm run cli -- mail-returned …` with this mail on its standard input: how it ends and what it prints. */
async function handed(mail: string, token: string, env: NodeJS.ProcessEnv = {}) {
  const said: string[] = [];
  const hear = (text: unknown) => said.push(String(text)) > 0;
  const mocks = [
    jest.spyOn(process.stdout, 'write').mockImplementation(hear),
    jest.spyOn(process.stderr, 'write').mockImplementation(hear),
    jest.spyOn(process, 'stdin', 'get').mockReturnValue(Readable.from([mail]) as typeof process.stdin),
  ];
  const before = process.env;
  process.env = {
    APP_ENV: 'test',
    PUBLIC_BASE_URL: 'http://127.0.0.1:9',
    DATABASE_URL: stand.database.url,
    SECRET_KEYS: 'k'.repeat(32),
    MAIL_RETURN_ADDRESS: 'retours@msj.example',
    ...env,
  };
  try {
    const address = `retours+${token}@msj.example`;
    await mailReturnedCommand().parseAsync([address], { from: 'user' });
    return { exitCode: Number(process.exitCode ?? 0), said: said.join('') };
  } finally {
    mocks.forEach((mock) => mock.mockRestore());
    process.env = before;
    process.exitCode = undefined;
  }
}

/** The token of an e-mail that its relay took. */
async function aTakenMail(): Promise<string> {
  const messages = [{ kind: 'summons', state: 'accepted', way: 'email' }] as const;
  const id = await stand.world.summon({
    startsAt: TOMORROW,
    phone: null,
    email: 'ada@example.org',
    messages,
  });
  const token = newMailToken();
  await stand.database.dataSource.query(
    `UPDATE delivery_attempt SET token_hash = $2
      WHERE message_id IN (SELECT id FROM message WHERE convocation_id = $1)`,
    [id, digest(token)],
  );
  return token;
}

describe('a mail server that hands over what came back', () => {
  it('is done with a report, the same again, and an absence notice', async () => {
    const token = await aTakenMail();
    for (const mail of [aDeliveryReport(), aDeliveryReport(), 'Subject: absent\n\nJe suis absent.'])
      expect((await handed(mail, token)).exitCode).toBe(DONE);
  });

  it('sends no bounce of its own for what will never be recorded', async () => {
    const token = await aTakenMail();
    for (const mail of [aDeliveryReport({ recipient: 'x' }), aDeliveryReport().repeat(300)])
      expect(await handed(mail, token)).toEqual({
        exitCode: DONE,
        said: 'given up: not a delivery report that can be read\n',
      });
    expect(await handed(aDeliveryReport(), newMailToken())).toEqual({
      exitCode: DONE,
      said: 'given up: no e-mail of ours has this return address\n',
    });
  });

  it.each([
    ['the database does not answer', { DATABASE_URL: 'postgresql://x@127.0.0.1:9/x' }, /^not now/],
    ['the environment is not whole', { SECRET_KEYS: undefined }, /^not now/],
    ['a variable has no such name', { SEND_WINDOWS: '08:00-20:00' }, /^not now/],
    ['no return address is set', { MAIL_RETURN_ADDRESS: undefined }, /MAIL_RETURN_ADDRESS is not set/],
  ])('keeps it for later while %s', async (_why, env, words) => {
    const { exitCode, said } = await handed(aDeliveryReport(), await aTakenMail(), env);
    expect(exitCode).toBe(KEPT);
    expect(said).toMatch(words);
  });
});
