import type { SuretyFigures } from '../../notifications/surety/surety.query.js';
import { type Shape, State } from '../../ui/state.js';
import { NBSP, plural, thousands } from '../../ui/typography.js';
import { euros } from './euros.js';
import type { SuretyContent } from './surety.view.js';

interface Counter {
  readonly name: keyof SuretyFigures;
  readonly word: string;
  /** Behind a count: of one, of several. */
  readonly after?: readonly [one: string, many: string];
  readonly shape: Shape;
}

/** What a due message became: these add up to `due`. */
const PARTS: readonly Counter[] = [
  { name: 'delivered', word: 'Reçus', after: ['reçu', 'reçus'], shape: 'ok' },
  { name: 'accepted', word: 'Remis, sans accusé', after: ['remis', 'remis'], shape: 'half wait' },
  { name: 'undelivered', word: 'Non reçus', after: ['non reçu', 'non reçus'], shape: 'bad' },
  {
    name: 'uncertain',
    word: 'En vérification',
    after: ['en vérification', 'en vérification'],
    shape: 'doubt warn',
  },
  { name: 'expired', word: 'Périmés', after: ['périmé', 'périmés'], shape: 'bad' },
  {
    name: 'suppressed',
    word: 'Sans moyen d’envoi',
    after: ['sans moyen d’envoi', 'sans moyen d’envoi'],
    shape: 'off',
  },
  { name: 'waiting', word: 'En attente', after: ['en attente', 'en attente'], shape: 'wait' },
];
const OTHERS: readonly Counter[] = [
  { name: 'late', word: 'Partis en retard', shape: 'warn' },
  { name: 'possibleDuplicates', word: 'Doublons possibles', shape: 'warn' },
];

function wordOf({ name, word }: Counter, held: boolean): string {
  return name === 'waiting' && held ? 'Retenus' : word;
}

export function Counters({ figures, hold, services }: SuretyContent) {
  const held = hold !== null;
  const shape = ({ name, shape: usual }: Counter): Shape =>
    figures[name] === 0 && usual !== 'half wait' ? 'ok' : usual;
  const shown = [...PARTS.filter(({ name }) => name !== 'waiting' || figures.waiting > 0), ...OTHERS];
  const summed = PARTS.filter(({ name }) => figures[name] > 0);
  return (
    <section aria-labelledby="counters">
      <h2 id="counters" class="visually-hidden">
        Compteurs
      </h2>
      <dl class="counters">
        <div>
          <dt>Dus</dt>
          <dd>{thousands(figures.due)}</dd>
        </div>
        {shown.map((counter) => (
          <div key={counter.name}>
            <dt>
              <State word={wordOf(counter, held)} shape={shape(counter)} />
            </dt>
            <dd>{thousands(figures[counter.name])}</dd>
          </div>
        ))}
        <div>
          <dt>Coût</dt>
          <dd>{euros(figures.euros)}</dd>
        </div>
      </dl>
      {figures.due > 0 && (
        <p class="hint">
          {plural(figures.due, 'dû', 'dus')} ={' '}
          {summed
            .map(({ name, after: [one, many] = ['', ''] }) => plural(figures[name], one, many))
            .join(' + ')}
          {figures.withdrawn > 0 &&
            `. À part${NBSP}: ${plural(figures.withdrawn, 'retiré', 'retirés')}, la convocation ayant changé`}
          {services.length > 0 &&
            `. Coût${NBSP}: parties prises par l’opérateur, au prix noté par le service`}
          .
        </p>
      )}
    </section>
  );
}
