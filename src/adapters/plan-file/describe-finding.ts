import { suggestNearest } from '../../core/nearest.js';
import type { Finding, SchemaNode } from './check-schema.js';

export interface Sentence {
  readonly message: string;
  readonly hint?: string;
}

/** What is wrong, and what would be right, without the schema's words. `whole` names the file's content. */
export const describeFinding = (finding: Finding, whole: string): Sentence => {
  const { path, schema } = finding;
  if (finding.kind === 'unknown-key') return describeUnknownKey(finding.key, schema);
  if (finding.kind === 'missing-keys') return describeMissingKeys(finding.keys, path, whole);
  return describeWrongValue(nameOf(path, whole), schema, finding.actual);
};

const describeMissingKeys = (keys: readonly string[], path: readonly string[], whole: string): Sentence => {
  const quoted = keys.map((key) => `"${key}"`);
  const verb = keys.length === 1 ? 'is' : 'are';
  const place = path.length === 0 ? '' : ` in ${nameOf(path, whole)}`;
  return { message: `${joinWords(quoted, 'and')} ${verb} missing${place}` };
};

const describeUnknownKey = (key: string, { properties = {} }: SchemaNode): Sentence => {
  const known = Object.keys(properties);
  const hint = suggestNearest(key, known) ?? `known here: ${known.join(', ')}`;
  return { message: `unknown key ${showName(key)}`, hint };
};

const describeWrongValue = (name: string, schema: SchemaNode, actual: unknown): Sentence => {
  const expectation = `${name} must ${describeExpectation(schema)}`;
  const message =
    actual === null ? `${expectation}, but it is empty` : `${expectation}, not ${showValue(actual)}`;
  const hint = suggestValue(schema, actual);
  return hint === undefined ? { message } : { message, hint };
};

const suggestValue = (schema: SchemaNode, actual: unknown): string | undefined => {
  if (typeof actual === 'string') {
    if (schema.enum) return suggestNearest(actual, schema.enum);
    return coerceText(schema, actual) === undefined ? undefined : 'leave out the quotes';
  }
  const isScalar = typeof actual === 'number' || typeof actual === 'boolean';
  return schema.type === 'string' && isScalar ? 'put it in quotes to make it text' : undefined;
};

/** The last key of the path, or whose entry it is. */
const nameOf = (path: readonly string[], whole: string): string => {
  const last = path.at(-1);
  if (last === undefined) return whole;
  return /^\d+$/.test(last) ? `an entry of ${path.at(-2) ?? whole}` : last;
};

const describeExpectation = (schema: SchemaNode): string => {
  const { type, minimum, maximum, minLength, maxLength, minItems, properties } = schema;
  if (schema.const !== undefined) return `be ${JSON.stringify(schema.const)}`;
  if (schema.enum) return `be ${joinWords(schema.enum, 'or')}`;
  const expected = schema.expected ?? EXPECTED[schema.definition ?? ''];
  if (expected !== undefined) return `be ${expected}`;
  if (type === 'boolean') return 'be true or false';
  if (type === 'integer' && maximum !== undefined)
    return `be a whole number between ${minimum ?? 0} and ${maximum}`;
  if (type === 'integer') return `be a whole number of ${minimum ?? 0} or more`;
  if (type === 'array') return minItems ? 'be a list with at least one entry' : 'be a list';
  if (type === 'object')
    return properties ? `contain keys (${Object.keys(properties).join(', ')})` : 'contain keys';
  if (maxLength !== undefined) return `be text of ${minLength ?? 0} to ${maxLength} characters`;
  return minLength ? 'be text that is not empty' : 'be text';
};

/** What a pattern means, by the name of its definition. */
const EXPECTED: Readonly<Record<string, string>> = {
  connectionName: 'a name of letters, digits, dots, dashes and underscores',
};

const joinWords = (words: readonly string[], conjunction: 'and' | 'or'): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1) ?? ''}`;

/** A key in quotes, as much of it as a message can hold. */
export const showName = (name: string): string =>
  `"${name.length > MOST_NAME ? `${name.slice(0, MOST_NAME)}…` : name}"`;

const MOST_NAME = 200;
const MOST_CHARACTERS = 40;

/** A value as a person would write it; a URL without the password in it. */
export const showValue = (value: unknown): string => {
  if (typeof value === 'string') {
    const text = value.replaceAll(/(?<=:\/\/[^\s/@:]*:)[^\s/@]+(?=@)/g, '***');
    return JSON.stringify(text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text);
  }
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : 'a group of keys';
};

/**
 * The value that the schema wants, read from a text that was put in for a variable; undefined when it is none. Text
 * from the environment has no type of its own.
 */
export const coerceText = (schema: SchemaNode, text: string): number | boolean | undefined => {
  const isNumber = schema.type === 'integer' || typeof schema.const === 'number';
  if (isNumber && /^-?\d{1,15}$/.test(text.trim())) return Number(text);
  if (schema.type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return undefined;
};
