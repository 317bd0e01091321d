import { fixed, linear, linePath, bandPath, runsOf, shortMonth, ticks } from '../../ui/charts/scale.js';
import { trendDescription, type TrendProps, trendTitle } from '../../ui/charts/trend-words.js';
import type { PdfDrawing } from '../../ui/exports/pdf.js';

const HEIGHT = 200;
const FRAME = { left: 34, top: 8, bottom: 176 } as const;

/** The curve of the page, for a report in black and white: band in grey, starts as dashed lines with their words. */
export function trendDrawing(trend: TrendProps): PdfDrawing {
  return {
    title: trendTitle(trend),
    description: trendDescription(trend),
    height: HEIGHT,
    draw: drawing(trend),
  };
}

const drawing =
  ({ points, marks }: TrendProps): PdfDrawing['draw'] =>
  (document, box) => {
    const highest = Math.max(0.05, ...points.map(({ high, rate }) => high ?? rate ?? 0));
    const grid = ticks(0, highest);
    const x = linear([0, Math.max(1, points.length - 1)], [box.x + FRAME.left, box.x + box.width]);
    const y = linear([0, grid.at(-1) ?? 1], [box.y + FRAME.bottom, box.y + FRAME.top]);
    const at = (values: readonly { index: number; value: number }[]) =>
      values.map(({ index, value }) => ({ x: x(index), y: y(value) }));
    document.font('Helvetica').fontSize(7).lineWidth(0.5).strokeColor('#bbbbbb').fillColor('#333333');
    for (const value of grid) {
      document
        .moveTo(x(0), y(value))
        .lineTo(box.x + box.width, y(value))
        .stroke();
      const label = `${fixed(value * 100)
        .replace('.0', '')
        .replace('.', ',')} %`;
      document.text(label, box.x, y(value) - 3, { width: FRAME.left - 6, align: 'right', lineBreak: false });
    }
    for (const run of runsOf(points, ({ low, high }) => low !== null && high !== null)) {
      const side = (key: 'low' | 'high') =>
        at(run.map((index) => ({ index, value: points[index]?.[key] ?? 0 })));
      document.path(bandPath(side('high'), side('low'))).fill('#dddddd');
    }
    for (const run of runsOf(points, ({ rate }) => rate !== null))
      document
        .path(linePath(at(run.map((index) => ({ index, value: points[index]?.rate ?? 0 })))))
        .lineWidth(1.4)
        .stroke('#000000');
    document.lineWidth(0.8).fillColor('#000000');
    for (const { on, label } of marks) {
      const index = points.findIndex(({ month }) => month === on.slice(0, 7));
      if (index < 0) continue;
      document
        .moveTo(x(index), y(0))
        .lineTo(x(index), box.y)
        .dash(3, { space: 2 })
        .stroke('#000000')
        .undash();
      document.text(label, x(index) + 3, box.y, { lineBreak: false });
    }
    const every = Math.max(1, Math.ceil(points.length / 8));
    points.forEach(({ month }, index) => {
      if (index % every === 0)
        document.text(shortMonth(month), x(index) - 12, box.y + FRAME.bottom + 5, { lineBreak: false });
    });
  };
