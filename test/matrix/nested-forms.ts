import { randomUUID } from 'node:crypto';
import type { KnownForms, ShownForm } from './bodies.js';
import { soundFields } from './bodies.js';
import type { Caller } from './callers.js';
import { kinOf } from './expected.js';
import type { Answer, Fire } from './fire.js';
import { leaksIn, masked } from './judge.js';
import type { NestedResult } from './nested.js';
import { HOMES, type Home, type HomeName, type World } from './world.js';

export interface FormStage {
  readonly fire: Fire;
  readonly callers: readonly Caller[];
  readonly world: World;
  readonly forms: KnownForms;
}

/** What a foreign id may be smuggled in as, by the name of the field; several where several rows could be meant. */
const IDS: readonly (readonly [field: RegExp, ids: (foreign: Home) => readonly string[]])[] = [
  [/^agenda(Id)?$/, ({ agendaId }) => [agendaId]],
  [/^seat$/, ({ slotId }) => [slotId]],
  [/^(replacementId|heir|heir\..+|heardBy)$/, ({ agent, things }) => [agent, things.mover]],
  [/^(organization|organizationId|toOrganizationId|service)$/, ({ organizationId }) => [organizationId]],
  [/^convocation$/, ({ follow }) => [follow.booked]],
  [/^delivery$/, ({ things }) => [things.delivery]],
  [/^template$/, ({ things }) => [things.template]],
  [/^rollout$/, ({ things }) => things.rollouts.slice(-1)],
  [/^importId$/, ({ things }) => [things.baseline]],
  [/^scope$/, ({ agent, placeId }) => [`agent:${agent}`, `place:${placeId}`]],
  [/^services$/, ({ organizationId }) => [organizationId]],
];

/** Rows named by the field itself: by the first of them that the form has. */
const NAMED_ROWS: readonly (readonly [field: RegExp, value: string, ids: (foreign: Home) => string])[] = [
  [/^outcome\./, 'attended', ({ follow }) => follow.past],
  [/^heir\./, 'service', ({ person }) => person],
];

/** Fields that no form shows. */
const HIDDEN: Readonly<Record<string, string>> = {
  ...{ role: 'admin', organizationId: randomUUID(), headquartersId: randomUUID(), agentId: randomUUID() },
  ...{ createdByOrganizationId: randomUUID(), impersonatorId: randomUUID(), isInterRessort: 'true' },
  ...{ archivedAt: '', state: 'attended', personId: randomUUID(), id: randomUUID() },
};

/** They end the session of who asks; what they read is tried by `test/http`. */
const ENDS = /^\/(sign-out|impersonation\/end|account\/service|agents\/:id\/impersonate)$/;
/** Every service may be named where an agent leaves for another: the form lists them. */
const ANYWHERE = '/agents/:id/transfer toOrganizationId';
/** A search reads more than its shortest form shows. */
const SEARCH = '/agents/search';

/** Within a family the roles differ in what they may do: who does most of each, and who looks after antennas. */
const asksByForm = ({ name, family }: Caller) =>
  family !== 'nobody' && /^(admin|local-admin|bex-head-clerk|sap-head-clerk|sap-clerk|dpip|cpip) /.test(name);

/** Foreign ids inside the forms of the pages, and fields that no form shows. */
export async function playForms(stage: FormStage): Promise<NestedResult> {
  const wrong: string[] = [];
  const leaks: string[] = [];
  let cells = 0;
  for (const caller of stage.callers.filter(asksByForm))
    for (const form of stage.forms.shownTo(caller)) {
      if (ENDS.test(form.route)) continue;
      for (const played of [
        await hiddenFields(stage, caller, form),
        ...(caller.family === 'admin' ? [] : [await foreignIds(stage, caller, form)]),
      ]) {
        cells += played.cells;
        wrong.push(...played.wrong);
        leaks.push(...played.leaks);
      }
    }
  return { cells, wrong, leaks };
}

async function hiddenFields(stage: FormStage, caller: Caller, form: ShownForm): Promise<NestedResult> {
  const wrong: string[] = [];
  let cells = 0;
  for (const [name, value] of Object.entries(HIDDEN)) {
    if (form.fields[name] !== undefined || form.route === SEARCH) continue;
    const answer = await send(stage, caller, form, { [name]: value });
    cells += 1;
    if (answer.status !== 400)
      wrong.push(`${caller.name}: hidden field ${name} at ${form.route}: ${answer.status}`);
  }
  return { cells, wrong, leaks: [] };
}

/** Exactly as if the row did not exist. */
async function foreignIds(stage: FormStage, caller: Caller, form: ShownForm): Promise<NestedResult> {
  const wrong: string[] = [];
  const leaks: string[] = [];
  let cells = 0;
  for (const { name, without, smuggled } of smuggledIn(form, strangersTo(caller), stage.world)) {
    const nothing = await send(stage, caller, form, without);
    for (const { home, fields } of smuggled) {
      const answer = await send(stage, caller, form, fields);
      cells += 1;
      const words = `${caller.name}: ${name} of ${home} at ${form.route}`;
      leaks.push(...leaksIn(stage.world, caller, answer).map((mark) => `${words}: ${mark}`));
      if (masked(answer, form.action) !== masked(nothing, form.action))
        wrong.push(`${words}: ${answer.status}, missing: ${nothing.status}`);
    }
  }
  return { cells, wrong, leaks };
}

const strangersTo = (caller: Caller) =>
  HOMES.filter((name) => kinOf(caller, name) === 'foreign' && !(caller.isAttached && name === 'S2'));

interface Smuggling {
  readonly name: string;
  /** The form with the id of no row. */
  readonly without: Readonly<Record<string, string>>;
  readonly smuggled: readonly {
    readonly home: HomeName;
    readonly fields: Readonly<Record<string, string>>;
  }[];
}

function smuggledIn(form: ShownForm, homes: readonly HomeName[], world: World): readonly Smuggling[] {
  const names = Object.keys(form.fields);
  const asValues = names.flatMap((name) => {
    const ids = IDS.find(([field]) => field.test(name))?.[1];
    if (ids === undefined || `${form.route} ${name}` === ANYWHERE) return [];
    const prefix = name === 'scope' ? 'agent:' : '';
    return [
      {
        name,
        without: { [name]: `${prefix}${randomUUID()}` },
        smuggled: homes.flatMap((home) => ids(world[home]).map((id) => ({ home, fields: { [name]: id } }))),
      },
    ];
  });
  const asNames = NAMED_ROWS.flatMap(([field, value, id]) => {
    const prefix = names.find((name) => field.test(name))?.split('.')[0];
    if (prefix === undefined) return [];
    const named = (row: string) => ({ [`${prefix}.${row}`]: value });
    return [
      {
        name: `${prefix}.`,
        without: named(randomUUID()),
        smuggled: homes.map((home) => ({ home, fields: named(id(world[home])) })),
      },
    ];
  });
  return [...asValues, ...asNames];
}

/** What is shown stays as it is shown, where there is nothing sound to type instead. */
function send(
  { fire, world }: FormStage,
  caller: Caller,
  form: ShownForm,
  more: Readonly<Record<string, string>>,
): Promise<Answer> {
  const sound = soundFields(world[caller.home]);
  const shown = Object.entries(form.fields).map(([name, value]) => [name, sound[name] ?? value]);
  const tokens = { _csrf: caller.csrfToken, formToken: randomUUID() };
  return fire.send(
    'POST',
    form.action,
    { cookie: caller.cookie, 'content-type': 'application/x-www-form-urlencoded' },
    new URLSearchParams({ ...Object.fromEntries(shown), ...more, ...tokens }).toString(),
  );
}
