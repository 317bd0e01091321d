import type { Page } from 'playwright-core';
import type { Role } from '../../src/access/domain/roles.js';
import { type BrowserWorld, FRIDAY_AFTERNOON, PASSWORD } from './browser-world.js';

/** One state of one page, as one role meets it. */
export interface Sight {
  /** Of the screenshot. */
  readonly name: string;
  readonly path: string;
  /** Null: nobody signed in. */
  readonly role: Role | null;
  /** What to do on the page before looking. */
  readonly act?: (page: Page) => Promise<unknown>;
  /** Of the last answer; 200 when nothing is said. */
  readonly status?: number;
}

const UNKNOWN = 'u'.repeat(22);

/**
 * The button of the content; by keyboard, because a bar that sticks to the window may lie over it. The browser's own
 * checks are left out: the server's refusal is what is looked at.
 */
const press = (name: string) => async (page: Page) => {
  const button = page.locator('main').getByRole('button', { name, exact: true }).first();
  await button.evaluate((element) => element.closest('form')?.setAttribute('novalidate', ''));
  const answer = page.waitForResponse((found) => found.request().method() === 'POST');
  await button.press('Enter');
  await answer;
};

const signInWrongly = (email: string) => async (page: Page) => {
  await page.getByLabel('Adresse e-mail').fill(email);
  await page.getByLabel('Mot de passe').fill('not the password');
  await press('Se connecter')(page);
};

async function tryTooOften(page: Page): Promise<void> {
  for (let tries = 0; tries < 20; tries += 1) {
    await signInWrongly('too.often@example.test')(page);
    await page.waitForLoadState();
    const isRefused = (await page.getByText(/patienter|Réessayez dans/).count()) > 0;
    if (isRefused) return;
  }
  throw new Error('twenty wrong passwords in a row, and still no wait');
}

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
  const stoppedLink = await world.stopLink(await world.booked(stopped, '2026-06-12', '16:00'));
  await world.moveTo(FRIDAY_AFTERNOON);
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

interface Links {
  readonly stop: string;
  readonly welcome: string;
  readonly stoppedLink: string;
  readonly wrongLink: string;
}

function publicSights({ stop, welcome, stoppedLink, wrongLink }: Links): Sight[] {
  const open = (name: string, path: string, more: Partial<Sight> = {}): Sight => ({
    name,
    path,
    role: null,
    ...more,
  });
  return [
    open('sign-in', '/sign-in'),
    open('sign-in-refused', '/sign-in', { act: signInWrongly('cpip@example.test'), status: 401 }),
    open('welcome', welcome),
    open('welcome-refused', welcome, { act: choosePassword('court'), status: 400 }),
    open('welcome-unknown', `/welcome/${UNKNOWN}`, { status: 404 }),
    open('stop', stop),
    open('stop-done', stoppedLink, { act: pressUnlessDone }),
    open('wrong-person', `${stop}/wrong-person`),
    open('wrong-person-done', `${wrongLink}/wrong-person`, { act: confirmUnlessDone }),
    open('stop-unknown', `/s/${UNKNOWN}`, { status: 404 }),
    open('accessibility', '/accessibility'),
    open('privacy', '/privacy'),
    open('public-figures', '/chiffres'),
    open('too-many-tries', '/sign-in', { act: tryTooOften, status: 429 }),
  ];
}

/** The second half of a sign-in is last: it leaves its session in the browser. */
function signInSights(reset: string, guarded: string): Sight[] {
  const open = (name: string, path: string, more: Partial<Sight> = {}): Sight => ({
    ...{ name, path, role: null },
    ...more,
  });
  const passwordOf = (email: string) => async (page: Page) => {
    if (!page.url().includes('/sign-in')) return;
    await page.getByLabel('Adresse e-mail').fill(email);
    await page.getByLabel('Mot de passe').fill(PASSWORD);
    await press('Se connecter')(page);
    await page.getByRole('heading', { name: 'Seconde vérification' }).waitFor();
  };
  return [
    open('forgotten', '/sign-in/forgotten'),
    open('reset', reset),
    open('reset-refused', reset, { act: choosePassword('court'), status: 400 }),
    open('reset-unknown', `/sign-in/reset/${UNKNOWN}`, { status: 404 }),
    open('second-factor', '/sign-in/second-factor', { act: passwordOf(guarded) }),
    open('second-factor-refused', '/sign-in/second-factor', {
      act: async (page) => {
        await page.getByLabel('Code à 6 chiffres').fill('000000');
        await press('Valider')(page);
      },
      status: 401,
    }),
  ];
}

/** Colleagues, moves, alerts, the local console; at last somebody who meets the charter. */
async function agentSights(world: BrowserWorld): Promise<Sight[]> {
  const { invited, active, gone, away, transfer } = await world.colleagues();
  const admin = (name: string, path: string, act?: string, status = 200): Sight => ({
    ...{ name, path, role: 'admin', status },
    ...(act === undefined ? {} : { act: press(act) }),
  });
  const newcomer = await world.newcomer();
  const check = (table: string) => async (page: Page) => {
    await page.getByLabel('Ou collez le tableau ici').fill(table);
    await press('Vérifier sans inviter')(page);
  };
  const file = 'nom;prénom;e-mail;rôle\nCaradec;Inès;ines@example.test;CPIP\n';
  return [
    admin('agents', '/agents'),
    admin('agents-none', '/agents?role=appeal-clerk'),
    admin('agent-new', '/agents/new'),
    admin('agent-new-refused', '/agents/new', 'Inviter', 400),
    admin('agent', `/agents/${active}`),
    admin('agent-invited', `/agents/${invited}`),
    admin('agent-gone', `/agents/${gone}`),
    admin('agent-away', `/agents/${away}`),
    admin('agent-journal', `/agents/${active}/journal`),
    admin('agent-edit', `/agents/${active}/edit`),
    admin('agent-leave', `/agents/${active}/leave`),
    admin('agent-leave-refused', `/agents/${active}/leave`, 'Enregistrer le départ', 400),
    admin('agent-transfer', `/agents/${active}/transfer`),
    admin('transfers', '/agents/transfers'),
    admin('transfer', `/agents/transfers/${transfer}`),
    admin('agents-import', '/agents/import'),
    { ...admin('agents-import-ready', '/agents/import'), act: check(file) },
    { ...admin('agents-import-refused', '/agents/import'), act: check(`${file};;x;roi\n`), status: 400 },
    admin('alerts', '/alerts'),
    admin('alerts-refused', '/alerts', 'Voir l’aperçu', 400),
    {
      ...admin('alerts-preview', '/alerts'),
      act: async (page) => {
        await page.getByLabel('Texte').fill('Nouvel agenda d’été.\nPensez à fermer vos créneaux.');
        await press('Voir l’aperçu')(page);
      },
    },
    admin('service', '/service'),
    { ...admin('account', '/account'), role: 'cpip' },
    {
      ...admin('account-refused', '/account', undefined, 400),
      role: 'cpip',
      act: async (page) => {
        await page.getByText('Noter une absence').click();
        await press('Noter l’absence')(page);
      },
    },
    { ...admin('charter', '/charter'), role: 'cpip' },
    {
      ...admin('charter-first', '/sign-in'),
      role: null,
      act: async (page) => {
        await page.getByLabel('Adresse e-mail').fill(newcomer);
        await page.getByLabel('Mot de passe').fill(PASSWORD);
        await press('Se connecter')(page);
        await page.getByRole('heading', { name: 'Avant de commencer' }).waitFor();
      },
    },
  ];
}

function accountSights(): Sight[] {
  const agent = (name: string, path: string, act?: string, status = 200): Sight => ({
    ...{ name, path, role: 'cpip', status },
    ...(act === undefined ? {} : { act: press(act) }),
  });
  return [
    agent('security', '/account/security'),
    agent('sessions', '/account/sessions'),
    agent('authenticator', '/account/security/authenticator'),
    agent('authenticator-refused', '/account/security/authenticator', 'Confirmer', 400),
    agent('password', '/account/password'),
    agent('password-refused', '/account/password', 'Changer', 400),
    agent('confirm', '/account/confirm'),
    agent('confirm-refused', '/account/confirm', 'Confirmer', 401),
  ];
}

const choosePassword = (password: string) => async (page: Page) => {
  for (const field of await page.locator('input[type=password]').all()) {
    await field.evaluate((element) => element.removeAttribute('minlength'));
    await field.fill(password);
  }
  await page.locator('main button').first().press('Enter');
  await page.getByRole('alert').waitFor();
};

async function confirmUnlessDone(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: 'Je confirme, ce n’est pas moi' });
  if ((await button.count()) > 0) await button.click();
  await page.getByText('C’est noté, merci').waitFor();
}

async function pressUnlessDone(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: 'Arrêter les SMS' });
  if ((await button.count()) > 0) await button.click();
  await page.getByText('Les SMS sont arrêtés').waitFor();
}

function personSights({ awa, stopped, wrong }: Record<'awa' | 'stopped' | 'wrong', string>): Sight[] {
  const agent = (name: string, path: string, more: Partial<Sight> = {}): Sight => ({
    name,
    path,
    role: 'cpip',
    ...more,
  });
  const search = (text: string) => async (page: Page) => {
    await page.getByLabel('Chercher un probationnaire').last().fill(text);
    await press('Chercher')(page);
  };
  return [
    agent('search', '/persons/search'),
    agent('search-found', '/persons/search', { act: search('kermadec') }),
    agent('search-nothing', '/persons/search', { act: search('zzyzx') }),
    agent('new-person', '/persons/new'),
    agent('new-person-refused', '/persons/new', { act: press('Enregistrer et convoquer'), status: 400 }),
    agent('person', `/persons/${awa}`),
    agent('person-stopped', `/persons/${stopped}`),
    agent('person-blocked', `/persons/${wrong}`),
    agent('resume-messages', `/persons/${stopped}/resume-messages`),
    agent('resume-messages-refused', `/persons/${stopped}/resume-messages`, {
      act: press('Reprendre les SMS'),
      status: 400,
    }),
    agent('edit-person-stopped', `/persons/${stopped}/edit`),
    agent('edit-person', `/persons/${awa}/edit`),
    agent('person-journal', `/persons/${awa}/journal`, { role: 'dpip' }),
    agent('certificate', `/persons/${awa}/certificate`),
    agent('certificate-check', '/certificates/check'),
    agent('certificate-check-unknown', '/certificates/check', { act: checkCode('7K3M-9QX2-A0VB-4C5D') }),
    agent('certificate-check-refused', '/certificates/check', { act: checkCode('7K3M'), status: 400 }),
    agent('not-found', '/nothing-here', { status: 404 }),
  ];
}

const checkCode = (code: string) => async (page: Page) => {
  await page.getByLabel('Référence').fill(code);
  await press('Vérifier')(page);
};

function convocationSights(ids: Record<'awa' | 'morning' | 'evening', string>): Sight[] {
  const agent = (name: string, path: string, more: Partial<Sight> = {}): Sight => ({
    name,
    path,
    role: 'cpip',
    ...more,
  });
  const book = (page: Page) => page.getByRole('radio', { name: 'Date et heure libres' }).check();
  return [
    agent('booking', `/persons/${ids.awa}/convoke`),
    agent('booking-refused', `/persons/${ids.awa}/convoke`, {
      act: async (page) => {
        await book(page);
        await press('Convoquer')(page);
        await page.getByRole('alert').waitFor();
      },
      status: 400,
    }),
    agent('convocation-past', `/convocations/${ids.morning}`),
    agent('convocation-coming', `/convocations/${ids.evening}`),
    agent('reschedule', `/convocations/${ids.evening}/reschedule`),
  ];
}

function messageSights({ organizationId }: BrowserWorld): Sight[] {
  const text = `/messages/text?organization=${organizationId}&type=suivi-spip&kind=reminder`;
  const admin = (name: string, path: string, more: Partial<Sight> = {}): Sight => ({
    ...{ name, path, role: 'admin' },
    ...more,
  });
  const write = (words: string, button: string) => async (page: Page) => {
    await page.getByLabel('Texte', { exact: true }).fill(words);
    await press(button)(page);
    await page.locator('mark').first().waitFor();
  };
  return [
    admin('messages', '/messages'),
    admin('messages-arabic', `/messages?organization=${organizationId}&language=ar`),
    admin('message', text),
    admin('message-judged', text, { act: write('Bientôt : RDV demain avec M. Durand', 'Voir l’aperçu') }),
    admin('message-refused', text, { act: write('RDV {nom} demain', 'Enregistrer ce texte'), status: 400 }),
    admin('message-to-review', '/messages/text?language=ar'),
  ];
}

/** In this order: nothing is held, then it is. */
function suretySights(): Sight[] {
  const admin = (name: string, path: string, more: Partial<Sight> = {}): Sight => ({
    name,
    path,
    role: 'admin',
    ...more,
  });
  const hold = async (page: Page) => {
    await page.getByLabel('Pourquoi').fill('Texte de rappel à corriger');
    await press('Retenir tous les envois')(page);
    await page.getByRole('status').waitFor();
  };
  return [
    { ...admin('surety-service', '/surety'), role: 'dpip' },
    admin('surety', '/surety?days=7'),
    admin('hold-refused', '/surety/hold', { act: press('Retenir tous les envois'), status: 400 }),
    admin('release-nothing', '/surety/release'),
    admin('held', '/surety/hold', { act: hold }),
    admin('hold-again', '/surety/hold'),
    admin('release', '/surety/release'),
  ];
}

function trialSights(ids: Awaited<ReturnType<BrowserWorld['trials']>>): Sight[] {
  const admin = (name: string, path: string, more: Partial<Sight> = {}): Sight => ({
    name,
    path,
    role: 'admin',
    ...more,
  });
  return [
    admin('trials', '/trials'),
    { ...admin('trials-none', '/trials'), role: 'dpip' },
    admin('trial-new', '/trials/new'),
    admin('trial-example', '/trials/new', { act: press('Remplir avec l’exemple J-1, J-2, J-4 et J-1') }),
    admin('trial-refused', '/trials/new', { act: press('Relire l’essai'), status: 400 }),
    admin('trial-wording', '/trials/new?by=wording'),
    admin('trial-draft', `/trials/${ids.draft}`),
    admin('trial-registered', `/trials/${ids.registered}`),
    admin('trial-overlap', `/trials/${ids.registered}`, { act: press('Commencer l’essai'), status: 400 }),
    admin('trial-running', `/trials/${ids.running}`),
    admin('trial-ended', `/trials/${ids.ended}`),
    admin('trial-leaning', `/trials/${ids.leaning}`),
  ];
}

/** The register, the counts of before, and the plan of a roll-out by steps. */
function rolloutSights({ rollout, plan }: Record<'rollout' | 'plan', string>): Sight[] {
  const admin = (name: string, path: string, more: Partial<Sight> = {}): Sight => ({
    ...{ name, path, role: 'admin' },
    ...more,
  });
  const paste = (table: string) => async (page: Page) => {
    await page.getByLabel('D’où viennent ces chiffres').fill('Tableau du secrétariat');
    await page.getByLabel('Ou collez le tableau ici').fill(table);
    await press('Vérifier sans enregistrer')(page);
  };
  const counts = 'mois;venues;manquées;excusées\n2024-03;142;61;9\n';
  return [
    admin('rollouts', '/rollouts'),
    admin('rollout-refused', '/rollouts', { act: press('Inscrire'), status: 400 }),
    admin('rollout-row', `/rollouts/row?rollout=${rollout}`),
    admin('rollout-row-refused', `/rollouts/row?rollout=${rollout}`, {
      act: press('Inscrire l’arrêt'),
      status: 400,
    }),
    admin('plan-of-rollouts', `/rollouts/planner/plan?plan=${plan}`),
    admin('target-refused', '/rollouts', { act: press('Fixer cet objectif'), status: 400 }),
    admin('baseline', '/rollouts/baseline'),
    admin('baseline-checked', '/rollouts/baseline', { act: paste(`${counts}2024-04;150;58;11\n`) }),
    admin('baseline-refused', '/rollouts/baseline', { act: paste(`${counts}2024-13;x;1;1\n`), status: 400 }),
    admin('planner', '/rollouts/planner'),
    admin('planner-drawn', '/rollouts/planner', {
      act: async (page) => {
        await page.getByRole('button', { name: 'Tirer au sort et calculer' }).press('Enter');
        await page.getByRole('heading', { name: 'Ordre tiré au sort' }).waitFor();
      },
    }),
  ];
}

function consoleSights(
  { key, webhook, place }: Record<'key' | 'webhook' | 'place', string>,
  { organizationId }: BrowserWorld,
): Sight[] {
  const admin = (name: string, path: string, act?: string, status = 200): Sight => ({
    name,
    path,
    role: 'admin',
    status,
    ...(act === undefined ? {} : { act: press(act) }),
  });
  return [
    admin('console', '/console'),
    admin('console-keys', '/console/keys'),
    admin('console-key-new', '/console/keys/new'),
    admin('console-key-refused', '/console/keys/new', 'Créer la clé', 400),
    admin('console-key', `/console/keys/${key}`),
    admin('console-key-shown', `/console/keys/${key}`, 'Remplacer la clé'),
    admin('console-webhooks', '/console/webhooks'),
    admin('console-webhook-new', '/console/webhooks/new'),
    admin('console-webhook-refused', '/console/webhooks/new', 'Ajouter et appeler', 400),
    admin('console-webhook', `/console/webhooks/${webhook}`),
    admin('console-organizations', '/console/organizations'),
    admin('console-organization-new', '/console/organizations/new'),
    admin('console-organization-refused', '/console/organizations/new', 'Enregistrer', 400),
    admin('console-organization', `/console/organizations/${organizationId}`),
    admin('console-types', '/console/types'),
    admin('console-type', '/console/types/suivi-spip'),
    admin('console-jobs-off', '/console/jobs', undefined, 404),
    admin('console-jobs-inside-off', '/console/jobs/queue/messages', undefined, 404),
    admin('places', '/places'),
    admin('place-new', '/places/new'),
    admin('place-new-refused', '/places/new', 'Enregistrer', 400),
    admin('place', `/places/${place}`),
    admin('place-archive-refused', `/places/${place}`, 'Archiver ce lieu', 400),
  ];
}

function planSights(): Sight[] {
  const admin = (name: string, path: string, act?: string, status = 200): Sight => ({
    name,
    path,
    role: 'admin',
    status,
    ...(act === undefined ? {} : { act: press(act) }),
  });
  const check = 'Voir ce que cela change';
  const nobody = async (page: Page) => {
    await page.getByLabel('Jours avant', { exact: true }).first().fill('1');
    await press(check)(page);
  };
  return [
    admin('plans', '/plans'),
    admin('plans-national', '/plans?organization=national'),
    admin('plans-changed', '/plans?moved=3&added=1&withdrawn=12&altered=0'),
    admin('plan', '/plans/edit'),
    admin('plan-confirm', '/plans/edit', check),
    { ...admin('plan-refused', '/plans/edit'), act: nobody, status: 400 },
    admin('hours-confirm', '/plans', check),
    admin('territories', '/territories'),
    admin('territory-confirm', '/territories?territory=YT', check),
  ];
}

function officeSights(world: BrowserWorld): Sight[] {
  const agent = (name: string, path: string, role: Role = 'cpip', status = 200): Sight => ({
    name,
    path,
    role,
    status,
  });
  const kept = `/agendas/${world.nanterre}`;
  return [
    agent('home', '/'),
    agent('home-court', '/', 'bex'),
    agent('home-director', '/', 'dpip'),
    agent('settings', '/settings', 'admin'),
    agent('tasks', '/tasks'),
    agent('worklist', '/worklist?show=service'),
    agent('worklist-none', '/worklist?show=mine', 'bex'),
    agent('tasks-none', '/tasks?show=mine', 'bex'),
    agent('day', '/days/2026-06-12'),
    agent('day-empty', '/days/2026-06-20'),
    agent('unmarked', '/attention/unmarked'),
    agent('agendas', '/agendas'),
    agent('agendas-court', '/agendas', 'bex'),
    agent('agenda', kept, 'dpip'),
    agent('agenda-read-only', kept),
    { ...agent('agenda-refused', kept, 'dpip', 400), act: press('Ouvrir') },
    agent('absence', '/absence', 'dpip'),
    {
      ...agent('absence-costs-refused', '/absence', 'admin', 400),
      act: async (page) => {
        await page.getByText('Changer les coûts du service').press('Enter');
        await page.getByLabel('Une lettre (€)').fill('deux');
        await press('Enregistrer les coûts')(page);
        await page.getByRole('alert').waitFor();
      },
    },
    agent('absence-national', '/absence/national', 'admin'),
    agent('absence-national-own', '/absence/national', 'dpip'),
    agent('rights', '/rights', 'dpip'),
    agent('rights-of-one', '/rights?role=cpip', 'admin'),
    agent('absence-mine', '/absence/mine'),
    agent('absence-definitions', '/absence/definitions'),
    agent('forbidden', '/absence', 'cpip', 403),
  ];
}
