import type { ComponentChildren } from 'preact';

/** Word, shape and colour of a state: the class names are those of the style sheet. */
export type Shape = 'ok' | 'wait' | 'half wait' | 'warn' | 'doubt warn' | 'bad' | 'off';

export interface StateWord {
  readonly word: string;
  readonly shape: Shape;
}

export function State({ word, shape, pill }: StateWord & { readonly pill?: boolean }) {
  return <span class={`state ${shape}${pill === true ? ' pill' : ''}`}>{word}</span>;
}

/** A line that tells what has just happened or what should be known. */
export function Note(props: {
  readonly shape: Shape;
  readonly status?: boolean;
  readonly children: ComponentChildren;
}) {
  return (
    <div class={`note ${props.shape}`} role={props.status === true ? 'status' : undefined}>
      {props.children}
    </div>
  );
}

/** What an act that has just succeeded says, read out at once; nothing without a sentence. */
export function Done({ sentence }: { readonly sentence: string | null | undefined }) {
  if (sentence === null || sentence === undefined) return null;
  return (
    <Note shape="ok" status>
      <p class="state ok">{sentence}</p>
    </Note>
  );
}

/** Seats left, drawn; the number stands beside it. */
export function SeatBar({ left, capacity }: { readonly left: number; readonly capacity: number }) {
  return (
    <svg class="bar" viewBox={`0 0 ${capacity} 1`} preserveAspectRatio="none" aria-hidden="true">
      <rect width={capacity} height="1" />
      <rect width={left} height="1" />
    </svg>
  );
}
