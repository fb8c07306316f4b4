import { type Diagnostic, InvalidFileError } from '../../core/plan/diagnostic.js';
import type { ErrorCode } from '../../core/errors.js';
import { findSecrets, guessSecrets } from './find-secrets.js';
import { isRecord } from '../../core/strict-json.js';
import { type PlacedComplaint, createLocator, rangeOf } from './locate.js';
import { type ParsedYaml, parseYaml } from './parse-yaml.js';
import type { FileText } from './read-text.js';

/** A YAML file as a value that remembers where each part of it is written. */
export interface LocatedDocument {
  /** Undefined when nothing is written in the file, or when it cannot be read as what it should be. */
  readonly value: unknown;
  /** What is wrong with the file as YAML. */
  readonly diagnostics: readonly Diagnostic[];
  readonly locate: (complaint: PlacedComplaint) => Diagnostic;
}

/** What a file should be: by one of these keys it is known, and only then shown in errors. */
export interface DocumentKind {
  /** The error code of a file that is not good YAML. */
  readonly code: ErrorCode;
  /** For example `a sync plan`. */
  readonly name: string;
  readonly keys: readonly string[];
  /** May all of them be missing? Unknown keys of a config are ignored. */
  readonly canBeOther: boolean;
  /** How many values it may have, where that is more than a person writes. */
  readonly mostValues?: number;
}

export const SYNC_PLAN: DocumentKind = {
  code: 'PLAN_SYNTAX',
  name: 'a sync plan',
  keys: ['version', 'source', 'target', 'databases'],
  canBeOther: false,
};
export const CONFIG: DocumentKind = {
  code: 'CONFIG_INVALID',
  name: 'a config file',
  keys: ['connections', 'batch', 'plans', 'logging'],
  canBeOther: true,
};

/** Nobody reads more of them, and each costs a look at its line. */
const MOST_PROBLEMS = 200;

/**
 * Reads the file. Of one that is something else nothing is shown but the place: a name that leads to a file of passwords
 * must not bring its lines into the log of a pipeline.
 */
export const locateDocument = ({ path, text }: FileText, kind: DocumentKind): LocatedDocument => {
  const { code } = kind;
  const parsed = parseYaml(text, kind.mostValues);
  const { document, problems } = parsed;
  const isOther = isSomethingElse(parsed, text, kind);
  if (isOther && !(kind.canBeOther && isRecord(document?.value))) {
    const locateAt = createLocator(path, text, 'hidden');
    const [problem] = problems;
    const message =
      problem === undefined || document
        ? `this is not ${kind.name}`
        : `this is not ${kind.name}, and not YAML`;
    const hint = `it has none of the keys ${kind.keys.join(', ')}`;
    const found = locateAt(problem?.range ?? { start: 0, end: 1 }, { code, message, hint });
    return { value: undefined, diagnostics: [found], locate: () => found };
  }
  const secrets = document ? findSecrets(document.root, text) : guessSecrets(text);
  const locateAt = createLocator(path, text, isOther ? 'hidden' : secrets);
  return {
    value: document?.value,
    diagnostics: problems
      .slice(0, MOST_PROBLEMS)
      .map(({ range, ...sentence }) => locateAt(range, { code, ...sentence })),
    locate: (complaint) =>
      locateAt(document ? rangeOf(document.root, text, complaint) : { start: 0, end: 1 }, complaint),
  };
};

/** An empty file is no other file, and a broken one is known by the beginnings of its lines. */
const isSomethingElse = (
  { document, problems }: ParsedYaml,
  text: string,
  { keys }: DocumentKind,
): boolean => {
  if (!document) return problems.length > 0 && !startsLine(text, keys);
  const { value } = document;
  if (value === null || value === undefined) return false;
  if (!isRecord(value)) return true;
  const written = Object.keys(value);
  return written.length > 0 && !written.some((key) => keys.includes(key) || key.startsWith('x-'));
};

const startsLine = (text: string, keys: readonly string[]): boolean =>
  new RegExp(`^[{ ]{0,4}["']?(?:${keys.join('|')})["']?[ \\t]*:(?:\\s|$)`, 'm').test(text);

/** Throws all of them, in the order of the file; what an alias brings to several places, once. */
export const refuseInvalid = (diagnostics: readonly Diagnostic[]): void => {
  const distinct = new Map(diagnostics.map((item) => [`${item.line}:${item.column} ${item.message}`, item]));
  const [first, ...rest] = [...distinct.values()].sort((a, b) => a.line - b.line || a.column - b.column);
  if (first) throw new InvalidFileError([first, ...rest]);
};
