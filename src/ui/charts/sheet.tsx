import type { ComponentChildren } from 'preact';
import type { ChartFrame } from './scale.js';

interface SheetProps {
  readonly frame: ChartFrame;
  readonly title: string;
  /** What the drawing shows, for those who do not see it. */
  readonly description: string;
  readonly children: ComponentChildren;
}

/** The sheet that a chart is drawn on. */
export function Sheet({ frame, title, description, children }: SheetProps) {
  return (
    <svg
      class={frame.className}
      viewBox={`0 0 ${frame.width} ${frame.height}`}
      role="img"
      aria-labelledby={`${frame.id}-t ${frame.id}-d`}
    >
      <title id={`${frame.id}-t`}>{title}</title>
      <desc id={`${frame.id}-d`}>{description}</desc>
      {children}
    </svg>
  );
}
