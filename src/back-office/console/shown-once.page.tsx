import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { Note } from '../../ui/state.js';

export interface ShownOnceView {
  readonly frame: Frame;
  readonly title: string;
  /** What is shown this once. */
  readonly secret: string;
  readonly about: string;
  readonly next: { readonly href: string; readonly label: string };
}

/** A secret that leaves us now and never again. */
export function ShownOncePage({ frame, title, secret, about, next }: ShownOnceView) {
  return (
    <AppPage frame={frame} title={title} current={next.href}>
      <PageHead title={title} />
      <div class="sections">
        <Note shape="warn" status>
          <p>
            <strong>À copier maintenant.</strong> {about}
          </p>
        </Note>
        <p>
          <label for="secret">À recopier dans le logiciel</label>
          <input id="secret" class="secret" readOnly value={secret} autocomplete="off" spellcheck={false} />
        </p>
        <p>
          <a href={next.href}>{next.label}</a>
        </p>
      </div>
    </AppPage>
  );
}
