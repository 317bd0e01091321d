import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { ErrorSummary, Field, FormTokens, type Problems } from '../../ui/forms.js';
import { State, type StateWord } from '../../ui/state.js';
import { TableHead } from '../../ui/table-head.js';

export interface SearchResult {
  readonly id: string;
  readonly name: string;
  readonly birth: string;
  readonly services: string;
  readonly referent: string | null;
  readonly reach: StateWord;
  readonly next: { readonly href: string; readonly words: string } | null;
}

export interface SearchView {
  readonly frame: Frame;
  readonly query: string;
  /** Null before anything was searched. */
  readonly results: readonly SearchResult[] | null;
  readonly nextCursor: string | null;
  readonly problems: Problems;
}

export function SearchPage({ frame, query, results, nextCursor, problems }: SearchView) {
  return (
    <AppPage frame={frame} title="Chercher un probationnaire" current="/persons/search" withoutSearch>
      <PageHead
        title="Probationnaires"
        actions={
          <a class={results?.length === 0 ? 'button' : 'button secondary'} href="/persons/new">
            Nouveau probationnaire
          </a>
        }
      />
      <div class="sections">
        <ErrorSummary problems={problems} />
        <SearchForm csrfToken={frame.csrfToken} query={query} problems={problems} />
        {results !== null && <Results results={results} />}
        {nextCursor !== null && (
          <form method="post" action="/persons/search">
            <FormTokens csrfToken={frame.csrfToken} />
            <input type="hidden" name="query" value={query} />
            <input type="hidden" name="cursor" value={nextCursor} />
            <button class="secondary">Résultats suivants</button>
          </form>
        )}
        <p>
          <a href="/certificates/check">Vérifier une attestation d’envoi qui vous est présentée</a>
        </p>
      </div>
    </AppPage>
  );
}

/** Posted, so that no name ever stands in an address. */
export function SearchForm(props: {
  readonly csrfToken: string;
  readonly query: string;
  readonly problems?: Problems;
  readonly autofocus?: boolean;
}) {
  return (
    <form role="search" class="big-search" method="post" action="/persons/search">
      <FormTokens csrfToken={props.csrfToken} />
      <Field
        name="query"
        label="Chercher un probationnaire"
        hint="Début du nom ou du prénom, date de naissance, n°&nbsp;APPI, téléphone ou ses 4&nbsp;derniers chiffres"
        value={props.query}
        problems={props.problems ?? []}
        attributes={{
          type: 'search',
          maxLength: 200,
          autocomplete: 'off',
          autofocus: props.autofocus !== false,
        }}
      />
      <button class="secondary">Chercher</button>
    </form>
  );
}

function Results({ results }: { readonly results: readonly SearchResult[] }) {
  if (results.length === 0)
    return (
      <section aria-label="Résultats">
        <p role="status">
          <strong>Personne à ce nom dans votre service.</strong>
        </p>
        <p class="muted">
          Vérifiez l’orthographe, essayez la date de naissance, ou enregistrez un nouveau probationnaire.
        </p>
      </section>
    );
  return (
    <section aria-label="Résultats">
      <table class="blocks">
        <caption class="visually-hidden">Probationnaires trouvés, par nom</caption>
        <TableHead columns={['Nom', 'Suivi', 'Prochaine convocation', 'Joignable', 'Action']} />
        <tbody>
          {results.map((result) => (
            <ResultRow key={result.id} {...result} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ResultRow({ id, name, birth, services, referent, reach, next }: SearchResult) {
  return (
    <tr>
      <th scope="row">
        <a href={`/persons/${id}`}>{name}</a>
        <br />
        <span class="small muted">{birth}</span>
      </th>
      <td data-label="Suivi">
        {services}
        {referent !== null && (
          <>
            <br />
            <span class="small muted">{referent}</span>
          </>
        )}
      </td>
      <td data-label="Prochaine convocation">
        {next === null ? <span class="muted">Aucune</span> : <a href={next.href}>{next.words}</a>}
      </td>
      <td data-label="Joignable">
        <State {...reach} />
      </td>
      <td class="full">
        <a class="button secondary" href={`/persons/${id}/convoke`} aria-label={`Convoquer ${name}`}>
          Convoquer
        </a>
      </td>
    </tr>
  );
}
