import { instantOf } from '../../shared/time.js';
import { State } from '../../ui/state.js';
import { NBSP, plural } from '../../ui/typography.js';
import { dayOf } from '../console/console-words.js';
import type { EditorContent } from './editor.view.js';

/** What leaves today under this address, for which types, and whether its French text moved on since it was read. */
export function InForce(content: EditorContent) {
  const { which, inForce, french } = content;
  if (inForce !== null && which.language === 'fr')
    return (
      <>
        <p>{frenchWords(content)}</p>
        {!isInField(content) && <Folded summary="Le texte qui part" text={inForce.text} />}
      </>
    );
  return (
    <>
      <p>
        {inForce === null
          ? nothingInForce(which, french)
          : leaves('Une traduction relue', which, inForce.usedBy)}
      </p>
      <Stale {...content} />
      {french !== null && <Folded summary="Le texte français" text={french} />}
    </>
  );
}

/** Not when an older version is begun from, nor when a colleague saved while one typed. */
function isInField({ inForce, text }: EditorContent): boolean {
  return inForce?.text.trim() === text.trim();
}

function Folded({ summary, text }: { readonly summary: string; readonly text: string }) {
  return (
    <details>
      <summary>{summary}</summary>
      <blockquote class="sms">{text}</blockquote>
    </details>
  );
}

function frenchWords(content: EditorContent): string {
  const { which, inForce } = content;
  const usedBy = inForce?.usedBy ?? [];
  if (inForce?.isOwn === true || which.organizationId === null)
    return leaves(isInField(content) ? 'Ce texte' : 'Un autre texte', which, usedBy);
  return `${leaves('Le texte par défaut', which, usedBy)} Enregistrer en fait un texte du service.`;
}

const OTHERS_FIRST = `le texte de chaque type, du service ou par défaut, passe avant celui de «${NBSP}Tous les autres types${NBSP}»`;

/** « Ce texte part aujourd’hui pour 11 types : … » */
function leaves(what: string, { typeCode }: EditorContent['which'], usedBy: readonly string[]): string {
  if (typeCode !== null) return `${what} part aujourd’hui.`;
  if (usedBy.length === 0) return `Aucun type ne s’en sert aujourd’hui${NBSP}: ${OTHERS_FIRST}.`;
  return `${what} part aujourd’hui pour ${plural(usedBy.length, 'type')}${NBSP}: ${usedBy.join(', ')}. Un type qui a son propre texte ne s’en sert pas.`;
}

/** In the panel: of the text as it stands in the field. */
export const NO_TYPE = `Aucun type ne se servirait de ce texte${NBSP}: ${OTHERS_FIRST}.`;

function nothingInForce({ language, typeCode }: EditorContent['which'], french: string | null): string {
  const instead = french === null ? 'le texte français de chaque type' : 'le texte français';
  if (language !== 'fr')
    return `Rien ne part dans cette langue aujourd’hui\u00a0: ${instead} part à la place.`;
  return typeCode === null
    ? 'Il n’y a pas de texte ici aujourd’hui\u00a0: chaque type a le sien, et un type sans texte n’envoie rien.'
    : 'Aucun texte ne part aujourd’hui pour ce type.';
}

function Stale({ frenchChanges, timeZone }: EditorContent) {
  if (frenchChanges.length === 0) return null;
  const changes = frenchChanges.map(
    ({ typeName, version, createdAt }) =>
      `${typeName} (version${NBSP}${version}, ${dayOf(instantOf(createdAt), timeZone)})`,
  );
  return (
    <p>
      <State
        word={`Le texte français a changé depuis la relecture${NBSP}: ${changes.join(', ')}.`}
        shape="doubt warn"
      />
    </p>
  );
}
