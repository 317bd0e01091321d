import type { TemplateVersion } from '../../notifications/templates/template.queries.js';
import { instantOf } from '../../shared/time.js';
import { State, type StateWord } from '../../ui/state.js';
import { dayOf } from '../console/console-words.js';
import type { EditorContent } from './editor.view.js';
import { textHref } from './text-address.js';
import { writtenIn } from './written-in.js';

/** Every version; a message that left keeps the one it was written from. */
export function Versions({ which, versions, inForce, timeZone }: EditorContent) {
  if (versions.length === 0) return null;
  const held = versions.find(({ reviewedAt }) => reviewedAt !== null);
  const day = (date: Date) => dayOf(instantOf(date), timeZone);
  return (
    <section aria-labelledby="versions" class="stack">
      <h2 id="versions">Versions</h2>
      <p class="muted">Un message déjà parti garde la version avec laquelle il a été écrit.</p>
      <ol class="versions" reversed>
        {versions.map((version) => (
          <li key={version.id} value={version.version}>
            <p>
              {day(version.createdAt)}, {version.createdBy ?? 'texte fourni'}{' '}
              <State {...(version.id === held?.id ? heldState(held, which, inForce) : stateOf(version))} />
            </p>
            {version.reviewedAt !== null && version.reviewedBy !== null && (
              <p class="small muted">
                Relu par {version.reviewedBy} le {day(version.reviewedAt)}
              </p>
            )}
            {version.text === null ? (
              <p>Retour au texte par défaut.</p>
            ) : (
              <details>
                <summary>Le texte</summary>
                <blockquote class="sms" {...writtenIn(which.language)}>
                  {version.text}
                </blockquote>
                <p>
                  <a href={textHref(which, { from: version.id })}>Repartir de ce texte</a>
                </p>
              </details>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Of the newest that somebody reviewed: a way back to the default holds too, though it is no text that leaves. */
function heldState(
  { id, text }: TemplateVersion,
  { typeCode }: EditorContent['which'],
  inForce: EditorContent['inForce'],
): StateWord {
  const isUsed = typeCode !== null || inForce?.usedBy.length !== 0;
  if (id === inForce?.id && !isUsed) return { word: 'En vigueur, sans emploi', shape: 'off' };
  if (id === inForce?.id) return { word: 'Part aujourd’hui', shape: 'ok' };
  return text === null ? { word: 'En vigueur', shape: 'ok' } : { word: 'Relue', shape: 'off' };
}

function stateOf({ reviewedAt }: TemplateVersion): StateWord {
  return reviewedAt === null
    ? { word: 'Non relue', shape: 'doubt warn' }
    : { word: 'Remplacée', shape: 'off' };
}
