import type { ComponentChildren } from 'preact';
import { Document, Footer } from './document.js';

export interface DoorPageProps {
  /** Of the window; the name of the service follows it. */
  readonly title: string;
  readonly heading: ComponentChildren;
  /** Said under the heading. */
  readonly lead?: ComponentChildren;
  readonly children: ComponentChildren;
  /** What stands below, outside of the frame. */
  readonly after?: ComponentChildren;
}

/** A page before or between the rooms: no navigation, one thing to do. */
export function DoorPage({ title, heading, lead, children, after }: DoorPageProps) {
  return (
    <Document title={`${title} – Mon Suivi Justice`} bodyClass="person-page">
      <main id="contenu">
        <h1>{heading}</h1>
        {lead !== undefined && lead !== null && <p class="muted">{lead}</p>}
        <section>{children}</section>
        {after}
      </main>
      <Footer />
    </Document>
  );
}
