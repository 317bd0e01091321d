import type { ComponentChildren } from 'preact';
import { ALL_HELD } from '../words.js';

export interface TextView {
  readonly id: string;
  readonly title: string;
  /** « jeudi 11 juin » and « 9 h 30 (Cayenne) ». */
  readonly leavesOn: string;
  readonly leavesAt: string;
  /** Why not at the hour one expects. */
  readonly why: string | null;
  readonly text: string;
  readonly size: string;
}

export interface PreviewView {
  /** « le 06 •• •• •• 12 », « l’adresse e-mail ». */
  readonly recipient: string;
  /** Nothing of the whole engine leaves now, whatever hour is shown. */
  readonly isHeld: boolean;
  /** Why no text can reach the person; the texts are then not shown. */
  readonly unreachable: string | null;
  readonly impossible: readonly string[];
  /** Other appointments of that day, told by the same reminder. */
  readonly merged: string | null;
  /** A trial draws what cannot be shown here. */
  readonly drawn: string | null;
  readonly texts: readonly TextView[];
  /** « 2 textes, 3 SMS facturés ». */
  readonly cost: string;
}

/** The real texts, their parts, and the local hour at which each will leave, before anything is booked. */
export function Preview({ preview }: { readonly preview: PreviewView | null }) {
  if (preview === null)
    return (
      <Frame title="Textes prévus">
        <p class="muted">Ils apparaissent dès qu’une date est choisie.</p>
      </Frame>
    );
  if (preview.unreachable !== null)
    return (
      <Frame title="Aucun texte ne partira">
        <p class="state warn">{preview.unreachable}</p>
        <p class="small muted">
          Remettez la convocation en main propre ou par courrier. Si un moyen de la joindre est noté avant la
          date, les messages partiront.
        </p>
      </Frame>
    );
  return (
    <Frame title={`Textes prévus pour ${preview.recipient}`}>
      <div class="stack">
        {preview.isHeld && <p class="state warn">{ALL_HELD}</p>}
        <ol>
          {preview.texts.map((text) => (
            <Text key={text.id} {...text} />
          ))}
        </ol>
      </div>
      {preview.drawn !== null && <p class="small">{preview.drawn}</p>}
      {preview.merged !== null && <p class="small">{preview.merged}</p>}
      {preview.impossible.map((sentence) => (
        <p key={sentence} class="state warn">
          {sentence}
        </p>
      ))}
    </Frame>
  );
}

function Frame({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <aside class="preview card" id="preview" aria-labelledby="preview-title" aria-live="polite">
      <h2 id="preview-title">{title}</h2>
      {children}
    </aside>
  );
}

function Text({ title, leavesOn, leavesAt, why, text, size }: TextView) {
  return (
    <li>
      <h3>{title}</h3>
      <p>
        Part {leavesOn} à <strong>{leavesAt}</strong>
      </p>
      {why !== null && (
        <p class="small">
          <span class="state warn">{why}</span>
        </p>
      )}
      <blockquote class="sms">{text}</blockquote>
      <p class="small muted">{size}</p>
    </li>
  );
}
