import { type Diagnostic, InvalidFileError } from '../../core/diagnostic.js';
import type { ErrorCode } from '../../core/errors.js';
import { findSecrets, guessSecrets } from './find-secrets.js';
import { type PlacedComplaint, createLocator, rangeOf } from './locate.js';
import { parseYaml } from './parse-yaml.js';
import type { FileText } from './read-text.js';

/** A YAML file as a value that remembers where each part of it is written. */
export interface LocatedDocument {
  /** Undefined when nothing is written in the file, or when it cannot be read as YAML. */
  readonly value: unknown;
  /** What is wrong with the file as YAML. */
  readonly diagnostics: readonly Diagnostic[];
  readonly locate: (complaint: PlacedComplaint) => Diagnostic;
}

/** `code` is the error code of a file that is not good YAML. */
export const locateDocument = ({ path, text }: FileText, code: ErrorCode): LocatedDocument => {
  const { document, problems } = parseYaml(text);
  const secrets = document ? findSecrets(document.root, text) : guessSecrets(text);
  const locateAt = createLocator(path, text, secrets);
  return {
    value: document?.value,
    diagnostics: problems.map(({ range, ...sentence }) => locateAt(range, { code, ...sentence })),
    locate: (complaint) =>
      locateAt(document ? rangeOf(document.root, text, complaint) : { start: 0, end: 1 }, complaint),
  };
};

/** Throws all of them, in the order of the file; what an alias brings to several places, once. */
export const refuseInvalid = (diagnostics: readonly Diagnostic[]): void => {
  const distinct = new Map(diagnostics.map((item) => [`${item.line}:${item.column} ${item.message}`, item]));
  const [first, ...rest] = [...distinct.values()].sort((a, b) => a.line - b.line || a.column - b.column);
  if (first) throw new InvalidFileError([first, ...rest]);
};
