import { literalPartsOf } from '../../core/interpolation.js';
import { isScratchDatabase, isSystemDatabase } from '../../core/names.js';
import { isRecord, readPath } from './interpolate-values.js';
import type { PlacedComplaint } from './locate.js';
import { listConnectionPaths, nameConnection } from './plan-findings.js';

/**
 * Rules of a sync plan that a schema cannot say, over values that may be of any shape. `written` is the plan before
 * variables are replaced: only it tells whether a password is in the file.
 */
export const findBrokenRules = (written: unknown, replaced: unknown): readonly PlacedComplaint[] => {
  if (!isRecord(written) || !isRecord(replaced)) return [];
  return [
    ...listConnectionPaths(written).flatMap((path) => [
      ...checkPassword(path, readPath(written, path)),
      ...checkAddress(path, readPath(written, path)),
    ]),
    ...checkNames(entriesOf(replaced)),
    ...checkTargets(entriesOf(replaced)),
  ];
};

const checkPassword = (at: readonly string[], connection: unknown): readonly PlacedComplaint[] => {
  if (!isRecord(connection)) return [];
  const { password } = connection;
  if (password === undefined || password === null) return [];
  if (typeof password === 'string' && literalPartsOf(password) === '') return [];
  const isDefault = typeof password === 'string' && /^\$\{\w+:-[^}]*\}$/.test(password);
  return [
    {
      code: 'PLAN_LITERAL_SECRET',
      path: [...at, 'password'],
      mark: 'key',
      message: isDefault
        ? 'the default of this variable is a password written out in the plan'
        : 'a password is written out in the plan',
      hint: `write password: "\${${variableFor(connection['name'], nameConnection(at))}}"`,
    },
  ];
};

/** `PROD_EU_PASSWORD` for a connection named `prod-eu`. */
const variableFor = (name: unknown, otherwise: string): string => {
  const word = typeof name === 'string' && !name.includes('$') ? name : otherwise;
  return `${word
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, '_')
    .replace(/^(?=\d)/, '_')}_PASSWORD`;
};

const checkAddress = (at: readonly string[], connection: unknown): readonly PlacedComplaint[] =>
  isRecord(connection) && 'host' in connection && 'socket' in connection
    ? [
        {
          code: 'PLAN_SCHEMA',
          path: [...at, 'socket'],
          mark: 'key',
          message: `${nameConnection(at)} has both a host and a socket`,
          hint: 'keep one of them',
        },
      ]
    : [];

interface Entry {
  readonly index: number;
  readonly name: string;
  readonly as: string | undefined;
}

const entriesOf = ({ databases }: Readonly<Record<string, unknown>>): readonly Entry[] =>
  (Array.isArray(databases) ? (databases as readonly unknown[]) : []).flatMap((entry, index) => {
    if (!isRecord(entry) || typeof entry['name'] !== 'string') return [];
    const { name, as } = entry;
    return [{ index, name, as: typeof as === 'string' ? as : undefined }];
  });

const checkNames = (entries: readonly Entry[]): readonly PlacedComplaint[] =>
  entries.flatMap(({ index, name, as }) => [
    ...checkName(name, ['databases', String(index), 'name']),
    ...(as === undefined ? [] : checkName(as, ['databases', String(index), 'as'])),
  ]);

const checkName = (name: string, path: readonly string[]): readonly PlacedComplaint[] => {
  const complaint = { code: 'PLAN_SCHEMA', path, mark: 'value' } as const;
  if (isSystemDatabase(name))
    return [{ ...complaint, message: `"${name}" belongs to the server itself and cannot be synced` }];
  if (isScratchDatabase(name))
    return [{ ...complaint, message: `"${name}" is a name for scratch databases of mysql-sync` }];
  return [];
};

const checkTargets = (entries: readonly Entry[]): readonly PlacedComplaint[] => {
  const first = new Map<string, number>();
  return entries.flatMap(({ index, name, as }) => {
    const target = as ?? name;
    const other = first.get(target);
    if (other === undefined) first.set(target, index);
    if (other === undefined) return [];
    return [
      {
        code: 'PLAN_SCHEMA',
        path: ['databases', String(index), as === undefined ? 'name' : 'as'],
        mark: 'value',
        message: `entries ${other + 1} and ${index + 1} both lead to "${target}" on the target`,
        hint: 'give one of them another name with "as"',
      },
    ];
  });
};
