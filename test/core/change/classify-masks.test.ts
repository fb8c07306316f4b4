import { describe, expect, test } from 'vitest';
import { acceptColumns } from '../../../src/core/change/judge-lock.js';
import { classifyColumns } from '../../../src/core/change/classify-masks.js';
import type { FilledTable } from '../../../src/core/change/classified-column.js';
import { diffInventories } from '../../../src/core/change/diff.js';
import { listFilledTables } from '../../../src/core/change/plan-masks.js';
import {
  type LockedColumn,
  type MaskLock,
  describeDecision,
  isWeaker,
} from '../../../src/core/mask/mask-lock.js';
import { toDatabaseName, toTableName } from '../../../src/core/names.js';
import type { ResolvedOptions, SelectionRules } from '../../../src/core/plan/resolved-plan.js';
import type {
  ColumnInventory,
  DatabaseInventory,
  TableInventory,
} from '../../../src/core/server/inventory.js';
import type { MaskDecision } from '../../../src/core/mask/mask-rule.js';
import { resolveMask } from '../../../src/engine/resolve-mask.js';
import type { MaskRules } from '../../../src/core/plan/sync-plan.js';
import { NOTHING_LEFT, aDatabase, aPlan, aTable, someFacts, someRules } from '../../support/inventory.js';

const aColumn = (name: string, overrides: Partial<ColumnInventory> = {}): ColumnInventory => ({
  name,
  dataType: 'varchar',
  columnType: 'varchar(200)',
  charset: 'utf8mb4',
  collation: 'utf8mb4_general_ci',
  isGenerated: false,
  primaryKeyPosition: undefined,
  ...overrides,
});

const INT = { dataType: 'int', columnType: 'int(11)', charset: undefined, collation: undefined };

const aKey = (
  own: string,
  table: string,
  referenced: string,
  database = 'shop',
): TableInventory['foreignKeys'][number] => ({
  name: `${own}_key`,
  referencedDatabase: toDatabaseName(database),
  referencedTable: toTableName(table),
  columns: [{ own, referenced }],
});

const USERS = aTable('users', {
  columns: [
    aColumn('id', INT),
    aColumn('Email'),
    aColumn('nick'),
    aColumn('upper', { isGenerated: true }),
    aColumn('shape', { dataType: 'geometry', columnType: 'geometry', isNotNull: true }),
  ],
  uniqueKeys: [
    { name: 'PRIMARY', columns: ['id'] },
    { name: 'mail', columns: ['Email'] },
  ],
});
const ORDERS = aTable('orders', {
  columns: [aColumn('user_id', INT), aColumn('total', INT)],
  foreignKeys: [aKey('user_id', 'users', 'ID')],
});
const LINES = aTable('lines', {
  columns: [aColumn('a', INT), aColumn('order_user', INT)],
  foreignKeys: [aKey('order_user', 'orders', 'user_id')],
});

const KEY = 'canary-key-0123456789';
const maskOf = (rules: Omit<MaskRules, 'key'>) => resolveMask({ key: KEY, ...rules });

const filled = (...tables: readonly TableInventory[]): readonly FilledTable[] =>
  tables.map((table) => ({ database: toDatabaseName('shop'), table }));

const classify = (rules: Omit<MaskRules, 'key'>, tables = filled(USERS, ORDERS, LINES)) => {
  const { columns, conflicts } = classifyColumns(maskOf(rules), tables);
  return {
    decided: columns.flatMap(({ table, column, decided }) =>
      decided ? [`${table}.${column.name} ${describeDecision(decided.decision)} by ${decided.by}`] : [],
    ),
    conflicts: conflicts.map(({ message }) => message),
  };
};

describe('classifyColumns', () => {
  test('takes the first pattern that matches, in upper and lower case', () => {
    expect(
      classify({ columns: { '*.EMAIL': 'email', '*mail*': 'keep', 'shop.users.n*': { ends: 2 } } }),
    ).toEqual({
      decided: ['users.Email email by rule', 'users.nick {"ends":2} by rule'],
      conflicts: [],
    });
  });

  test('lets foreign keys follow, over several tables', () => {
    expect(classify({ columns: { 'users.id': 'id' } })).toEqual({
      decided: ['users.id id by rule', 'orders.user_id id by key', 'lines.order_user id by key'],
      conflicts: [],
    });
  });

  test('lets no foreign key follow what is not of the value alone', () => {
    const { decided } = classify({ columns: { 'users.id': { sql: 'id + 1' }, nick: null } });
    expect(decided).toEqual(['users.id {"sql":"id + 1"} by rule', 'users.nick null by rule']);
  });

  const LOG = aTable('log', {
    columns: [aColumn('customer_ref', INT), aColumn('mail', { columnType: 'varchar(40)' })],
  });

  test('lets a column follow another that no foreign key refers to', () => {
    const columns = {
      '*.customer_ref': { follows: 'users.ID' },
      '*mail': { follows: 'shop.users.Email' },
      'users.id': 'id',
      'users.email': 'token',
    };
    expect(classify({ columns }, filled(LOG, USERS))).toEqual({
      decided: [
        'log.customer_ref id by key',
        'log.mail token by key',
        'users.id id by rule',
        'users.Email token by rule',
      ],
      conflicts: [
        'shop.log.mail follows shop.users.Email, and token gives varchar(40) another value than varchar(200)',
      ],
    });
  });

  test('lets a column follow what is kept, what is constant and what is not copied', () => {
    const columns = { customer_ref: { follows: 'users.id' }, mail: { follows: 'users.nick' }, nick: null };
    expect(classify({ columns: { ...columns, 'users.id': 'keep' } }, filled(LOG, USERS)).decided).toContain(
      'log.customer_ref keep by key',
    );
    expect(classify({ columns }, filled(LOG, USERS)).decided).toContain('log.mail null by key');
    expect(classify({ columns: { ...columns, 'users.id': 'id' } }, filled(LOG)).decided).toContain(
      'log.customer_ref id by rule',
    );
    // Two that follow each other have no mask.
    const circle = { customer_ref: { follows: 'users.id' }, 'users.id': { follows: 'log.customer_ref' } };
    expect(classify({ columns: circle }, filled(LOG, USERS)).decided).toEqual([]);
    const byType = classify(
      { columns: { customer_ref: { follows: 'users.id' } }, unclassified: 'mask' },
      filled(LOG, USERS),
    );
    expect(byType.decided[0]).toBe('log.customer_ref id by key');
  });

  test('lets no column follow what is made of the row', () => {
    const columns = { customer_ref: { follows: 'users.id' }, 'users.id': { sql: 'id + 1' } };
    expect(classify({ columns }, filled(LOG, USERS))).toEqual({
      decided: ['users.id {"sql":"id + 1"} by rule'],
      conflicts: [
        'shop.log.customer_ref follows shop.users.id, whose mask (sql) is not made of the value alone',
      ],
    });
    // Nor where the other is not copied: its expression would read columns of this table.
    expect(classify({ columns }, filled(LOG)).decided).toEqual([]);
  });

  test('takes what the plan says to follow before what a foreign key refers to', () => {
    const columns = { user_id: { follows: 'log.customer_ref' }, customer_ref: 'number', 'users.id': 'id' };
    expect(classify({ columns }, filled(LOG, USERS, ORDERS)).conflicts).toEqual([
      'shop.orders.user_id refers to shop.users.id, and their masks differ (number, and id)',
    ]);
  });

  test('finds keys whose types do not have the same masks', () => {
    const parent = aTable('p', { columns: [aColumn('code', { columnType: 'varchar(20)' })] });
    const child = aTable('c', {
      columns: [aColumn('code', { columnType: 'varchar(30)' })],
      foreignKeys: [aKey('code', 'p', 'code')],
    });
    const conflictsOf = (rule: string) =>
      classify({ columns: { 'p.code': rule } }, filled(child, parent)).conflicts;
    expect(conflictsOf('token')).toEqual([
      'shop.c.code refers to shop.p.code, and token gives varchar(30) another value than varchar(20)',
    ]);
    expect(conflictsOf('digits')).toEqual([]);
  });

  test('lets each column of a composite key follow its own', () => {
    const parent = aTable('p', {
      columns: [aColumn('a', INT), aColumn('b')],
      uniqueKeys: [{ name: 'ab', columns: ['a', 'b'] }],
    });
    const child = aTable('c', {
      columns: [aColumn('x'), aColumn('y', INT)],
      foreignKeys: [
        {
          ...aKey('y', 'p', 'a'),
          columns: [
            { own: 'y', referenced: 'a' },
            { own: 'x', referenced: 'b' },
          ],
        },
      ],
    });
    expect(classify({ columns: { 'p.a': 'id', 'p.b': 'token' } }, filled(child, parent)).decided).toEqual([
      'c.x token by key',
      'c.y id by key',
      'p.a id by rule',
      'p.b token by rule',
    ]);
  });

  const REFERS = 'shop.orders.user_id refers to shop.users.id';

  test.each<[string, Omit<MaskRules, 'key'>, string]>([
    [
      'another mask',
      { columns: { 'users.id': 'id', user_id: 'number' } },
      'and their masks differ (number, and id)',
    ],
    [
      'a kept child',
      { columns: { 'users.id': 'id', '*_id': 'keep' } },
      'and their masks differ (keep, and id)',
    ],
    [
      'a kept parent',
      { columns: { 'users.id': 'keep', '*_id': 'id' } },
      'and their masks differ (id, and keep)',
    ],
    [
      'rows that stay as they are',
      { columns: { 'users.id': 'id' }, unless: { 'shop.use*': 'id < 9' } },
      'both are masked, and some rows of shop.users stay as they are (mask.unless)',
    ],
  ])('finds rows that would refer to nothing: %s', (_name, rules, message) => {
    expect(classify(rules, filled(USERS, ORDERS)).conflicts).toEqual([`${REFERS}, ${message}`]);
  });

  test('lets NULL refer to nothing', () => {
    expect(
      classify({ columns: { 'users.id': 'id', user_id: null } }, filled(USERS, ORDERS)).conflicts,
    ).toEqual([]);
  });

  test('masks what is unclassified by its type, and what refers to it alike', () => {
    expect(classify({ columns: { nick: 'keep' }, unclassified: 'mask' }).decided).toEqual([
      'users.id id by type',
      'users.Email token by type',
      'users.nick keep by rule',
      'orders.user_id id by key',
      'orders.total number by type',
      'lines.a number by type',
      'lines.order_user id by key',
    ]);
  });
});

const plan = (
  rules: Omit<MaskRules, 'key'>,
  {
    databases = [aDatabase('shop', [USERS, ORDERS])],
    tables = {},
    options = {},
    ofPlan = 'all',
    refused = false,
    lock: edit = (columns) => columns,
    version = [10, 11, 6],
  }: {
    readonly databases?: readonly DatabaseInventory[];
    readonly tables?: Partial<SelectionRules['tables']>;
    readonly options?: Partial<ResolvedOptions>;
    readonly ofPlan?: 'all' | 'some';
    readonly refused?: boolean;
    /** From what was accepted of these rules; null is no file. */
    readonly version?: readonly [number, number, number];
    readonly lock?: ((columns: MaskLock['columns']) => MaskLock['columns']) | null;
  } = {},
) => {
  const unlocked = maskOf(rules);
  const shared = someRules({
    tables: { only: [], exclude: [], structure_only: [], external: [], where: {}, preserve: {}, ...tables },
  });
  const chosen = databases.map(({ name }) => ({ from: name, to: name, rules: shared }));
  const filledTables = listFilledTables(chosen, databases);
  const { columns } = classifyColumns(unlocked, filledTables);
  const mask = {
    ...unlocked,
    ...(edit && {
      lock: {
        path: 'nightly.mask.lock.yaml',
        digest: 'd',
        columns: edit(acceptColumns(undefined, columns, () => false, undefined)),
      },
    }),
  };
  const found = classifyColumns(mask, filledTables);
  const masks = {
    ...found,
    mask,
    ofPlan,
    refused: refused
      ? [
          {
            database: toDatabaseName('shop'),
            table: toTableName('users'),
            what: 'mask.unless',
            condition: 'x',
            reason: 'no x',
          },
        ]
      : [],
  };
  return diffInventories(
    aPlan({ mask, options: { ...aPlan().options, engine: 'native', ...options } }),
    chosen,
    {
      server: someFacts('a', { tlsVersion: 'TLSv1.3', flavor: { vendor: 'mariadb', version } }),
      databases,
    },
    { server: someFacts('b', { tlsVersion: 'TLSv1.3' }), databases: [] },
    { ...NOTHING_LEFT, masks },
  );
};

const ALL = { '*': 'keep' } as const;

const editLine =
  (name: string, change: (line: LockedColumn) => LockedColumn | undefined) =>
  (columns: MaskLock['columns']): MaskLock['columns'] =>
    new Map(
      [...columns].flatMap(([key, line]) => {
        const changed = key === name ? change(line) : line;
        return changed ? [[key, changed]] : [];
      }),
    );

describe('the change set of a plan with masks', () => {
  test('has the masks of each table, and counts', () => {
    const changeSet = plan({
      columns: { email: 'email', ...ALL },
      unless: { users: "email LIKE '%@example.com'" },
    });
    const [change] = changeSet.databases;
    expect(change?.action).toBe('create');
    expect(change?.mask).toEqual({ masked: 1, kept: 5, undecided: 0 });
    expect(change?.tables.map(({ masks }) => masks)).toEqual([
      {
        columns: [{ column: 'Email', rule: { kind: 'email' } }],
        unless: "email LIKE '%@example.com'",
      },
      undefined,
    ]);
    expect(JSON.stringify(changeSet)).not.toContain(KEY);
  });

  test('asks for no decision about what gets no rows', () => {
    const change = plan({ columns: { 'orders.*': 'keep' } }, { tables: { structure_only: ['users'] } })
      .databases[0];
    expect(change?.mask).toEqual({ masked: 0, kept: 2, undecided: 0 });
    expect(change?.action).toBe('create');
  });

  const hazardsOf = (...args: Parameters<typeof plan>): readonly string[] => {
    const { hazards, databases } = plan(...args);
    return [...hazards, ...databases.flatMap((change) => change.hazards)].map(
      ({ code, severity, message }) => `${code} ${severity}: ${message}`,
    );
  };

  test.each<[string, Parameters<typeof plan>, readonly unknown[]]>([
    [
      'a column that nobody decided',
      [{ columns: { 'users.*': 'keep', user_id: 'keep' } }],
      ['MASK_UNDECIDED blocks: 1 column is neither masked nor kept: shop.orders.total'],
    ],
    [
      'a name that no column has',
      [{ columns: { 'users.emial': 'email', ...ALL } }],
      [
        'MASK_UNMATCHED blocks: mask.columns: no table of the plan has users.emial; did you mean "users.Email"?',
      ],
    ],
    [
      'that name, where not all of the plan was read',
      [{ columns: { 'users.emial': 'email', ...ALL } }, { ofPlan: 'some' }],
      [],
    ],
    [
      'a column that follows none',
      [{ columns: { user_id: { follows: 'users.di' }, ...ALL } }],
      [
        'MASK_UNMATCHED blocks: mask.columns: user_id follows shop.users.di, which is no column of the plan; did you mean "users.id"?',
      ],
    ],
    [
      'a glob that matches nothing',
      [{ columns: { '*phone*': 'phone', ...ALL } }],
      ['MASK_UNMATCHED note: mask.columns: *phone* matches no column'],
    ],
    [
      'a pack of another application',
      [{ rules: ['wordpress'], columns: ALL }],
      ['MASK_UNMATCHED blocks: mask.rules: no table of the plan has a column that wordpress is for'],
    ],
    [
      'that pack, where not all of the plan was read',
      [{ rules: ['wordpress'], columns: ALL }, { ofPlan: 'some' }],
      [],
    ],
    ['a pack of which a part is there', [{ rules: ['laravel'], columns: ALL }], []],
    [
      'a generated column',
      [{ columns: { 'users.upper': 'email', ...ALL } }],
      [
        'MASK_UNMATCHED blocks: mask.columns: users.upper is a generated column, which the target computes again',
      ],
    ],
    [
      'the dump engine',
      [{ columns: ALL }, { options: { engine: 'dump' } }],
      ['MASK_IN_DUMP blocks: the dump engine cannot replace values on their way'],
    ],
    [
      'counts alone',
      [{ columns: ALL }, { options: { verify: 'counts' } }],
      ['MASK_UNVERIFIED blocks: a masked copy is compared by digests, and the plan asks for counts'],
    ],
    [
      'SQL that the source does not take',
      [{ columns: ALL }, { refused: true }],
      ['MASK_REFUSED blocks: the source refuses mask.unless for users: no x'],
    ],
    [
      'a mask that does not fit',
      [{ columns: { 'users.shape': 'email', ...ALL } }],
      [expect.stringContaining('MASK_UNFIT blocks: shop.users.shape cannot be masked by email: ')],
    ],
    [
      'elements of arrays, where the source cannot read them',
      [
        { columns: { 'logs.doc': { json: { '$.to[*]': 'email' } } } },
        {
          databases: [
            aDatabase('shop', [
              aTable('logs', { columns: [aColumn('doc', { dataType: 'text', columnType: 'text' })] }),
            ]),
          ],
          version: [10, 5, 29],
        },
      ],
      [
        'MASK_UNFIT blocks: [*], id, number and date within JSON need MySQL 8.0.4 or MariaDB 10.6 as the source: shop.logs.doc',
      ],
    ],
    [
      'no lock',
      [{ columns: ALL }, { lock: null }],
      ['MASK_NO_LOCK blocks: there is no nightly.mask.lock.yaml, which holds the decision on each column'],
    ],
    [
      'a column that the lock has not',
      [{ columns: ALL }, { lock: editLine('shop.users.nick', () => undefined) }],
      ['MASK_NEW blocks: 1 column is not in the lock file: shop.users.nick'],
    ],
    [
      'a type that changed',
      [{ columns: ALL }, { lock: editLine('shop.users.email', (line) => ({ ...line, type: 'int(11)' })) }],
      [
        'MASK_CHANGED blocks: 1 column has changed since it was accepted: shop.users.Email (int(11), now varchar(200), unique)',
      ],
    ],
    [
      'a weaker mask',
      [
        { columns: ALL },
        { lock: editLine('shop.users.nick', (line) => ({ ...line, decision: { kind: 'ends', keep: 2 } })) },
      ],
      [
        'MASK_WEAKER blocks: 1 column has a weaker mask than was accepted: shop.users.nick ({"ends":2}, now keep)',
      ],
    ],
    [
      'nothing, where the mask became stronger',
      [
        { columns: { nick: { ends: 2 }, ...ALL } },
        { lock: editLine('shop.users.nick', (line) => ({ ...line, decision: { kind: 'keep' } })) },
      ],
      [],
    ],
    [
      'nothing, where the lock keeps what no rule is for',
      [
        { columns: { 'users.*': 'keep', user_id: 'keep' } },
        {
          lock: (columns) =>
            new Map([
              ...columns,
              ['shop.orders.total', { decision: { kind: 'keep' }, type: 'int(11)', isUnique: false }],
            ]),
        },
      ],
      [],
    ],
    [
      'a kept column that no rule is for, and that changed',
      [
        { columns: { 'users.*': 'keep', user_id: 'keep' } },
        {
          lock: (columns) =>
            new Map([
              ...columns,
              ['shop.orders.total', { decision: { kind: 'keep' }, type: 'text', isUnique: false }],
            ]),
        },
      ],
      [
        'MASK_CHANGED blocks: 1 column has changed since it was accepted: shop.orders.total (text, now int(11))',
      ],
    ],
    [
      'keys whose masks differ',
      [{ columns: { 'users.id': 'id', ...ALL } }],
      [
        'MASK_CONFLICT blocks: shop.orders.user_id refers to shop.users.id, and their masks differ (keep, and id)',
      ],
    ],
  ])('tells of %s', (_name, args, hazards) => {
    expect(hazardsOf(...args)).toEqual(hazards);
  });
});

test.each<[MaskDecision, MaskDecision, boolean]>([
  [{ kind: 'keep' }, { kind: 'email' }, true],
  [{ kind: 'email' }, { kind: 'keep' }, false],
  [{ kind: 'email' }, { kind: 'token' }, false],
  [{ kind: 'email' }, { kind: 'null' }, true],
  [{ kind: 'ends', keep: 4 }, { kind: 'ends', keep: 2 }, true],
  [{ kind: 'ends', keep: 2 }, { kind: 'ends', keep: 4 }, false],
  [{ kind: 'digits' }, { kind: 'phone' }, true],
  [{ kind: 'digits' }, { kind: 'ends', keep: 4 }, true],
  [{ kind: 'phone' }, { kind: 'digits' }, false],
  [{ kind: 'date-to', unit: 'month' }, { kind: 'date-to', unit: 'year' }, true],
  [{ kind: 'sql', sql: 'a' }, { kind: 'sql', sql: 'b' }, true],
  [{ kind: 'sql', sql: 'a' }, { kind: 'sql', sql: 'a' }, false],
  [{ kind: 'sql', sql: 'a' }, { kind: 'email' }, true],
])('%j is weaker than %j: %s', (now, locked, weaker) => {
  expect(isWeaker(now, locked)).toBe(weaker);
});
