import { type BrowserWorld, FRIDAY_AFTERNOON } from './browser-world.js';
import { accountSights, signInSights } from './sights/account.js';
import { agentSights } from './sights/agents.js';
import { consoleSights } from './sights/console.js';
import { aReceipt, messageSights, planSights, suretySights } from './sights/messages.js';
import { officeSights } from './sights/office.js';
import { convocationSights, personSights } from './sights/persons.js';
import { publicSights } from './sights/public.js';
import type { Sight } from './sights/sight.js';
import { rolloutSights, trialSights } from './sights/studies.js';

/** Persons of Friday: to come, to mark, and one who stopped messages; then every page, and every way it refuses. */
export async function prepareSights(world: BrowserWorld): Promise<readonly Sight[]> {
  const awa = await world.person('Awa', 'Kermadec');
  const theo = await world.person('Théo', 'Brindille');
  const rosa = await world.person('Rosa', 'Quintal');
  const morning = await world.booked(awa, '2026-06-12', '09:00');
  await world.booked(theo, '2026-06-12', '10:30');
  const evening = await world.booked(rosa, '2026-06-12', '17:00');
  const links = { stop: await world.stopLink(evening), welcome: await world.invitation() };
  const wrong = await world.person('Noor', 'Tillac', '+33612345640');
  const wrongLink = await world.stopLink(await world.booked(wrong, '2026-06-12', '15:00'));
  await world.replied('+33612345640', 'Je peux venir avec ma fille ?');
  const stopped = await world.person('Ilan', 'Vasseur', '+33612345641');
  await world.followed(stopped);
  const stoppedLink = await world.stopLink(await world.booked(stopped, '2026-06-12', '16:00'));
  await world.moveTo(FRIDAY_AFTERNOON);
  await aReceipt(world, evening);
  await world.asked(awa, null, 'correct-number', 'three-failures');
  await world.asked(rosa, evening, 'reach-otherwise', 'not-confirmed');
  await world.asked(
    theo,
    await world.booked(theo, '2026-06-16', '09:00'),
    'reach-otherwise',
    'phone-unreachable',
  );
  return [
    ...publicSights({ ...links, stoppedLink, wrongLink }),
    ...signInSights(await world.resetLink(), await world.guarded()),
    ...accountSights(),
    ...(await agentSights(world)),
    ...personSights({ awa, stopped, wrong }),
    ...convocationSights({ awa, morning, evening }),
    ...officeSights(world),
    ...planSights(),
    ...messageSights(world),
    ...trialSights(await world.trials()),
    ...suretySights(),
    ...rolloutSights(await world.register()),
    ...consoleSights(await world.programs(), world),
  ];
}
