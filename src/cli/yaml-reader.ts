import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';
import { isWhole } from '../shared/whole-number.js';

export interface FileFault {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** All the faults of a file at once, each with its line. */
export class FileFaults extends Error {
  constructor(readonly faults: readonly FileFault[]) {
    super(faults.map(({ line, message }) => `line ${line}: ${message}`).join('\n'));
  }
}

/** Reads a YAML file strictly: closed shapes, and a line for each fault. */
export class YamlReader {
  readonly faults: FileFault[] = [];
  private readonly lines = new LineCounter();

  /** @throws FileFaults when it is not YAML */
  read(text: string): MapReader {
    const document = parseDocument(text, { lineCounter: this.lines, prettyErrors: false });
    for (const error of document.errors) this.fault(error.pos[0], error.message);
    if (this.faults.length > 0) throw new FileFaults(this.faults);
    return new MapReader(this, document.contents, 'the file');
  }

  fault(offset: number, message: string): void {
    this.faults.push({ line: this.lines.linePos(offset).line, message });
  }

  /** @throws FileFaults when anything was wrong so far */
  end(): void {
    if (this.faults.length > 0) throw new FileFaults([...this.faults].sort((a, b) => a.line - b.line));
  }
}

export interface TextRule {
  readonly accepts: (text: string) => boolean;
  readonly expected: string;
}

/** One mapping of the file; each getter writes a fault and answers something harmless when the value is wrong. */
export class MapReader {
  private readonly map: YAMLMap | undefined;
  private readonly asked = new Set<string>();
  readonly offset: number;

  constructor(
    private readonly reader: YamlReader,
    node: unknown,
    private readonly what: string,
  ) {
    this.offset = offsetOf(node);
    if (isMap(node)) this.map = node;
    else reader.fault(this.offset, `${what}: expected names and values`);
  }

  text(name: string, rule?: TextRule): string {
    const text = this.optionalText(name, rule);
    if (text === null && this.node(name) === undefined) this.fault(`${name} is missing`);
    return text ?? '';
  }

  optionalText(name: string, rule?: TextRule): string | null {
    const node = this.node(name);
    if (node === undefined || (isScalar(node) && node.value === null)) return null;
    const text = isScalar(node) ? (node.source ?? String(node.value)).trim() : '';
    const accepted = text !== '' && !text.includes('\0') && (rule?.accepts(text) ?? true);
    if (accepted) return text;
    this.reader.fault(offsetOf(node), `${name}: expected ${rule?.expected ?? 'a text'}`);
    return null;
  }

  has(name: string): boolean {
    const node = this.node(name);
    return node !== undefined && !(isScalar(node) && node.value === null);
  }

  integer(name: string, least: number, most: number): number {
    const node = this.node(name);
    const value: unknown = isScalar(node) ? node.value : undefined;
    if (isWhole(value, { least, most })) return value;
    this.reader.fault(
      node === undefined ? this.offset : offsetOf(node),
      `${name}: expected a whole number from ${least} to ${most}`,
    );
    return least;
  }

  flag(name: string, fallback: boolean): boolean {
    const node = this.node(name);
    if (node === undefined) return fallback;
    if (isScalar(node) && typeof node.value === 'boolean') return node.value;
    this.reader.fault(offsetOf(node), `${name}: expected true or false`);
    return fallback;
  }

  /** The mappings of a list; an absent list is empty. */
  list<T>(name: string, read: (item: MapReader) => T): T[] {
    const node = this.node(name);
    if (node === undefined || (isScalar(node) && node.value === null)) return [];
    if (isSeq(node))
      return node.items.map((item) => {
        const one = new MapReader(this.reader, item, name);
        const value = read(one);
        one.refuseUnknown();
        return value;
      });
    this.reader.fault(offsetOf(node), `${name}: expected a list`);
    return [];
  }

  fault(message: string): void {
    this.reader.fault(this.offset, `${this.what}: ${message}`);
  }

  /** Call last: every name that nobody asked for is a fault. */
  refuseUnknown(): void {
    for (const { key } of this.map?.items ?? []) {
      const name = isScalar(key) ? String(key.value) : '?';
      if (!this.asked.has(name)) this.reader.fault(offsetOf(key), `unknown name ${name}`);
    }
  }

  private node(name: string): Node | undefined {
    this.asked.add(name);
    const found: unknown = this.map?.get(name, true);
    return isMap(found) || isSeq(found) || isScalar(found) ? found : undefined;
  }
}

function offsetOf(node: unknown): number {
  const ranged = isMap(node) || isSeq(node) || isScalar(node) ? node.range : undefined;
  return ranged?.[0] ?? 0;
}
