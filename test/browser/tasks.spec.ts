import { BrowserStand } from '../support/browser-stand.js';

const stand = new BrowserStand();

describe('« À faire »', () => {
  it.each([true, false])(
    'is done by keyboard alone, from home to the end of a task (scripts: %p)',
    async (scripts) => {
      const personId = await stand.world.person('Rosa', scripts ? 'Quintal' : 'Brindille');
      const convocationId = await stand.world.booked(personId, '2026-06-17', scripts ? '09:00' : '10:00');
      await stand.world.asked(personId, convocationId, 'reach-otherwise', 'phone-unreachable');
      const page = await stand.pageOf('cpip', { width: 1280, scripts });
      await page.goto('/');
      await page.getByRole('link', { name: /À joindre autrement/ }).press('Enter');
      await page.waitForURL('**/tasks');
      const card = page.getByRole('article', { name: /Rosa/ });
      expect(await page.content()).not.toMatch(/12\s?34\s?56/);
      await card.getByRole('button', { name: /^Afficher le numéro de Rosa/ }).press('Enter');
      const call = page.getByRole('link', { name: 'Appeler', exact: true });
      await call.waitFor();
      expect(await call.getAttribute('href')).toBe('tel:+33612345678');
      // In its place; without scripts, on the card of the person.
      expect(new URL(page.url()).pathname).toBe(scripts ? '/tasks' : `/persons/${personId}/contact`);
      if (!scripts) await page.goto('/tasks');
      await card.getByLabel('Note (facultative)').fill('rappelée, viendra');
      await card.getByRole('button', { name: 'Joint', exact: true }).press('Enter');
      await page.getByRole('status').getByText('Tâche close').waitFor();
      expect(await card.count()).toBe(0);
      await page.goto(`/convocations/${convocationId}`);
      expect(await page.getByText('Personne jointe', { exact: true }).count()).toBe(1);
      expect(await page.getByText('rappelée, viendra').count()).toBe(1);
      await page.context().close();
    },
  );
});
