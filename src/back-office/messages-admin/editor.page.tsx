import { TEMPLATE_VARIABLES, type TemplateVariable } from '../../notifications/domain/template-variables.js';
import { languageOf } from '../../shared/message-languages.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { DefaultButton } from '../../ui/default-button.js';
import { Check } from '../../ui/choices.js';
import { ErrorSummary, FormTokens, type Problems } from '../../ui/forms.js';
import { Done } from '../../ui/state.js';
import { TextArea } from '../../ui/text-area.js';
import type { EditorContent } from './editor.view.js';
import { InForce } from './in-force.js';
import { PreviewPanel } from './preview-panel.js';
import { addressOf, KIND_NAMES, REGISTER_NAMES, sheetHref, textHref } from './text-address.js';
import { TextTabs } from './text-tabs.js';
import { Versions } from './versions.js';
import { writtenIn } from './written-in.js';

export interface EditorView extends EditorContent {
  readonly frame: Frame;
  readonly problems: Problems;
  readonly done: string | null;
}

type Draft = NonNullable<EditorContent['draft']>;

const MOST_CHARACTERS = 1600;

/** One text: written, seen on real data, priced, reviewed, reset. */
export function EditorPage(view: EditorView) {
  const { frame, which, ownerName, typeName, problems, done } = view;
  const title = `${KIND_NAMES[which.kind]}, ${typeName}`;
  return (
    <AppPage frame={frame} title={`Message\u00a0: ${title}`} current="/messages" live>
      <PageHead title={title} back={{ href: sheetHref(which), label: `Messages, ${ownerName}` }}>
        <p class="muted">
          {ownerName}, registre {REGISTER_NAMES[which.register].toLowerCase()},{' '}
          {languageOf(which.language).name}
        </p>
      </PageHead>
      <Done sentence={done} />
      <ErrorSummary problems={problems} />
      <div class="sections">
        <TextTabs shown={which} hrefOf={(change) => textHref({ ...which, ...change })} />
        <InForce {...view} />
        <TextForm {...view} />
        {view.inForce?.isOwn === true && which.organizationId !== null && <Reset {...view} />}
        <Versions {...view} />
      </div>
    </AppPage>
  );
}

/** Sent on its own while one types; the button does the same without a script. */
const LIVE = {
  'hx-post': '/messages/text/preview',
  'hx-trigger': 'input changed delay:400ms',
  'hx-select': '#preview',
  'hx-target': '#preview',
  'hx-swap': 'outerHTML show:none',
  'hx-sync': 'this:replace',
};

function TextForm(view: EditorView) {
  const { frame, which, text, base, draft, problems } = view;
  return (
    <form class="booking editor" method="post" action="/messages/text">
      <div class="steps">
        <FormTokens csrfToken={frame.csrfToken} />
        <AddressFields {...view} />
        <input type="hidden" name="base" value={base} />
        <DefaultButton formaction="/messages/text/preview">Voir l’aperçu</DefaultButton>
        <TextArea
          name="text"
          label="Texte"
          value={text}
          problems={problems}
          hint="Entre accolades, une variable prend sa valeur au moment de l’envoi."
          attributes={{ rows: 7, maxLength: MOST_CHARACTERS, ...writtenIn(which.language), ...LIVE }}
        />
        <VariableList />
      </div>
      <PreviewPanel {...view} />
      <div class="confirm">
        <div class="actions">
          <button class={draft === null ? undefined : 'secondary'}>Enregistrer ce texte</button>
          <button class="secondary" formaction="/messages/text/preview">
            Voir l’aperçu
          </button>
        </div>
        {draft !== null && <Review {...view} draft={draft} />}
      </div>
    </form>
  );
}

export function AddressFields({ which }: Pick<EditorView, 'which'>) {
  return (
    <>
      {Object.entries(addressOf(which)).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={String(value)} />
      ))}
    </>
  );
}

const MEANINGS: Readonly<Record<TemplateVariable, string>> = {
  'rdv.quand':
    '«\u00a0demain mardi 14 avril à 9h30\u00a0», «\u00a0aujourd’hui à 9h30\u00a0»\u00a0: vrai quand le texte part',
  'rdv.jour': 'le même, sans l’heure',
  'rdv.date': '«\u00a0mardi 14 avril 2026\u00a0»',
  'rdv.heure': '«\u00a09h30\u00a0»',
  'lieu.nom': 'nom du lieu',
  'lieu.adresse': 'adresse, vide pour un RDV à domicile ou par téléphone',
  'lieu.téléphone': 'téléphone du lieu',
  'lieu.contact': 'téléphone ou e-mail du lieu, selon ce qu’il préfère',
  'lieu.lien_info': 'lien vers la page d’information du lieu',
  stop: 'lien pour arrêter les SMS\u00a0; sinon ajouté à la fin du premier texte',
};

function VariableList() {
  return (
    <details>
      <summary>Les variables</summary>
      <dl class="variables">
        {TEMPLATE_VARIABLES.map((name) => (
          <div key={name}>
            <dt>
              <code>{`{${name}}`}</code>
            </dt>
            <dd>{MEANINGS[name]}</dd>
          </div>
        ))}
      </dl>
      <p class="small muted">
        Sans valeur (un lieu sans téléphone), une variable emporte les mots qui l’annoncent.
      </p>
    </details>
  );
}

/** In the form of the text: what is switched on is what stands in the field. */
function Review({ which, draft, text, problems }: EditorView & { readonly draft: Draft }) {
  const { name } = languageOf(which.language);
  return (
    <section aria-labelledby="review" class="card stack">
      <h2 id="review">Relire cette traduction</h2>
      <p>
        <span class="state doubt warn">Personne ne l’a encore relue</span>
      </p>
      {text.trim() !== draft.text.trim() && (
        <details>
          <summary>Le brouillon, avant vos corrections</summary>
          <blockquote class="sms" {...writtenIn(which.language)}>
            {draft.text}
          </blockquote>
        </details>
      )}
      <input type="hidden" name="template" value={draft.id} />
      <Check name="confirmed" checked={false} problems={problems}>
        Je lis cette langue ({name}) et j’ai relu le texte tel qu’il est dans le champ. Mon nom sera gardé
        avec lui.
      </Check>
      <div class="actions">
        <button formaction="/messages/text/review">Valider cette traduction</button>
      </div>
    </section>
  );
}

function Reset(view: EditorView) {
  return (
    <form class="form" method="post" action="/messages/text/reset">
      <FormTokens csrfToken={view.frame.csrfToken} />
      <AddressFields {...view} />
      <input type="hidden" name="base" value={view.base} />
      <div class="actions">
        <button class="secondary">Revenir au texte par défaut</button>
      </div>
    </form>
  );
}
