import { readHost } from '../../core/server/host.js';
import { readSshHost } from '../../core/server/ssh-host.js';
import { literalPartsOf } from '../../core/plan/interpolation.js';
import { isScratchDatabase, isSystemDatabase } from '../../core/names.js';
import { readPath } from './interpolate-values.js';
import { isRecord } from '../../core/strict-json.js';
import type { PlacedComplaint } from './locate.js';
import { findBrokenHooks } from './hook-rules.js';
import { findBrokenMasks } from './mask-rules.js';
import { findBrokenPreserves } from './preserve-rules.js';
import { NOTIFY, listConnectionPaths, nameConnection } from './plan-findings.js';

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
      ...checkHost(path, readPath(replaced, path)),
      ...checkSsh(path, readPath(replaced, path)),
    ]),
    ...checkNotify(readPath(written, NOTIFY)),
    ...checkNames(entriesOf(replaced), written),
    ...checkTargets(entriesOf(replaced), written),
    ...findBrokenHooks(replaced),
    ...findBrokenMasks(written, replaced),
    ...findBrokenPreserves(replaced),
  ];
};

/** Of several variables the first could name a host, and send the others there. */
const checkNotify = (notify: unknown): readonly PlacedComplaint[] => {
  if (typeof notify !== 'string' || notify === '' || /^\$\{\w+(?::-|:\?[^}]*)?\}$/.test(notify)) return [];
  const isLiteral = literalPartsOf(notify) !== '';
  return [
    {
      code: isLiteral ? 'PLAN_LITERAL_SECRET' : 'PLAN_SCHEMA',
      path: NOTIFY,
      mark: 'key',
      message: isLiteral
        ? 'the URL of notify is written out in the plan, and whoever knows it can write there'
        : 'notify is one variable',
      hint: 'write notify: "${SLACK_WEBHOOK:-}"',
    },
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

const checkHost = (at: readonly string[], connection: unknown): readonly PlacedComplaint[] => {
  if (!isRecord(connection) || typeof connection['host'] !== 'string') return [];
  const { host } = connection;
  // A variable that is not set here, and what the schema says already.
  if (host.includes('${') || host === '') return [];
  const reading = readHost(host);
  if ('host' in reading) return [];
  const path = [...at, 'host'];
  return [{ code: 'PLAN_SCHEMA', path, mark: 'value', message: reading.problem, hint: 'host: db.example' }];
};

const checkSsh = (at: readonly string[], connection: unknown): readonly PlacedComplaint[] => {
  if (!isRecord(connection) || typeof connection['ssh'] !== 'string') return [];
  const { ssh } = connection;
  const path = [...at, 'ssh'];
  const complaint = { code: 'PLAN_SCHEMA', path, hint: 'ssh: bastion.example' } as const;
  if ('socket' in connection)
    return [
      { ...complaint, mark: 'key', message: `${nameConnection(at)} has both a socket and an SSH host` },
    ];
  if (ssh.includes('${') || ssh === '') return [];
  const reading = readSshHost(ssh);
  return 'problem' in reading ? [{ ...complaint, mark: 'value', message: reading.problem }] : [];
};

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

/** What came from the environment is shown as the plan writes it. */
const showWritten = (written: unknown, path: readonly string[], value: string): string => {
  const text = readPath(written, path);
  return typeof text === 'string' ? text : value;
};

const checkNames = (entries: readonly Entry[], written: unknown): readonly PlacedComplaint[] =>
  entries.flatMap(({ index, name, as }) => [
    ...checkName(name, ['databases', String(index), 'name'], written),
    ...(as === undefined ? [] : checkName(as, ['databases', String(index), 'as'], written)),
  ]);

const checkName = (name: string, path: readonly string[], written: unknown): readonly PlacedComplaint[] => {
  const shown = showWritten(written, path, name);
  const complaint = { code: 'PLAN_SCHEMA', path, mark: 'value' } as const;
  if (isSystemDatabase(name))
    return [{ ...complaint, message: `"${shown}" belongs to the server itself and cannot be synced` }];
  if (isScratchDatabase(name))
    return [{ ...complaint, message: `"${shown}" is a name for scratch databases of mysql-sync` }];
  return [];
};

const checkTargets = (entries: readonly Entry[], written: unknown): readonly PlacedComplaint[] => {
  const first = new Map<string, number>();
  return entries.flatMap(({ index, name, as }) => {
    const target = as ?? name;
    const other = first.get(target);
    if (other === undefined) first.set(target, index);
    if (other === undefined) return [];
    const path = ['databases', String(index), as === undefined ? 'name' : 'as'];
    return [
      {
        code: 'PLAN_SCHEMA',
        path,
        mark: 'value',
        message: `entries ${other + 1} and ${index + 1} both lead to "${showWritten(written, path, target)}" on the target`,
        hint: 'give one of them another name with "as"',
      },
    ];
  });
};
