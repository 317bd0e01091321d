import { DEFINITIONS } from '../../statistics/domain/definitions.js';
import { AppPage, type Frame, PageHead } from '../../ui/app-page.js';
import { DefinitionList } from '../../ui/definition-list.js';

export function DefinitionsPage({ frame }: { readonly frame: Frame }) {
  const title = 'Définitions des chiffres d’absence';
  return (
    <AppPage frame={frame} title={title} current="/absence">
      <PageHead title={title}>
        <p class="muted">
          Les mêmes sur toutes les pages, dans les exports et dans l’interface de programmation. Aucun chiffre
          n’est donné par agent.
        </p>
      </PageHead>
      <DefinitionList definitions={DEFINITIONS} />
    </AppPage>
  );
}
