import { FormTokens } from '../../ui/forms.js';
import { Note, State, type StateWord } from '../../ui/state.js';
import { type ContactName, MaskedContact, ShownContact } from '../masked-contact.js';

/** A number or an address whose holder said that it is a wrong one, or that nothing more is wanted there. */
export interface BlockView {
  readonly since: string;
  /** Agent who asked that it be opened again; null: nobody yet. */
  readonly askedBy: string | null;
  /** The reader may take the next of the two steps. */
  readonly canLift: boolean;
}

export interface RefusalView {
  readonly sentence: string;
  /** The operator refuses too: the person must undo it there. */
  readonly atOperator: boolean;
}

export interface ReachView {
  readonly word: StateWord;
  /** `whole` only on the answer to a logged click. */
  readonly phone: (Contact & { readonly mobile: boolean }) | null;
  readonly noPhone: boolean;
  readonly block: BlockView | null;
  readonly emailBlock: BlockView | null;
  readonly flag: string | null;
  readonly emailFlag: string | null;
  /** Day of the last proof that this number reaches the person. */
  readonly reachedOn: string | null;
  readonly phoneSince: string;
  readonly refusal: RefusalView | null;
  readonly register: string;
  readonly email: Contact | null;
}

interface Contact {
  readonly masked: string;
  readonly whole: string | null;
}

interface ReachProps {
  readonly id: string;
  readonly name: string;
  readonly csrfToken: string;
  readonly reach: ReachView;
  readonly archived: boolean;
}

export function ReachCard(props: ReachProps) {
  const { reach } = props;
  return (
    <section class="card" aria-labelledby="reach">
      <h2 id="reach">
        <State {...reach.word} />
      </h2>
      {reach.block !== null && <Block {...props} block={reach.block} />}
      {reach.emailBlock !== null && <EmailBlock {...props} block={reach.emailBlock} />}
      {reach.flag !== null && (
        <Note shape="warn">
          <p class="state warn">{reach.flag}</p>
        </Note>
      )}
      {reach.emailFlag !== null && (
        <Note shape="warn">
          <p class="state warn">{reach.emailFlag}</p>
        </Note>
      )}
      <dl class="facts">
        <Phone {...props} />
        <div>
          <dt>Refus de SMS</dt>
          <dd>
            {reach.refusal?.sentence ?? 'Aucun'} {!props.archived && <RefusalAction {...props} />}
            {reach.refusal?.atOperator === true && (
              <small class="muted">
                L’opérateur bloque aussi&nbsp;: la personne doit lui répondre START, sinon rien n’arrivera.
              </small>
            )}
          </dd>
        </div>
        <div>
          <dt>Registre des textes</dt>
          <dd>{reach.register}</dd>
        </div>
        <div>
          <dt>E-mail</dt>
          <dd>
            {reach.email === null ? 'Aucun' : <ContactLine {...props} what="email" contact={reach.email} />}
          </dd>
        </div>
      </dl>
    </section>
  );
}

/** What was said of the number, and the two steps that open it again. */
function Block({ id, csrfToken, archived, block }: ReachProps & { readonly block: BlockView }) {
  return (
    <Note shape="bad">
      <div class="stack">
        <p class="state bad">Ce numéro n’est pas le sien&nbsp;: rien ne part vers lui</p>
        <p>
          Son détenteur l’a dit le {block.since}. Demandez le bon numéro à la personne, puis corrigez sa
          fiche.
        </p>
        {block.askedBy !== null && (
          <p>{block.askedBy} demande de rouvrir ce numéro&nbsp;: un autre agent doit le confirmer.</p>
        )}
        {!archived && block.canLift && (
          <form method="post" action={`/persons/${id}/lift-phone-block`}>
            <FormTokens csrfToken={csrfToken} />
            <button class="secondary">
              {block.askedBy === null
                ? 'Demander de rouvrir ce numéro'
                : 'Confirmer\u00a0: c’est le bon numéro'}
            </button>
          </form>
        )}
      </div>
    </Note>
  );
}

/** Of an address, likewise; a corrected address is open by itself. */
function EmailBlock({ id, csrfToken, archived, block }: ReachProps & { readonly block: BlockView }) {
  return (
    <Note shape="bad">
      <div class="stack">
        <p class="state bad">Rien ne part plus vers cette adresse e-mail</p>
        <p>
          Qui la lit l’a demandé le {block.since}, par le lien d’un e-mail. Demandez à la personne si
          l’adresse est la bonne, puis corrigez sa fiche.
        </p>
        {block.askedBy !== null && (
          <p>{block.askedBy} demande de rouvrir cette adresse&nbsp;: un autre agent doit le confirmer.</p>
        )}
        {!archived && block.canLift && (
          <form method="post" action={`/persons/${id}/lift-phone-block`}>
            <FormTokens csrfToken={csrfToken} />
            <input type="hidden" name="what" value="email" />
            <button class="secondary">
              {block.askedBy === null
                ? 'Demander de rouvrir cette adresse'
                : 'Confirmer\u00a0: la personne accepte ces e-mails'}
            </button>
          </form>
        )}
      </div>
    </Note>
  );
}

function ContactLine(
  props: ReachProps & {
    readonly what: ContactName;
    readonly contact: Contact & { readonly mobile?: boolean };
  },
) {
  const { what, contact, id, name, csrfToken } = props;
  if (contact.whole !== null)
    return <ShownContact what={what} value={contact.whole} mobile={contact.mobile === true} />;
  return (
    <MaskedContact
      what={what}
      masked={contact.masked}
      personId={id}
      personName={name}
      csrfToken={csrfToken}
    />
  );
}

function Phone(props: ReachProps) {
  const { reach } = props;
  const { phone } = reach;
  return (
    <div>
      <dt>Téléphone</dt>
      <dd>
        {phone === null ? (
          reach.noPhone ? (
            'Aucun, la personne l’a dit'
          ) : (
            'Inconnu'
          )
        ) : (
          <>
            <ContactLine {...props} what="phone" contact={phone} />
            {!phone.mobile && <small class="muted">Fixe&nbsp;: ne reçoit pas de SMS</small>}
          </>
        )}
        <small class="muted">
          {phone !== null && (
            <>
              {reach.reachedOn === null
                ? 'Rien ne prouve encore qu’il répond'
                : `Joint le ${reach.reachedOn}`}
              <br />
              Numéro noté le {reach.phoneSince}
            </>
          )}
        </small>
      </dd>
    </div>
  );
}

function RefusalAction({ id, csrfToken, reach }: ReachProps) {
  if (reach.refusal !== null)
    return (
      <a class="small" href={`/persons/${id}/resume-messages`}>
        Reprendre les SMS, à sa demande
      </a>
    );
  return (
    <form method="post" action={`/persons/${id}/stop-messages`}>
      <FormTokens csrfToken={csrfToken} />
      <button class="link small">Noter un refus</button>
    </form>
  );
}
