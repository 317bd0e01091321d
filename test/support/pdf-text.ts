import { inflateSync } from 'node:zlib';

/** The words of a PDF whose faces are the built-in ones, in the order in which they are drawn. */
export function textOfPdf(pdf: Buffer): string {
  const raw = pdf.toString('latin1');
  const streams = [...raw.matchAll(/\/FlateDecode\s*>>\s*stream\r?\n([\s\S]*?)\r?\nendstream/g)];
  return streams
    .map(([, body]) => wordsOf(inflateSync(Buffer.from(body ?? '', 'latin1')).toString('latin1')))
    .join('\n');
}

function wordsOf(drawing: string): string {
  const lines = [...drawing.matchAll(/\[([^\]]*)\] TJ/g)];
  const decode = (hex: string) =>
    Buffer.from(hex, 'hex').toString('latin1').replaceAll('\x92', '’').replaceAll('\x96', '–');
  return lines
    .map(([, parts]) =>
      [...(parts ?? '').matchAll(/<([0-9a-f]*)>/g)].map(([, hex]) => decode(hex ?? '')).join(''),
    )
    .join('\n');
}
