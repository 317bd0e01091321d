import { createTransport } from 'nodemailer';
import { type MailCatcher, startMailCatcher } from '../../demo/mail-catcher/mail-catcher.js';

describe('the mail catcher', () => {
  let catcher: MailCatcher;
  beforeAll(async () => {
    catcher = await startMailCatcher();
  });
  afterAll(() => catcher.stop());

  it.each([
    ['short', 'Rappel : convocation à 9 h 30', 'Bonjour,\nÀ demain, 9 h 30 — SPIP de Nanterre.'],
    ['long', 'Une convocation très éloignée dans le temps, à Saint-Denis de La Réunion', 'é'.repeat(900)],
    ['hostile', '<b>objet</b>', '<script>alert(1)</script> https://exemple.test/s/abc.'],
  ])('shows a %s mail as it was written', async (name, subject, text) => {
    const transport = createTransport(catcher.smtpUrl);
    const to = `${name}@exemple.test`;
    await transport.sendMail({
      from: '"Mon Suivi" <ne-pas-repondre@exemple.test>',
      to,
      subject,
      text,
      html: `<p>${name}</p>`,
    });
    transport.close();
    const answer = await fetch(`${catcher.url}/messages?to=${to}`);
    expect(await answer.json()).toEqual([
      { to, from: 'ne-pas-repondre@exemple.test', subject, body: text, at: expect.stringMatching(/Z$/) },
    ]);
    const page = await (await fetch(catcher.url)).text();
    expect(page).not.toContain('<script>');
    if (name === 'hostile') expect(page).toContain('<a href="https://exemple.test/s/abc">');
  });
});
