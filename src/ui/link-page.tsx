import type { ComponentChildren } from 'preact';
import { Document, Footer } from './document.js';

/**
 * The shell of every page behind the link of a text: neither the person nor, when the texts are discreet, justice is
 * named, not even one link further.
 */
export function LinkPage(props: { readonly discreet: boolean; readonly children: ComponentChildren }) {
  return (
    <Document title="Vos messages" bodyClass="person-page">
      <main id="contenu">{props.children}</main>
      {!props.discreet && <Footer />}
    </Document>
  );
}
