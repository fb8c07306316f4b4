import {
  CORE_SCHEMA,
  EVENT_ID,
  type Event,
  YAMLException,
  constructFromEvents,
  mergeTag,
  parseEvents,
} from 'js-yaml';
import { showName } from './describe-finding.js';
import { explainSyntax } from './explain-syntax.js';
import { type TextRange, type TreeProblem, type YamlNode, buildYamlTree } from './yaml-tree.js';

export interface YamlDocument {
  readonly value: unknown;
  readonly root: YamlNode;
}

export interface SyntaxProblem {
  readonly range: TextRange;
  readonly message: string;
  readonly hint?: string;
}

export interface ParsedYaml {
  /** Undefined when nothing is written in the file, or when it cannot be read as YAML. */
  readonly document: YamlDocument | undefined;
  readonly problems: readonly SyntaxProblem[];
}

const SCHEMA = CORE_SCHEMA.withTags(mergeTag);
const MOST_LEVELS = 40;

/** Reads one YAML 1.2 document with merge keys. A duplicate key is a problem, and the document is still given. */
export const parseYaml = (text: string, mostValues?: number): ParsedYaml => {
  try {
    const events = parseEvents(text, { maxDepth: MOST_LEVELS });
    const second = events.findIndex(({ type }, index) => index > 0 && type === EVENT_ID.DOCUMENT);
    if (events.length === 0) return { document: undefined, problems: [] };
    if (second > 0) return { document: undefined, problems: [describeSecond(events.slice(0, second), text)] };
    return buildDocument(events, text, mostValues);
  } catch (error) {
    if (error instanceof YAMLException)
      return { document: undefined, problems: [describeException(error, text)] };
    throw error;
  }
};

const buildDocument = (events: Event[], text: string, mostValues: number | undefined): ParsedYaml => {
  const { root, problems } = buildYamlTree(events, text, mostValues);
  const described = problems.map((problem) => describeTreeProblem(problem));
  // Only duplicate keys leave a tree whose values can be built without going round for ever.
  if (problems.some(({ kind }) => kind !== 'duplicate-key'))
    return { document: undefined, problems: described };
  const [value] = constructFromEvents(events, { source: text, schema: SCHEMA, json: true });
  return { document: { value, root }, problems: described };
};

const describeTreeProblem = ({ kind, range, name }: TreeProblem): SyntaxProblem => {
  if (kind === 'duplicate-key') return { range, message: `the key ${showName(name)} is here a second time` };
  if (kind === 'too-big') return { range, message: 'the aliases in this file expand to too many values' };
  return {
    range,
    message: 'this alias (*) has no anchor (&) above it',
    hint: 'if * begins a text or a glob, put it in quotes',
  };
};

const describeSecond = (first: readonly Event[], text: string): SyntaxProblem => {
  const end = Math.max(0, ...first.map((event) => ('valueEnd' in event ? event.valueEnd : 0)));
  const start = end + Math.max(0, text.slice(end).search(/^---/m));
  return { range: { start, end: start + 3 }, message: 'a second document begins here; a file holds one' };
};

const describeException = ({ reason, mark }: YAMLException, text: string): SyntaxProblem => {
  // At the end of the file the marked line is empty: what matters is the last line with something on it.
  const position = Math.min(mark?.position ?? 0, Math.max(0, text.trimEnd().length - 1));
  const lineStart = Math.max(text.lastIndexOf('\n', position - 1), text.lastIndexOf('\r', position - 1)) + 1;
  const [line = ''] = text.slice(lineStart).split(/[\r\n]/, 1);
  const place = { before: line.slice(0, position - lineStart), rest: line.slice(position - lineStart) };
  return { range: { start: position, end: position + 1 }, ...explainSyntax(reason, place) };
};
