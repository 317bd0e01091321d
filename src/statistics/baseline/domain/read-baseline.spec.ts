import fc from 'fast-check';
import { decodeText, readTable } from '../../../platform/read-table.js';
import { type BaselineCount, baselineText, MOST_LINES, readBaseline } from './read-baseline.js';

const RULES = {
  current: '2026-06',
  types: [
    { code: 'suivi-spip', name: 'Convocation de suivi SPIP' },
    { code: 'visite-domicile', name: 'Visite à domicile' },
  ],
};
const read = (text: string) => readBaseline(readTable(text, MOST_LINES), RULES);
const counts = (text: string) => {
  const { counts: found, faults } = read(text);
  expect(faults).toEqual([]);
  return found.map((c) =>
    [c.month, c.typeCode ?? 'tous', c.attended, c.missed, c.excused, c.cancelled, c.unknown].join(' '),
  );
};
const faults = (text: string) =>
  read(text).faults.map(({ line, code, cell }) => `${line} ${code} ${cell ?? ''}`);

describe('counts by month', () => {
  it.each([
    ['mois;venues;manquées;excusées\n2024-03;70;30;5', '2024-03 tous 70 30 5 0 0'],
    ['Mois,Présents,Absents,Excusés,Annulés\nmars 2024,70,30,5,2', '2024-03 tous 70 30 5 2 0'],
    [
      'MOIS\tHonorées\tNon honorées\tExcusées\tSans issue\n03/2024\t1 070\t30\t5\t4',
      '2024-03 tous 1070 30 5 0 4',
    ],
    [
      'Mois;Type;Venus;Absences;Absences excusées\r\nmars-24;Visite à domicile;7;3;0\r\n',
      '2024-03 visite-domicile 7 3 0 0 0',
    ],
    [
      'month;type;attended;missed;excused;cancelled;unknown\n2024-03;suivi-spip;7;3;0;;',
      '2024-03 suivi-spip 7 3 0 0 0',
    ],
    ['mois;"venues";manquées;excusées;remarque\n"31/03/2024";70;30;5;"a;b"', '2024-03 tous 70 30 5 0 0'],
  ])('reads %j', (text, expected) => {
    expect(counts(text)).toEqual([expected]);
  });

  it('reads what French spreadsheets write: UTF-8 with its mark, Windows-1252, UTF-16', () => {
    const text = 'mois;venues;manquées;excusées\nfévrier 2024;70;30;5\n';
    const latin = Uint8Array.from(Array.from(text, (letter) => letter.charCodeAt(0)));
    const utf16 = Uint8Array.from([
      0xff,
      0xfe,
      ...Array.from(text).flatMap((c) => [c.charCodeAt(0) % 256, c.charCodeAt(0) >> 8]),
    ]);
    for (const bytes of [new TextEncoder().encode(`\ufeff${text}`), latin, utf16])
      expect(counts(decodeText(bytes) ?? '')).toEqual(['2024-02 tous 70 30 5 0 0']);
    expect(decodeText(Uint8Array.from([0x50, 0x4b, 0, 3]))).toBeUndefined();
  });

  it('names every bad line', () => {
    const text = [
      'mois;type;venues;manquées;excusées',
      '2024-13;;1;1;1',
      '2024-01;;beaucoup;1;1',
      '2024-02;;=1+1;1;',
      '2026-06;;1;1;1',
      '1999-01;;1;1;1',
      '2024-03;Goûter;1;1;1',
      '2024-04;;1;1;1',
      'avril 2024;;2;2;2',
      '2024-05;;-1;1;1',
    ].join('\n');
    expect(faults(text)).toEqual([
      '2 month 2024-13',
      '3 count beaucoup',
      '4 count =1+1',
      '4 count ',
      '5 not-before 2026-06',
      '6 too-old 1999-01',
      '7 type Goûter',
      '9 twice avril 2024',
      '10 count -1',
    ]);
  });

  it.each([
    ['', 'empty'],
    ['\n\n', 'empty'],
    ['mois;venues;manquées;excusées\n', 'nothing'],
    ['mois;venues;manquées\n2024-03;1;1', 'columns'],
    ['a;b;c\n1;2;3', 'columns'],
    ['mois;venues;manquées;excusées\n"2024-03;1;1;1', 'quotes'],
  ])('says why %j is no such table', (text, code) => {
    expect(read(text).faults.map((fault) => fault.code)).toEqual([code]);
  });

  it('says which columns are missing', () => {
    expect(read('mois;venues\n2024-03;1').faults[0]?.column).toBe('manquées, excusées');
    expect(read('date;nom\n2024-03-01;X').faults[0]?.column).toBe('issue');
  });
});

describe('one line per appointment', () => {
  it('is added up by the same definitions, and nothing is left of the persons', () => {
    const text = [
      'Nom;Date;Type;Issue;Téléphone',
      'Toussine;04/03/2024;Convocation de suivi SPIP;Venue;0612345678',
      'Brindille;2024-03-05 09:30;suivi-spip;absent;',
      'Lina;06/03/2024;suivi-spip;Excusé(e);',
      'Yanis;07/03/2024;;Annulée;',
      'Awa;08/03/2024;;;',
      'Hugo;09/03/2024;;Reportée;',
      'Rosa;02/04/2024;;Absence injustifiée;',
    ].join('\n');
    expect(counts(text)).toEqual([
      '2024-03 tous 0 0 0 1 1',
      '2024-03 suivi-spip 1 1 1 0 0',
      '2024-04 tous 0 1 0 0 0',
    ]);
    expect(read(text).moved).toBe(1);
    expect(JSON.stringify(read(text))).not.toMatch(/Toussine|0612345678/);
  });

  it('refuses an outcome or a day that nobody knows, by its line', () => {
    expect(faults('date;issue\n31/02/2024;venue\n01/03/2024;peut-être')).toEqual([
      '2 date 31/02/2024',
      '3 outcome peut-être',
    ]);
  });
});

describe('any text', () => {
  it('is read or refused, and never throws', () => {
    const header = fc.constantFrom('', 'mois;venues;manquées;excusées\n', 'date,issue\n', 'mois\t"x\n');
    const cell = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom('=cmd|x', '"', ';', '2024-03', '12', 'venue', '\u0000', '-'),
    );
    fc.assert(
      fc.property(
        header,
        fc.array(cell, { maxLength: 30 }),
        fc.constantFrom(';', ',', '\n'),
        (head, cells, sign) => {
          const { counts: found, faults: wrong } = read(head + cells.join(sign));
          return found.length > 0 || wrong.length > 0;
        },
      ),
    );
  });

  it('is decoded whatever its bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const { counts: found, faults: wrong } = read(decodeText(bytes) ?? '');
        expect(found.length === 0 || wrong.every(({ line }) => line > 0)).toBe(true);
      }),
    );
  });

  it('comes back from its own words', () => {
    const count = fc.nat(100_000);
    const month = fc
      .record({ year: fc.integer({ min: 2005, max: 2025 }), month: fc.integer({ min: 1, max: 12 }) })
      .map(({ year, month: at }) => `${year}-${String(at).padStart(2, '0')}`);
    const one: fc.Arbitrary<BaselineCount> = fc.record({
      ...{ month, typeCode: fc.constantFrom(null, 'suivi-spip', 'visite-domicile') },
      ...{ attended: count, missed: count, excused: count, cancelled: count, unknown: count },
    });
    const several = fc
      .uniqueArray(one, { minLength: 1, selector: (c) => `${c.month} ${c.typeCode ?? ''}` })
      .map((list) =>
        list.sort((a, b) => (`${a.month} ${a.typeCode ?? ''}` < `${b.month} ${b.typeCode ?? ''}` ? -1 : 1)),
      );
    fc.assert(
      fc.property(several, (list) => {
        expect(read(baselineText(list))).toMatchObject({ counts: list, faults: [] });
      }),
    );
  });
});
