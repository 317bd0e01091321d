import { MOST_PARTS } from '../../notifications/templates/check-template.js';
import type { TextCost } from '../../notifications/domain/template-cost.js';
import type { Finding } from '../../notifications/domain/template-finding.js';
import {
  mostSegments,
  type RenderedSample,
  type TemplatePreview,
} from '../../notifications/templates/preview-template.js';
import { directionOf, type LanguageCode } from '../../shared/message-languages.js';
import { plural } from '../../ui/typography.js';
import { costlySentence, euros, partsInWords, replacementWords, sizeInWords } from './cost-words.js';
import type { EditorContent } from './editor.view.js';
import { findingSentence, mendingWords } from './finding-words.js';
import { NO_TYPE } from './in-force.js';
import { writtenIn } from './written-in.js';

interface Judged {
  readonly findings: readonly Finding[];
  readonly text: string;
}

const PREVIEW = '/messages/text/preview';
const WELL = 2;

/** What the linter says, and the text as it would leave on the data that make it dearest. */
export function PreviewPanel(content: EditorContent) {
  return (
    <aside class="preview card" id="preview" aria-labelledby="preview-title" aria-live="polite">
      <h2 id="preview-title">Aperçu</h2>
      {content.isUntouched ? (
        <p class="muted">Le texte paraîtra ici tel qu’il partira, avec ce qu’il coûte.</p>
      ) : (
        <Judgement {...content} />
      )}
    </aside>
  );
}

function Judgement({ which, text, checked, messages, partCents, servesNoType }: EditorContent) {
  const { findings, preview, isTooLong } = checked;
  const hasSimpleAlphabet = directionOf(which.language) === 'ltr';
  return (
    <>
      {findings.length > 0 && <Findings findings={findings} text={text} language={which.language} />}
      {preview.worst === null ? (
        <p class="state bad">Ce texte ne peut pas être envoyé.</p>
      ) : (
        <>
          <blockquote class="sms" {...writtenIn(which.language)}>
            {preview.worst.cost.text}
          </blockquote>
          <Cost {...preview} worst={preview.worst} isTooLong={isTooLong} />
          {hasSimpleAlphabet ? (
            <Costly cost={preview.worst.cost} />
          ) : (
            <p class="small muted">Cette langue prend l’alphabet étendu&nbsp;: 67&nbsp;caractères par SMS.</p>
          )}
          <p>
            {servesNoType
              ? NO_TYPE
              : yearlyWords(
                  messages,
                  preview.worst.cost.segments * partCents,
                  mostSegments(preview) * partCents,
                )}
          </p>
          <Revealing {...preview} />
        </>
      )}
    </>
  );
}

/** @param cents of one text as it usually leaves; @param most of one with the link that stops the texts */
function yearlyWords(messages: number, cents: number, most: number): string {
  if (messages === 0) return 'Aucun message de ce type sur un an.';
  const usual = `${plural(messages, 'message')} de ce type sur un an\u00a0: au plus ${euros(messages * cents)} par an`;
  return most === cents ? `${usual}.` : `${usual}, ${euros(messages * most)} si chacun portait le lien.`;
}

function Findings({ findings, text, language }: Judged & { readonly language: LanguageCode }) {
  return (
    <>
      <p class="sms marked" {...writtenIn(language)}>
        <Marked findings={findings} text={text} />
      </p>
      <ul class="findings">
        {findings.map((finding, at) => {
          const mending = mendingWords(finding);
          return (
            <li key={`${finding.code}-${finding.start}`}>
              <span class={`state ${finding.blocks ? 'bad' : 'warn'}`}>{findingSentence(finding, text)}</span>
              {mending !== null && (
                <button class="secondary" formaction={PREVIEW} name="fix" value={String(at)}>
                  {mending}
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </>
  );
}

/** The text with what is said of it marked; what lies over another mark is left out. */
function Marked({ findings, text }: Judged) {
  const marks = findings.filter(
    ({ start, end }, at) => end > start && findings.slice(0, at).every((before) => before.end <= start),
  );
  return (
    <>
      {marks.map(({ start, end }, at) => (
        <span key={start}>
          {text.slice(marks[at - 1]?.end ?? 0, start)}
          <mark>{text.slice(start, end)}</mark>
        </span>
      ))}
      {text.slice(marks.at(-1)?.end ?? 0)}
    </>
  );
}

function Cost({
  worst,
  asFirst,
  places,
  isTooLong,
}: TemplatePreview & { readonly worst: RenderedSample; readonly isTooLong: boolean }) {
  const { cost, placeName } = worst;
  const shape = isTooLong ? 'bad' : cost.segments > WELL ? 'warn' : 'ok';
  return (
    <>
      <p>
        <strong class={`state ${shape}`}>{partsInWords(cost.segments)}</strong>
      </p>
      {isTooLong && (
        <p class="state bad">{`Trop long\u00a0: un opérateur prend ${MOST_PARTS} SMS au plus.`}</p>
      )}
      <p class="small muted">
        {sizeInWords(cost)}. Sur {placeName}, le plus cher de {plural(places, 'lieu', 'lieux')}
        {worst === asFirst ? ', avec le lien qui arrête les SMS' : ''}.
      </p>
      {asFirst !== null && worst !== asFirst && (
        <p class="small muted">
          {`${partsInWords(asFirst.cost.segments)} avec le lien qui arrête les SMS\u00a0: la personne le reçoit dans le premier texte de chaque rendez-vous.`}
        </p>
      )}
    </>
  );
}

/** The characters that force the dear alphabet, each with what may stand instead. */
function Costly({ cost }: { readonly cost: TextCost }) {
  const sentence = costlySentence(cost);
  const typed = cost.costly.filter(({ isTyped }) => isTyped);
  if (sentence === null) return null;
  return (
    <>
      <p class={`state ${cost.segmentsWithout < cost.segments ? 'warn' : 'off'}`}>{sentence}</p>
      {typed.length < cost.costly.length && <p class="small">Un nom ou une adresse de lieu en contient.</p>}
      <div class="actions">
        {typed.map((one) => (
          <button
            key={one.character}
            class="secondary"
            formaction={PREVIEW}
            name="cheaper"
            value={(one.character.codePointAt(0) ?? 0).toString(16)}
          >
            {replacementWords(one)}
          </button>
        ))}
      </div>
    </>
  );
}

function Revealing({ revealing }: TemplatePreview) {
  const [first] = revealing;
  if (first === undefined) return null;
  return (
    <p class="state warn">
      {`L’adresse du lieu «\u00a0${first.placeName}\u00a0» dit «\u00a0${first.word}\u00a0»\u00a0: ce texte n’y part pas, une tâche demande de joindre la personne autrement.`}
    </p>
  );
}
