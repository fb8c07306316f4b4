import {
  COLLECTION_STYLE,
  type CollectionStyle,
  EVENT_ID,
  type Event,
  type MappingEvent,
  SCALAR_STYLE,
  type ScalarEvent,
  type SequenceEvent,
  getScalarValue,
} from 'js-yaml';

/** Offsets into the text of the file, end exclusive. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** Where each value of a file stands. The values themselves come from js-yaml, built of the same events. */
export type YamlNode = YamlScalar | YamlList | YamlMap;

export interface YamlScalar {
  readonly kind: 'scalar';
  readonly range: TextRange;
  readonly text: string;
}

export interface YamlList {
  readonly kind: 'list';
  readonly range: TextRange;
  readonly items: readonly YamlNode[];
}

export interface YamlMap {
  readonly kind: 'map';
  readonly range: TextRange;
  readonly entries: readonly YamlEntry[];
}

export interface YamlEntry {
  readonly key: string;
  readonly keyRange: TextRange;
  readonly isMerge: boolean;
  readonly value: YamlNode;
}

/** Something that js-yaml accepts or reports too late: a second key of one name, an alias that leads nowhere. */
export interface TreeProblem {
  readonly kind: 'duplicate-key' | 'unknown-alias' | 'too-big';
  readonly range: TextRange;
  /** The key or the alias; empty for `too-big`. */
  readonly name: string;
}

export interface YamlTree {
  readonly root: YamlNode;
  readonly problems: readonly TreeProblem[];
}

// Far above any file that a person writes, far below what a chain of aliases can expand to.
const MOST_VALUES = 20_000;
const MOST_LEVELS = 64;

/** How much a node holds when every alias in it is written out. */
interface Extent {
  readonly values: number;
  readonly levels: number;
}

/** Reads the events of one document. An alias is its target's node, so a value is located where it is written. */
export const buildYamlTree = (events: readonly Event[], text: string, mostValues = MOST_VALUES): YamlTree => {
  const reader = new TreeReader(events, text, mostValues);
  return { root: reader.readNode({ start: 0, end: 0 }), problems: reader.problems };
};

class TreeReader {
  readonly problems: TreeProblem[] = [];
  readonly #events: readonly Event[];
  readonly #text: string;
  readonly #mostValues: number;
  readonly #anchors = new Map<string, YamlNode>();
  readonly #extents = new Map<YamlNode, Extent>();
  /** The first event opens the document. */
  #next = 1;

  constructor(events: readonly Event[], text: string, mostValues: number) {
    this.#events = events;
    this.#text = text;
    this.#mostValues = mostValues;
  }

  /** `around` marks an empty value, which has no characters of its own. */
  readNode(around: TextRange): YamlNode {
    const event = this.#events[this.#next];
    this.#next += 1;
    if (event?.type === EVENT_ID.ALIAS) return this.#resolveAlias(event.anchorStart, event.anchorEnd);
    const node = this.#readOwn(event, around);
    this.#measure(node);
    if (event && 'anchorStart' in event && event.anchorStart >= 0)
      this.#anchors.set(this.#text.slice(event.anchorStart, event.anchorEnd), node);
    return node;
  }

  #readOwn(event: Event | undefined, around: TextRange): YamlNode {
    if (event?.type === EVENT_ID.SEQUENCE) return this.#readList(event);
    if (event?.type === EVENT_ID.MAPPING) return this.#readMap(event);
    if (event?.type !== EVENT_ID.SCALAR) return { kind: 'scalar', range: around, text: '' };
    const range = rangeOfScalar(event, this.#text) ?? around;
    return { kind: 'scalar', range, text: getScalarValue(this.#text, event) };
  }

  #readList({ start, style }: SequenceEvent): YamlList {
    const items: YamlNode[] = [];
    while (this.#hasMore()) items.push(this.readNode({ start, end: start + 1 }));
    return { kind: 'list', items, range: { start, end: this.#findEnd(items.at(-1), start, style, ']') } };
  }

  #readMap({ start, style }: MappingEvent): YamlMap {
    const entries: YamlEntry[] = [];
    const seen = new Set<string>();
    while (this.#hasMore()) {
      const isPlain = this.#isPlainScalar();
      const key = this.readNode({ start, end: start + 1 });
      const value = this.readNode(key.range);
      const name = key.kind === 'scalar' ? key.text : '';
      const isMerge = isPlain && name === '<<';
      if (!isMerge && key.kind === 'scalar' && seen.has(name))
        this.problems.push({ kind: 'duplicate-key', range: key.range, name });
      seen.add(name);
      entries.push({ key: name, keyRange: key.range, isMerge, value });
    }
    return {
      kind: 'map',
      entries,
      range: { start, end: this.#findEnd(entries.at(-1)?.value, start, style, '}') },
    };
  }

  #findEnd(last: YamlNode | undefined, start: number, style: CollectionStyle, bracket: string): number {
    const end = Math.max(start + 1, last?.range.end ?? 0);
    return style === COLLECTION_STYLE.FLOW ? Math.max(end, this.#text.indexOf(bracket, end) + 1) : end;
  }

  #isPlainScalar(): boolean {
    const event = this.#events[this.#next];
    return event?.type === EVENT_ID.SCALAR && event.style === SCALAR_STYLE.PLAIN;
  }

  /** Consumes the event that closes the collection. */
  #hasMore(): boolean {
    const event = this.#events[this.#next];
    if (event && event.type !== EVENT_ID.POP) return true;
    this.#next += 1;
    return false;
  }

  /** An anchor is known once its value is complete, so an alias inside it, which would be endless, is unknown too. */
  #resolveAlias(nameStart: number, nameEnd: number): YamlNode {
    const name = this.#text.slice(nameStart, nameEnd);
    const range = { start: nameStart - 1, end: nameEnd };
    const target = this.#anchors.get(name);
    if (target) return target;
    this.problems.push({ kind: 'unknown-alias', range, name });
    return { kind: 'scalar', range, text: '' };
  }

  #measure(node: YamlNode): void {
    const children =
      node.kind === 'scalar'
        ? []
        : node.kind === 'list'
          ? node.items
          : node.entries.map(({ value }) => value);
    let values = 1;
    let levels = 1;
    for (const child of children) {
      const extent = this.#extents.get(child) ?? { values: 1, levels: 1 };
      values += extent.values;
      levels = Math.max(levels, extent.levels + 1);
    }
    const isTooBig = values > this.#mostValues || levels > MOST_LEVELS;
    if (isTooBig && !this.problems.some(({ kind }) => kind === 'too-big'))
      this.problems.push({ kind: 'too-big', range: node.range, name: '' });
    this.#extents.set(node, { values, levels });
  }
}

/** js-yaml's range of a quoted scalar is without its quotes, that of a block begins on the line after the `|`. */
const rangeOfScalar = ({ valueStart, valueEnd, style }: ScalarEvent, text: string): TextRange | undefined => {
  if (valueStart < 0) return undefined;
  const isQuoted = style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED;
  if (isQuoted) return { start: valueStart - 1, end: valueEnd + 1 };
  const value = text.slice(valueStart, valueEnd);
  const start = valueStart + (value.length - value.trimStart().length);
  return { start, end: Math.max(start + 1, valueStart + value.trimEnd().length) };
};

/** Where the value at a path stands, and the key it is under; as much of the path as the file has. */
export const locateValue = (
  root: YamlNode,
  path: readonly string[],
): { readonly node: YamlNode; readonly keyRange: TextRange | undefined } => {
  let node = root;
  let keyRange: TextRange | undefined;
  for (const step of path) {
    if (node.kind === 'list') {
      const item = node.items[Number(step)];
      if (!item) break;
      [node, keyRange] = [item, undefined];
    } else {
      const entry = findEntry(node, step);
      if (!entry) break;
      [node, keyRange] = [entry.value, entry.keyRange];
    }
  }
  return { node, keyRange };
};

const findEntry = (node: YamlNode, key: string): YamlEntry | undefined => {
  if (node.kind === 'scalar') return undefined;
  if (node.kind === 'list') return node.items.map((item) => findEntry(item, key)).find((found) => found);
  const own = node.entries.find((entry) => entry.key === key && !entry.isMerge);
  if (own) return own;
  const merged = node.entries.filter(({ isMerge }) => isMerge);
  return merged.map(({ value }) => findEntry(value, key)).find((found) => found);
};
