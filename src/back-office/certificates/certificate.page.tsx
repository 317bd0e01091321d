import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { ErrorSummary, Field, FormTokens, type Problems } from '../../ui/forms.js';
import { Note } from '../../ui/state.js';
import { TableHead } from '../../ui/table-head.js';
import { NBSP, plural } from '../../ui/typography.js';

export interface CallRow {
  readonly key: string;
  readonly name: string;
  readonly about: string;
  readonly sentAt: string;
  readonly recipient: string;
  readonly said: string;
}

export interface IssuedRow {
  readonly id: string;
  readonly code: string;
  readonly issued: string;
  readonly by: string;
}

export interface CertificateView {
  readonly frame: Frame;
  readonly personId: string;
  readonly name: string;
  /** Null: all the convocations that the reader sees. */
  readonly convocationId: string | null;
  readonly about: string;
  readonly calls: readonly CallRow[];
  readonly issued: readonly IssuedRow[];
}

const TITLE = 'Attestation d’envoi';

/** What a certificate would say, the button that issues it, and those issued already. */
export function CertificatePage(view: CertificateView) {
  const { frame, personId, name, convocationId, about, calls, issued } = view;
  const back =
    convocationId === null
      ? { href: `/persons/${personId}`, label: name }
      : { href: `/convocations/${convocationId}`, label: 'Convocation' };
  return (
    <AppPage frame={frame} title={TITLE} current="/persons/search">
      <PageHead title={TITLE} back={back}>
        <p class="muted">
          {name}, {about}. {plural(calls.length, 'envoi')}.
        </p>
      </PageHead>
      <div class="sections">
        <Calls calls={calls} />
        <section class="card stack" aria-labelledby="issue">
          <h2 id="issue">Délivrer l’attestation</h2>
          <p>
            Le PDF dit ce qui a été remis à l’opérateur, quand, avec quel accusé. Il porte une
            référence&nbsp;: qui la reçoit peut la <a href="/certificates/check">vérifier</a>.
          </p>
          <form method="post" action={`/persons/${personId}/certificate`}>
            <FormTokens csrfToken={frame.csrfToken} />
            <input type="hidden" name="convocation" value={convocationId ?? ''} />
            <button>Délivrer le PDF</button>
          </form>
        </section>
        <Issued issued={issued} />
      </div>
    </AppPage>
  );
}

function Calls({ calls }: { readonly calls: readonly CallRow[] }) {
  if (calls.length === 0) return <p class="muted">Aucun message n’a été remis à un opérateur.</p>;
  return (
    <div class="scroll" role="region" aria-label="Tableau des envois" tabIndex={0}>
      <table>
        <caption class="visually-hidden">Messages remis à un opérateur</caption>
        <TableHead
          columns={['Message', 'Convocation', 'Remis à l’opérateur', 'À', 'Ce que l’opérateur en dit']}
        />
        <tbody>
          {calls.map((call) => (
            <tr key={call.key}>
              <th scope="row">{call.name}</th>
              <td>{call.about}</td>
              <td>{call.sentAt}</td>
              <td>{call.recipient}</td>
              <td>{call.said}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Issued({ issued }: { readonly issued: readonly IssuedRow[] }) {
  if (issued.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="issued">
      <h2 id="issued">Déjà délivrées</h2>
      <ul>
        {issued.map(({ id, code, issued: when, by }) => (
          <li key={id}>
            <a href={`/certificates/${id}/file`}>{code}</a> (PDF), {when}, par {by}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What the code that was typed in belongs to. */
export type CheckResult =
  | { readonly found: false }
  | {
      readonly found: true;
      readonly isUnchanged: boolean;
      readonly issued: string;
      readonly service: string;
      readonly sends: number;
      readonly digest: string;
      readonly journal: string | null;
    };

export interface CheckView {
  readonly frame: Frame;
  readonly code: string;
  readonly problems: Problems;
  readonly result: CheckResult | null;
}

const CHECK = 'Vérifier une attestation';

export function CheckPage({ frame, code, problems, result }: CheckView) {
  return (
    <AppPage frame={frame} title={CHECK}>
      <PageHead title={CHECK}>
        <p class="muted">
          La référence est imprimée en tête de l’attestation&nbsp;: quatre groupes de quatre signes.
        </p>
      </PageHead>
      <div class="sections">
        <ErrorSummary problems={problems} />
        <form class="stack" method="post" action="/certificates/check">
          <FormTokens csrfToken={frame.csrfToken} />
          <Field
            label="Référence"
            name="code"
            value={code}
            problems={problems}
            hint="Par exemple 7K3M-9QX2-A0VB-4C5D. Majuscules et tirets sont facultatifs."
            attributes={{ maxLength: 40, autocomplete: 'off', spellcheck: false }}
          />
          <p>
            <button>Vérifier</button>
          </p>
        </form>
        {result !== null && <Result result={result} />}
      </div>
    </AppPage>
  );
}

function Result({ result }: { readonly result: CheckResult }) {
  if (!result.found)
    return (
      <Note shape="bad" status>
        <p class="state bad">Aucune attestation n’a été délivrée sous cette référence.</p>
      </Note>
    );
  const { isUnchanged, issued, service, sends, digest, journal } = result;
  return (
    <Note shape={isUnchanged ? 'ok' : 'bad'} status>
      <div class="stack">
        <p class={`state ${isUnchanged ? 'ok' : 'bad'}`}>
          {isUnchanged
            ? 'Attestation authentique : ses données n’ont pas changé depuis.'
            : 'Attestation délivrée, mais ses données ont changé depuis\u00a0: elle ne fait plus preuve.'}
        </p>
        <p>
          Délivrée le {issued} par {service}, {plural(sends, 'envoi')}.
        </p>
        <p>
          Comparez avec le papier. Empreinte du contenu{NBSP}: <code>{digest}</code>
        </p>
        {journal !== null && (
          <p>
            Tête du journal{NBSP}: <code>{journal}</code>
          </p>
        )}
      </div>
    </Note>
  );
}
