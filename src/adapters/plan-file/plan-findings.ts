import { suggestNearest } from '../../core/nearest.js';
import type { Finding, SchemaCheck, SchemaNode } from './check-schema.js';
import { pathKey, readPath } from './interpolate-values.js';
import { isRecord } from '../../core/strict-json.js';

const ROLES = ['source', 'target'] as const;
const REPLICAS = ['options', 'pause_when', 'replicas'] as const;

/** Where the URL of a notice stands in a plan. */
export const NOTIFY = ['options', 'notify'] as const;

/** Where the key of the masks stands. */
export const MASK_KEY = ['mask', 'key'] as const;

/** Where connections stand in a plan, as names or written out: those that a plan of any shape has. */
export const listConnectionPaths = (plan: unknown): readonly (readonly string[])[] => {
  const replicas = readPath(plan, REPLICAS);
  return [
    ...ROLES.map((role) => [role]),
    ...(Array.isArray(replicas) ? replicas.map((_, index) => [...REPLICAS, String(index)]) : []),
  ].filter((path) => readPath(plan, path) !== undefined);
};

/** They are compared with each other, and nobody reads more of them. */
const MOST_FINDINGS = 200;

/**
 * What is wrong with the shape of a plan. The schema offers alternatives (a connection is a name or an object, an
 * entry has a name or a glob); only what concerns the alternative that the person meant is reported.
 */
export const findInPlan = (check: SchemaCheck, plan: unknown): readonly Finding[] => {
  const bySchema = check.find(plan, (finding) => isMeant(finding, plan)).slice(0, MOST_FINDINGS);
  const findings = [...bySchema, ...findMisplaced(plan), ...findWithoutAddress(plan)];
  const unknown = findings.filter((finding) => finding.kind === 'unknown-key');
  return (
    findings
      .map((finding) => (finding.kind === 'missing-keys' ? withoutMisspelled(finding, unknown) : finding))
      .filter((finding) => finding.kind !== 'missing-keys' || finding.keys.length > 0)
      // What stands under an unknown key was checked as another alternative.
      .filter(({ path }) => !unknown.some((other) => startsWith(path, [...other.path, other.key])))
  );
};

/** `source`, `target` or `replica`. */
export const nameConnection = ([first = '']: readonly string[]): string =>
  first === REPLICAS[0] ? 'replica' : first;

export const isConnectionPath = (path: readonly string[]): boolean =>
  path.length === 1
    ? ROLES.some((role) => role === path[0])
    : path.length === REPLICAS.length + 1 && startsWith(path, REPLICAS);

export const isEntryPath = (path: readonly string[]): boolean => path.length === 2 && path[0] === 'databases';

const isMeant = ({ path, schema: { definition, properties } }: Finding, plan: unknown): boolean => {
  if (isConnectionPath(path)) {
    const connection = readPath(plan, path);
    if (typeof connection === 'string') return definition === 'connectionName';
    return isRecord(connection) && definition !== 'connectionName';
  }
  // Rules are read by a reader of their own, which knows their names.
  if (path.length > 2 && startsWith(path, ['mask', 'columns'])) return false;
  if (isHookPath(path)) return isMeantHook(readPath(plan, path), definition, properties);
  if (!isEntryPath(path)) return true;
  const entry = readPath(plan, path);
  if (!isRecord(entry)) return false;
  return definition === ('match' in entry && !('name' in entry) ? 'matchedDatabases' : 'namedDatabase');
};

const isHookPath = (path: readonly string[]): boolean =>
  path.at(-3) === 'hooks' && (path.length === 3 || isEntryPath(path.slice(0, -3)));

/** A statement, or what it is for with a statement under `run` or `none`. */
const isMeantHook = (
  hook: unknown,
  definition: string | undefined,
  properties: SchemaNode['properties'] = {},
): boolean => {
  if (!isRecord(hook)) return definition === 'hookStatement';
  return ('none' in hook ? 'none' : 'run') in properties;
};

/** Values that are none of the alternatives. */
const findMisplaced = (plan: unknown): readonly Finding[] => {
  if (!isRecord(plan)) return [];
  const databases: readonly unknown[] = Array.isArray(plan['databases']) ? plan['databases'] : [];
  return [
    ...listConnectionPaths(plan)
      .map((path) => ({ path, actual: readPath(plan, path) }))
      .filter(({ actual }) => typeof actual !== 'string' && !isRecord(actual))
      .map(({ path, actual }) => ({
        kind: 'wrong-value' as const,
        path,
        schema: {
          expected: 'the name of a connection, or a connection written out (name, host, user)',
        },
        actual,
      })),
    ...[...databases.entries()]
      .filter(([, entry]) => !isRecord(entry))
      .map(([index, actual]) => ({
        kind: 'wrong-value' as const,
        path: ['databases', String(index)],
        schema: { expected: 'written as name: or match:' },
        actual,
      })),
  ];
};

const findWithoutAddress = (plan: unknown): readonly Finding[] =>
  listConnectionPaths(plan)
    .filter((path) => {
      const connection = readPath(plan, path);
      return isRecord(connection) && !('host' in connection) && !('socket' in connection);
    })
    .map((path) => ({ kind: 'missing-keys', path, keys: ['host'], schema: {} }));

type UnknownKey = Extract<Finding, { readonly kind: 'unknown-key' }>;
type MissingKeys = Extract<Finding, { readonly kind: 'missing-keys' }>;

/** Of these keys one is enough. */
const ALTERNATIVE_KEYS: Readonly<Record<string, readonly string[]>> = {
  host: ['host', 'socket'],
  name: ['name', 'match'],
};

const withoutMisspelled = (missing: MissingKeys, unknown: readonly UnknownKey[]): MissingKeys => {
  const beside = unknown.filter(({ path }) => pathKey(path) === pathKey(missing.path));
  const isMisspelled = (key: string): boolean =>
    beside.some((other) => suggestNearest(other.key, ALTERNATIVE_KEYS[key] ?? [key]) !== undefined);
  return { ...missing, keys: missing.keys.filter((key) => !isMisspelled(key)) };
};

const startsWith = (path: readonly string[], start: readonly string[]): boolean =>
  path.length >= start.length && start.every((step, index) => path[index] === step);
