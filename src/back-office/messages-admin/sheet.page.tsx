import { MESSAGE_KINDS } from '../../notifications/domain/notification.states.js';
import { languageOf } from '../../shared/message-languages.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { Note, State, type StateWord } from '../../ui/state.js';
import { decimal, NBSP, plural, thousands } from '../../ui/typography.js';
import { NATIONAL, ServiceSwitch } from '../service-switch.js';
import { euros, partsInWords } from './cost-words.js';
import type { SheetCell, SheetContent } from './sheet.view.js';
import { KIND_NAMES, sheetHref } from './text-address.js';
import { TextTabs } from './text-tabs.js';

export interface SheetView extends SheetContent {
  readonly frame: Frame;
}

/** Every text of a service, with its parts and its price. */
export function SheetPage(view: SheetView) {
  const { frame, ownerName, language, drafts } = view;
  return (
    <AppPage frame={frame} title={`Messages, ${ownerName}`} current="/messages">
      <PageHead title={`Messages, ${ownerName}`}>
        <p class="muted">
          Le texte qui part pour chaque type et chaque occasion, avec ce qu’il coûte sur les lieux aux noms
          les plus longs.
        </p>
      </PageHead>
      <div class="sections">
        {view.services.length > 0 && <Services {...view} />}
        <TextTabs shown={view} hrefOf={(change) => sheetHref({ ...view, ...change })} />
        {drafts > 0 && (
          <Note shape="doubt warn">
            <p>
              {plural(drafts, 'texte')} en {languageOf(language).name} {drafts > 1 ? 'attendent' : 'attend'}{' '}
              une relecture. Rien ne part dans cette langue avant qu’une personne qui la lit ait validé chaque
              texte&nbsp;: d’ici là, le texte français part.
            </p>
          </Note>
        )}
        <Texts {...view} />
      </div>
    </AppPage>
  );
}

function Services({ services, organizationId, register, language }: SheetView) {
  return (
    <ServiceSwitch action="/messages" options={services} chosen={organizationId ?? NATIONAL}>
      <input type="hidden" name="register" value={register} />
      <input type="hidden" name="language" value={language} />
    </ServiceSwitch>
  );
}

function Texts({ rows, partCents, organizationId }: SheetView) {
  const cells = rows.flatMap((row) => row.cells);
  const total = cells.reduce((sum, { yearlyCents }) => sum + yearlyCents, 0);
  const most = cells.reduce((sum, { mostYearlyCents }) => sum + mostYearlyCents, 0);
  return (
    <section aria-labelledby="texts" class="stack">
      <h2 id="texts">Textes</h2>
      <p>
        Au plus <strong>{euros(total)} par an</strong>, d’après les messages des{' '}
        {organizationId === null ? 'quatre dernières semaines' : 'douze derniers mois'}, à{' '}
        {decimal(partCents)}
        {NBSP}centimes le SMS.
        {most > total &&
          ` Le premier texte de chaque rendez-vous porte en plus le lien qui arrête les SMS\u00a0: au plus ${euros(most)} par an si tous le portaient.`}
      </p>
      <div class="scroll" role="region" aria-label="Tableau des textes" tabIndex={0}>
        <table class="texts">
          <thead>
            <tr>
              <th scope="col">Type</th>
              {MESSAGE_KINDS.map((kind) => (
                <th key={kind} scope="col">
                  {KIND_NAMES[kind]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ typeName, cells }) => (
              <tr key={typeName}>
                <th scope="row">{typeName}</th>
                {cells.map((cell) => (
                  <td key={cell.kind}>
                    <Cell {...cell} label={`${KIND_NAMES[cell.kind]}, ${typeName}`} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Cell({
  href,
  segments,
  segmentsAsFirst,
  yearlyCents,
  messages,
  isInLanguage,
  isOwn,
  awaitsReview,
  label,
}: SheetCell & {
  readonly label: string;
}) {
  const states: readonly StateWord[] = [
    ...(isOwn ? [{ word: 'Texte du service', shape: 'half wait' } as const] : []),
    ...(awaitsReview ? [{ word: 'À relire', shape: 'doubt warn' } as const] : []),
    ...(isInLanguage || segments === null ? [] : [{ word: 'En français', shape: 'off' } as const]),
  ];
  return (
    <>
      <a href={href}>
        {segments === null ? 'Aucun texte' : partsInWords(segments)}
        <span class="visually-hidden">, {label}</span>
      </a>
      {segmentsAsFirst !== null && segmentsAsFirst !== segments && (
        <div class="small muted">{segmentsAsFirst}&nbsp;avec le lien</div>
      )}
      {messages > 0 && (
        <div class="small muted">
          {thousands(messages)}&nbsp;par an, {euros(yearlyCents)}
        </div>
      )}
      {states.map((state) => (
        <div key={state.word}>
          <State {...state} />
        </div>
      ))}
    </>
  );
}
