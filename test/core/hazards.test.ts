import { describe, expect, test } from 'vitest';
import type { Hazard } from '../../src/core/change/change-set.js';
import { diffInventories } from '../../src/core/change/diff.js';
import type {
  ColumnInventory,
  DatabaseInventory,
  EventInventory,
  Grants,
  Inventory,
  ServerFacts,
} from '../../src/core/server/inventory.js';
import { WRITING_TABLES } from '../../src/core/change/wanted-grants.js';
import { toDatabaseName, toTableName } from '../../src/core/names.js';
import type { Clocks } from '../../src/core/server/inventory.js';
import type { EngineName } from '../../src/core/plan/row-engines.js';
import type { DefinerRule, EventRule, RefreshRule } from '../../src/core/plan/sync-plan.js';
import {
  NOTHING_LEFT,
  aDatabase,
  aPlan,
  aProgram,
  aTable,
  someFacts,
  someRules,
} from '../support/inventory.js';

interface World {
  readonly source?: DatabaseInventory;
  readonly target?: DatabaseInventory;
  readonly sourceServer?: Partial<ServerFacts>;
  readonly targetServer?: Partial<ServerFacts>;
  readonly tables?: Partial<{
    exclude: string[];
    structure_only: string[];
    where: Record<string, string>;
    preserve: Record<string, string>;
  }>;
  readonly engine?: 'dump' | 'native';
  readonly verify?: 'digest' | 'counts';
  readonly definers?: DefinerRule;
  readonly refresh?: RefreshRule;
  readonly targetAccounts?: readonly string[];
  readonly events?: EventRule;
  readonly clocks?: Clocks;
  /** Null: nobody may see them. */
  readonly rights?: ReadonlyMap<string, Grants> | null;
  readonly tablesElsewhere?: Inventory['tablesElsewhere'];
  readonly unableToExecute?: Inventory['unableToExecute'];
}

/** Servers without TLS have a note of their own. */
const ENCRYPTED = { tlsVersion: 'TLSv1.3' } as const;

const plain = aDatabase('shop', [aTable('orders')]);

const hazardsOf = ({
  source = plain,
  target,
  sourceServer,
  targetServer,
  tables,
  engine = 'dump',
  verify = 'digest',
  definers = 'keep',
  refresh = 'full',
  targetAccounts,
  events = 'as_source',
  clocks = new Map([['SYSTEM', '2030-01-01 12:00:00']]),
  rights = new Map(),
  tablesElsewhere = new Map(),
  unableToExecute = new Map(),
}: World): readonly Hazard[] => {
  const changeSet = diffInventories(
    aPlan({ options: { ...aPlan().options, engine, verify, definers, events, refresh } }),
    [
      {
        from: source.name,
        to: source.name,
        rules: someRules({
          tables: {
            only: [],
            exclude: [],
            structure_only: [],
            external: [],
            where: {},
            preserve: {},
            ...tables,
          },
        }),
      },
    ],
    { server: someFacts('a', { ...ENCRYPTED, ...sourceServer }), databases: [source] },
    {
      server: someFacts('b', { ...ENCRYPTED, ...targetServer }),
      databases: target ? [target] : [],
      ...(targetAccounts && { accounts: new Set(targetAccounts) }),
      clocks,
      tablesElsewhere,
      unableToExecute,
      ...(rights && { rights }),
    },
    NOTHING_LEFT,
  );
  return [...changeSet.hazards, ...(changeSet.databases[0]?.hazards ?? [])];
};

const aColumn = (overrides: Partial<ColumnInventory>): ColumnInventory => ({
  name: 'c',
  dataType: 'int',
  columnType: 'int(11)',
  charset: undefined,
  collation: undefined,
  isGenerated: false,
  primaryKeyPosition: undefined,
  ...overrides,
});

const aKey = (referencedTable: string, referencedDatabase = 'shop') => ({
  name: 'fk',
  referencedDatabase: toDatabaseName(referencedDatabase),
  referencedTable: toTableName(referencedTable),
});

/** What was found in a table that is copied, in one that is not, and in a program that there is not. */
const betweenVendors = (engine: EngineName): World => {
  const owner = { kind: 'table', name: toTableName('t') } as const;
  const [other, gone] = [{ ...owner, name: toTableName('left') }, { kind: 'view', name: 'v' } as const];
  const what = 'type uuid';
  return {
    engine,
    source: aDatabase('shop', [aTable('t'), aTable('left')], {
      conversion: {
        notes: [{ owner, place: 't, key k', before: 'IGNORED', after: 'INVISIBLE' }],
        refusals: [
          { owner, place: 't.a', what },
          { owner, place: 't.b', what },
          { owner: other, place: 'left.a', what },
          { owner: gone, place: 'view v', what },
        ],
      },
    }),
    targetServer: { flavor: { vendor: 'mysql', version: [9, 7, 0] } },
    tables: { exclude: ['left'] },
  };
};

/** What the target's account needs anyway. */
const EVERYDAY = ['SELECT', 'INSERT', 'CREATE', 'DROP', 'ALTER', 'INDEX', 'REFERENCES', 'SHOW VIEW'];

test('definers that exist, or are the own account, are nothing to say', () => {
  const source = aDatabase('shop', [], {
    programs: [aProgram('view', 'v'), aProgram('view', 'w', { definer: 'sync@%' })],
  });
  for (const definers of ['keep', 'refuse'] as const)
    expect(hazardsOf({ source, definers, targetAccounts: ['root@localhost'] })).toEqual([]);
});

const withEvent = (overrides: Partial<EventInventory> = {}): DatabaseInventory =>
  aDatabase('shop', [], {
    programs: [
      aProgram('event', 'nightly', {
        event: {
          state: 'enabled',
          schedule: 'EVERY 1 DAY STARTS 2030-01-02 03:00:00',
          timeZone: 'SYSTEM',
          isPreserved: false,
          ...overrides,
        },
      }),
    ],
  });

test('events that are switched off, or belong to no copied database, are nothing to say', () => {
  expect(hazardsOf({ source: withEvent({ state: 'disabled' }) })).toEqual([]);
  expect(hazardsOf({ source: withEvent({ state: 'disabled-on-replica' }) })).toEqual([]);
  expect(hazardsOf({ source: withEvent(), events: 'disabled' })).toEqual([]);
});

test('programs that name their own database by a copy of another name', () => {
  const names = { named: [], unclear: [], isInText: false };
  const source = aDatabase('shop', [], {
    programs: [
      aProgram('procedure', 'p', { definer: 'sync@%', ownNames: { ...names, named: ['shop.a', 'shop.b'] } }),
      aProgram('procedure', 'q', { definer: 'sync@%', ownNames: { ...names, unclear: ['shop.c'] } }),
      aProgram('procedure', 'r', { definer: 'sync@%', ownNames: { ...names, isInText: true } }),
      aProgram('procedure', 's', { definer: 'sync@%', ownNames: names }),
    ],
  });
  expect(hazardsOf({ source }).map(({ code, severity, message }) => [code, severity, message])).toEqual([
    [
      'OWN_NAME_UNCLEAR',
      'blocks',
      'procedure q names shop.c, and it is not clear whether shop is the database there',
    ],
    [
      'OWN_NAME_CHANGED',
      'note',
      'in the copy, these programs name shop instead of shop: procedure p (shop.a and shop.b)',
    ],
    ['OWN_NAME_IN_TEXT', 'note', 'strings in these programs mention shop and stay as they are: procedure r'],
  ]);
});

test('the rights of a definer count outside of the database that is copied, and where its rights are used', () => {
  const sync: Grants = {
    global: new Set(['SET USER']),
    databases: new Map([
      ['shop', new Set(EVERYDAY)],
      ['mysql\\_sync\\_%', new Set([...EVERYDAY, 'DELETE'])],
    ]),
  };
  const found = (app: Partial<Grants>, isInvoker?: true) =>
    hazardsOf({
      source: aDatabase('shop', [], {
        programs: [aProgram('view', 'v', { definer: 'app@%', ...(isInvoker && { isInvoker }) })],
      }),
      targetServer: {
        grants: {
          ...sync,
          databases: new Map([...sync.databases, ['shop', new Set([...EVERYDAY, 'CREATE VIEW'])]]),
        },
      },
      rights: new Map([['app@%', { global: new Set<string>(), databases: new Map(), ...app }]]),
    }).filter(({ code }) => code === 'DEFINER_RIGHTS');
  expect(found({ databases: new Map([['shop', new Set(['ALL PRIVILEGES', 'GRANT OPTION'])]]) })).toEqual([]);
  expect(found({ databases: new Map([['payroll', new Set(['SELECT'])]]) })).toHaveLength(1);
  expect(found({ global: new Set(['SUPER']) })).toHaveLength(1);
  expect(found({ global: new Set(['SUPER']) }, true)).toEqual([]);
  expect(found({ roles: [{ global: new Set(['FILE']), databases: new Map() }] })).toHaveLength(1);
});

test('views that name what is not there, and not those that stay', () => {
  const elsewhere = { database: toDatabaseName('other'), name: toTableName('t') };
  const fault = "Key 'k' doesn't exist in table 't'";
  const found = hazardsOf({
    source: aDatabase('shop', [], {
      programs: [
        aProgram('view', 'hinted', { fault }),
        aProgram('view', 'reading', { readsElsewhere: [elsewhere] }),
        aProgram('view', 'fine', { readsElsewhere: [{ ...elsewhere, name: toTableName('there') }] }),
      ],
    }),
    target: aDatabase('shop', [], {
      programs: [aProgram('view', 'old', { fault }), aProgram('view', 'fine')],
    }),
    tablesElsewhere: new Map([[toDatabaseName('other'), new Set([toTableName('there')])]]),
  });
  expect(found.map(({ code, severity, message }) => [code, severity, message])).toEqual([
    ['BROKEN_VIEW', 'blocks', `view hinted cannot be made on the target, because it is broken: ${fault}`],
    ['BROKEN_VIEW', 'blocks', 'view reading cannot be made on the target: there is no other.t'],
    ['BROKEN_VIEW', 'blocks', `view old on the target could not be put back, because it is broken: ${fault}`],
  ]);
});

test('views that call what nobody may call on the target', () => {
  const source = aDatabase('shop', [], {
    programs: [
      aProgram('function', 'f', { definer: 'gone@%' }),
      aProgram('function', 'g', { definer: 'poor@%' }),
      aProgram('function', 'h', { definer: 'poor@%', isInvoker: true }),
      aProgram('function', 'own'),
      aProgram('view', 'v', { calls: ['F', 'g', 'h', 'own', 'elsewhere'] }),
    ],
  });
  const world = {
    source,
    targetAccounts: ['root@localhost', 'poor@%'],
    unableToExecute: new Map([[toDatabaseName('shop'), new Set(['poor@%'])]]),
  };
  const found = hazardsOf(world).filter(({ severity }) => severity === 'blocks');
  expect(found.map(({ message }) => message)).toEqual([
    'view v calls function f, whose definer gone@% does not exist on the target',
    'view v calls function g, whose definer poor@% may not execute it on the target',
  ]);
  expect(found[1]?.hint).toContain("GRANT EXECUTE ON `shop`.* TO 'poor'@'%';");
  expect(hazardsOf({ ...world, definers: 'current_user' }).map(({ code }) => code)).toEqual([
    'DEFINER_CHANGED',
  ]);
});

test('a role that the target does not have is refused, where accounts are only noted', () => {
  const programs = [
    aProgram('view', 'v', { definer: 'reader@' }),
    aProgram('view', 'w', { definer: 'app@%' }),
  ];
  const found = hazardsOf({ source: aDatabase('shop', [], { programs }), targetAccounts: [] });
  expect(found.map(({ code, severity, message }) => [code, severity, message])).toEqual([
    [
      'DEFINER_MISSING',
      'blocks',
      'roles that do not exist on the target, where they would become accounts: reader (view v)',
    ],
    ['DEFINER_MISSING', 'note', 'definers that do not exist on the target: app@% (view w)'],
  ]);
});

test('an ordinary database has none', () => {
  expect(hazardsOf({ target: plain })).toEqual([]);
});

describe('each rule', () => {
  const float = aColumn({ name: 'f', dataType: 'float', columnType: 'float' });
  const incoming = {
    name: 'fk',
    database: toDatabaseName('other'),
    table: toTableName('child'),
    referencedTable: toTableName('orders'),
  };
  const owned = aDatabase('shop', [], { programs: [aProgram('view', 'v')] });
  const poor = { grants: { global: new Set(['CREATE VIEW', ...EVERYDAY]), databases: new Map() } };
  test.each<[string, Hazard['severity'], RegExp, World]>([
    [
      'EVENTS_RUN',
      'note',
      /^events that run on the target: nightly, EVERY 1 DAY STARTS 2030-01-02 03:00:00 \(SYSTEM\), as root@localhost$/,
      { source: withEvent() },
    ],
    [
      'EVENTS_RUN',
      'note',
      /as sync@%$/,
      {
        source: withEvent({ state: 'disabled' }),
        target: withEvent(),
        events: 'disabled',
        definers: 'current_user',
      },
    ],
    [
      'EVENTS_WAIT',
      'note',
      /^event_scheduler is off on the target; when it is switched on, these events run: nightly$/,
      { source: withEvent(), targetServer: { runsEvents: false } },
    ],
    [
      'EVENTS_DISABLED',
      'blocks',
      /^event_scheduler is DISABLED on the target, where no events can be made: nightly$/,
      { source: withEvent(), targetServer: { settings: new Map([['event_scheduler', 'DISABLED']]) } },
    ],
    [
      'EVENTS_OVER',
      'note',
      /^events whose time has passed are not copied: nightly$/,
      { source: withEvent({ lastTime: '2029-01-01 00:00:00' }) },
    ],
    [
      'EVENTS_OVER',
      'note',
      /^events whose time has passed are switched off in the copy: nightly$/,
      { source: withEvent({ lastTime: '2029-01-01 00:00:00', isPreserved: true }) },
    ],
    [
      'UNKNOWN_TIME_ZONE',
      'blocks',
      /^time zones that the target does not know: event nightly \(Europe\/Brussels\)$/,
      { source: withEvent({ timeZone: 'Europe/Brussels' }) },
    ],
    [
      'DEFINER_RIGHTS',
      'note',
      /^definers with more rights on the target than sync@%: root@localhost \(event nightly\)$/,
      {
        source: withEvent(),
        targetServer: { grants: { global: new Set(['SELECT']), databases: new Map() } },
        rights: new Map([['root@localhost', { global: new Set(['ALL PRIVILEGES']), databases: new Map() }]]),
      },
    ],
    [
      'DEFINER_RIGHTS_UNKNOWN',
      'note',
      /^sync@% may not see the rights of other accounts on the target/,
      { source: withEvent(), rights: null },
    ],
    ['SAME_DATABASE', 'blocks', /would replace itself/, { targetServer: { identity: 'a' } }],
    ['TARGET_READ_ONLY', 'blocks', /@@read_only/, { targetServer: { isReadOnly: true } }],
    [
      'NO_EQUIVALENT',
      'blocks',
      /^t\.a, t\.b: type uuid has no equivalent in MySQL 9\.7\.0$/,
      betweenVendors('native'),
    ],
    ['CONVERTED', 'note', /^IGNORED becomes INVISIBLE: t, key k$/, betweenVendors('native')],
    ['DUMP_BETWEEN_VENDORS', 'blocks', /MariaDB 10\.11\.6 is not made for MySQL/, betweenVendors('dump')],
    [
      'INCOMING_FOREIGN_KEY',
      'blocks',
      /other\.child \(fk\) to gone/,
      {
        target: aDatabase('shop', [aTable('orders'), aTable('gone')], {
          outsideForeignKeys: [{ ...incoming, referencedTable: toTableName('gone') }],
        }),
      },
    ],
    [
      'INCOMING_FOREIGN_KEY',
      'note',
      /other\.child \(fk\)/,
      { target: aDatabase('shop', [aTable('orders')], { outsideForeignKeys: [incoming] }) },
    ],
    [
      'INCOMING_FOREIGN_KEY',
      'note',
      /log \(fk\)/,
      {
        target: aDatabase('shop', [aTable('orders'), aTable('log', { foreignKeys: [aKey('orders')] })]),
        tables: { exclude: ['log'] },
      },
    ],
    [
      'FOREIGN_KEY_TO_EXCLUDED',
      'blocks',
      /orders\.fk to users/,
      {
        source: aDatabase('shop', [aTable('users'), aTable('orders', { foreignKeys: [aKey('users')] })]),
        tables: { exclude: ['users'] },
      },
    ],
    [
      'UNKNOWN_DATA_TYPE',
      'blocks',
      /t\.c \(uuid\): data type unknown to MariaDB 10\.5/,
      {
        source: aDatabase('shop', [aTable('t', { columns: [aColumn({ dataType: 'uuid' })] })]),
        targetServer: { flavor: { vendor: 'mariadb', version: [10, 5, 23] } },
      },
    ],
    [
      'HISTORY_NOT_PORTABLE',
      'blocks',
      /^t \(system-versioned\): a dump does not carry their history from MariaDB .* to MariaDB 11\.8\.6$/,
      {
        source: aDatabase('shop', [aTable('t', { kind: 'system-versioned' })]),
        targetServer: { flavor: { vendor: 'mariadb', version: [11, 8, 6] } },
      },
    ],
    [
      'HISTORY_MARK',
      'note',
      /MariaDB 11\.8\.6: 2038-01-19 03:14:07\.999999 becomes 2106-02-07 06:28:15\.999999$/,
      {
        source: aDatabase('shop', [aTable('t', { kind: 'system-versioned' })]),
        targetServer: { flavor: { vendor: 'mariadb', version: [11, 8, 6] } },
        engine: 'native',
      },
    ],
    [
      'HISTORY_NOT_PORTABLE',
      'blocks',
      /MariaDB 10\.5\.23 cannot be given their history$/,
      {
        source: aDatabase('shop', [aTable('t', { kind: 'system-versioned' })]),
        targetServer: { flavor: { vendor: 'mariadb', version: [10, 5, 23] } },
      },
    ],
    [
      'HISTORY_NOT_PORTABLE',
      'blocks',
      /a dump does not carry their history from MariaDB 10\.5\.23 to/,
      {
        source: aDatabase('shop', [aTable('t', { kind: 'system-versioned' })]),
        sourceServer: { flavor: { vendor: 'mariadb', version: [10, 5, 23] } },
      },
    ],
    [
      'UNKNOWN_STORAGE_ENGINE',
      'blocks',
      /t \(RocksDB\)/,
      { source: aDatabase('shop', [aTable('t', { engine: 'RocksDB' })]) },
    ],
    [
      'UNREADABLE_TABLE',
      'blocks',
      /cannot open t/,
      { source: aDatabase('shop', [aTable('t', { engine: undefined })]) },
    ],
    [
      'FOLDED_NAMES',
      'blocks',
      /Orders/,
      { source: aDatabase('shop', [aTable('Orders')]), targetServer: { lowerCaseTableNames: 1 } },
    ],
    [
      'WHERE_UNKNOWN_TABLE',
      'blocks',
      /ordres, which is not copied/,
      { tables: { where: { ordres: 'id > 1' } } },
    ],
    [
      'RESERVED_TABLE',
      'blocks',
      /mysql_sync_journal/,
      { source: aDatabase('shop', [aTable('mysql_sync_journal')]) },
    ],
    [
      'PRIVILEGE_MISSING',
      'blocks',
      /of the source/,
      { sourceServer: { grants: { global: new Set(['SELECT']), databases: new Map() } } },
    ],
    [
      'PRIVILEGE_MISSING',
      'blocks',
      /of the target/,
      { targetServer: { grants: { global: new Set(['SELECT']), databases: new Map() } } },
    ],
    [
      'DEFINER_NOT_ALLOWED',
      'blocks',
      /^sync@% may not make .*: root@localhost \(view v\)$/,
      { source: owned, targetServer: poor },
    ],
    [
      'DEFINER_NOT_ALLOWED',
      'blocks',
      /could not put back .*: root@localhost \(view v\)$/,
      { target: owned, targetServer: poor, definers: 'current_user' },
    ],
    [
      'DEFINER_CHANGED',
      'note',
      /^sync@% becomes the definer of .*\(view v\)$/,
      { source: owned, targetServer: poor, definers: 'current_user' },
    ],
    ['DEFINER_MISSING', 'note', /root@localhost \(view v\)$/, { source: owned, targetAccounts: ['sync@%'] }],
    [
      'DEFINER_MISSING',
      'blocks',
      /root@localhost \(view v\)$/,
      { source: owned, targetAccounts: [], definers: 'refuse' },
    ],
    [
      'DEFINER_MISSING',
      'blocks',
      /^sync@% may not see which accounts/,
      { source: owned, definers: 'refuse' },
    ],
    [
      'OUTSIDE_SNAPSHOT',
      'note',
      /t \(MyISAM\)/,
      { source: aDatabase('shop', [aTable('t', { engine: 'MyISAM' })]) },
    ],
    [
      'NOT_ENOUGH_SPACE',
      'blocks',
      /need about 3\.0 GiB .* 1\.0 GiB are free/,
      {
        source: aDatabase('shop', [aTable('t', { dataBytes: 3 * 1024 ** 3 })]),
        targetServer: { freeBytes: 1024 ** 3 },
      },
    ],
    [
      'NOT_ENOUGH_SPACE',
      'blocks',
      /need about 5\.0 GiB .* 4\.5 GiB are free/,
      {
        source: aDatabase('shop', [
          aTable('t', {
            dataBytes: 1024 ** 3,
            columns: [aColumn({ name: 'id', primaryKeyPosition: 1 })],
          }),
        ]),
        target: aDatabase('shop', [aTable('t', { dataBytes: 1024 ** 3, indexBytes: 1024 ** 3 })]),
        targetServer: { freeBytes: 4.5 * 1024 ** 3 },
        tables: { preserve: { t: 'all' } },
      },
    ],
    ['FLOAT_IN_DUMP', 'note', /t\.f/, { source: aDatabase('shop', [aTable('t', { columns: [float] })]) }],
    [
      'FLOAT_IN_DUMP',
      'blocks',
      /t\.f/,
      { source: aDatabase('shop', [aTable('t', { columns: [float] })]), verify: 'counts' },
    ],
    [
      'NEGATIVE_ZERO_IN_DUMP',
      'note',
      /t\.c$/,
      {
        source: aDatabase('shop', [aTable('t', { columns: [aColumn({ dataType: 'double' })] })]),
        sourceServer: { flavor: { vendor: 'mysql', version: [9, 7, 0] } },
        targetServer: { flavor: { vendor: 'mysql', version: [9, 7, 0] } },
      },
    ],
    [
      'TEXT_IN_DUMP',
      'note',
      /t\.c \(cp932\)$/,
      {
        source: aDatabase('shop', [
          aTable('t', { columns: [aColumn({ charset: 'latin1' }), aColumn({ charset: 'cp932' })] }),
        ]),
      },
    ],
    [
      'JSON_AS_TEXT',
      'note',
      /t\.c$/,
      {
        source: aDatabase('shop', [aTable('t', { columns: [aColumn({ dataType: 'json' })] })]),
        sourceServer: { flavor: { vendor: 'mysql', version: [9, 7, 0] } },
        targetServer: { flavor: { vendor: 'mysql', version: [9, 7, 0] } },
      },
    ],
    [
      'ROWS_ELSEWHERE',
      'blocks',
      /together \(MRG_MyISAM\)/,
      {
        source: aDatabase('shop', [aTable('together', { engine: 'MRG_MyISAM' })]),
        targetServer: { storageEngines: new Set(['InnoDB', 'MRG_MyISAM']) },
      },
    ],
    ['FILTERED_SNAPSHOT', 'note', /orders/, { tables: { where: { orders: 'id > 1' } } }],
  ])('%s %s %s', (code, severity, message, world) => {
    const found = hazardsOf(world).filter((hazard) => hazard.code === code);
    expect(found[0]).toMatchObject({ code, severity });
    expect(found.map((hazard) => hazard.message).join('\n')).toMatch(message);
    expect(found[0]?.hint).not.toBe('');
  });
});

test('what the native engine does not suffer from is not said of it', () => {
  const float = aColumn({ name: 'f', dataType: 'float', columnType: 'float' });
  const source = aDatabase('shop', [aTable('t', { columns: [float] })]);
  expect(hazardsOf({ source, engine: 'native', tables: { where: { t: 'id > 1' } } })).toEqual([]);
});

test('a skipped database is not examined', () => {
  const changeSet = diffInventories(
    aPlan(),
    [{ from: plain.name, to: plain.name, rules: someRules({ onExisting: 'skip' }) }],
    { server: someFacts('a'), databases: [plain] },
    { server: someFacts('a'), databases: [plain] },
    NOTHING_LEFT,
  );
  expect(changeSet.databases[0]).toMatchObject({ action: 'skip', hazards: [] });
});

describe('settings of a server that a session cannot change', () => {
  const limited = { global: new Set(['SELECT', 'CREATE']), databases: new Map() };
  const keyed = aTable('keyed', { columns: [aColumn({ primaryKeyPosition: 1 })] });
  const keyless = aTable('keyless', { columns: [aColumn({})] });
  const messageOf = (world: World): string | undefined =>
    hazardsOf(world).find(({ code }) => code === 'SERVER_SETTING')?.message;
  const on = (name: string, value = 'ON') => ({ settings: new Map([[name, value]]) });
  const source = aDatabase('shop', [keyed, keyless]);

  test.each(['sql_require_primary_key', 'sql_generate_invisible_primary_key'])(
    '%s stops tables without a primary key, where the account may not turn it off',
    (name) => {
      expect(messageOf({ source, targetServer: { ...on(name), grants: limited } })).toMatch(
        /primary key \(sql_\w+\): keyless$/,
      );
      expect(messageOf({ source, targetServer: on(name) })).toBeUndefined();
      expect(messageOf({ source, targetServer: { ...on(name, 'OFF'), grants: limited } })).toBeUndefined();
    },
  );

  test.each([
    ['enforce_storage_engine', 'innodb', 'tape (MyISAM)'],
    ['disabled_storage_engines', 'FEDERATED,MyISAM', 'tape (MyISAM)'],
  ])('%s', (name, value, expected) => {
    const tables = [aTable('orders'), aTable('tape', { engine: 'MyISAM' })];
    const world = { source: aDatabase('shop', tables), targetServer: on(name, value) };
    expect(messageOf(world)).toBe(
      `the target allows no tables of these storage engines (${name}): ${expected}`,
    );
    expect(messageOf({ ...world, targetServer: on(name, '') })).toBeUndefined();
  });

  const mariadb = { ...limited, global: new Set(['SELECT', 'BINLOG REPLAY']) };

  test('sequences stop where the binary log is of statements, and the account may not choose', () => {
    const counted = aDatabase('shop', [aTable('ids', { kind: 'sequence' }), aTable('orders')]);
    const target = { ...on('binlog_format', 'STATEMENT'), hasBinaryLog: true };
    expect(messageOf({ source: counted, targetServer: { ...target, grants: limited } })).toMatch(
      /binlog_format is STATEMENT: ids$/,
    );
    expect(messageOf({ source: counted, targetServer: target })).toBeUndefined();
    expect(messageOf({ targetServer: { ...target, grants: limited } })).toBeUndefined();
    expect(
      messageOf({ source: counted, targetServer: { ...target, hasBinaryLog: false, grants: limited } }),
    ).toBeUndefined();
  });

  test.each([
    ['YES', mariadb, true],
    ['SUPER', limited, true],
    ['SUPER', mariadb, false],
    ['REPLICATION', limited, true],
    ['REPLICATION', mariadb, false],
    ['NO', limited, false],
  ] as const)('history and secure_timestamp = %s, with %j', (mode, grants, isRefused) => {
    const kept = aDatabase('shop', [aTable('kept', { kind: 'system-versioned' }), aTable('orders')]);
    const world = { targetServer: { ...on('secure_timestamp', mode), grants } };
    const expected = `the target lets no session write times of its own (secure_timestamp = ${mode}), so the history of rows cannot be copied: kept`;
    expect(messageOf({ ...world, source: kept })).toBe(isRefused ? expected : undefined);
    expect(messageOf(world)).toBeUndefined();
  });

  test.each([
    ['ON', 'ON', limited, true, /nothing but encrypted databases/],
    ['ON', 'OFF', limited, true, /no encrypted database \(/],
    ['ON', 'OFF', limited, undefined, /^$/],
    ['OFF', 'ON', limited, undefined, /^$/],
    ['ON', 'ON', { ...limited, global: new Set(['TABLE_ENCRYPTION_ADMIN']) }, true, /^$/],
  ] as const)(
    'table_encryption_privilege_check = %s, default_table_encryption = %s, %j',
    (check, byDefault, grants, isEncrypted, expected) => {
      const settings = new Map([
        ['table_encryption_privilege_check', check],
        ['default_table_encryption', byDefault],
      ]);
      const encrypted = aDatabase('shop', [aTable('orders')], isEncrypted && { isEncrypted });
      expect(messageOf({ source: encrypted, targetServer: { settings, grants } }) ?? '').toMatch(expected);
    },
  );

  test('smaller pages and less memory are told where a copied table may meet them', () => {
    const tables = [aTable('orders'), aTable('cache', { engine: 'MEMORY', dataBytes: 100_000 })];
    const settingsOf = (pages: string, memory: string) => ({
      settings: new Map([
        ['innodb_page_size', pages],
        ['max_heap_table_size', memory],
      ]),
    });
    const told = (target: readonly [string, string], chosen = tables) =>
      hazardsOf({
        source: aDatabase('shop', chosen),
        sourceServer: settingsOf('16384', '16777216'),
        targetServer: settingsOf(...target),
      }).flatMap(({ code, severity, message }) =>
        code === 'SERVER_SETTING' ? [`${severity}: ${message}`] : [],
      );
    expect(told(['4096', '65536'])).toEqual([
      expect.stringMatching(/^note: .*pages of 4096 bytes, and of the source 16384/) as string,
      expect.stringMatching(/^note: .*65536 bytes .*: cache$/) as string,
    ]);
    expect(told(['16384', '16777216'])).toEqual([]);
    expect(told(['4096', '65536'], [aTable('tape', { engine: 'MyISAM' })])).toEqual([]);
  });

  test('a small max_join_size stops mariadb-dump, which cannot lift it', () => {
    const sourceServer = on('max_join_size', '100');
    expect(messageOf({ sourceServer })).toContain('100 rows (max_join_size)');
    expect(messageOf({ sourceServer, engine: 'native' })).toBeUndefined();
    expect(messageOf({ sourceServer: on('max_join_size', '18446744073709551615') })).toBeUndefined();
  });
});

test.each([
  ['a key to the other database', { foreignKeys: ['b'], outside: [] }, true],
  ['a key from the other database', { foreignKeys: [], outside: ['b'] }, true],
  ['a key to a third one', { foreignKeys: ['c'], outside: ['c'] }, false],
] as const)(
  'rows that stay in databases that are swapped together, with %s',
  (_, { foreignKeys, outside }, isRefused) => {
    const [a, b] = [toDatabaseName('a'), toDatabaseName('b')];
    const t = toTableName('t');
    const table = aTable('t', {
      columns: [aColumn({ name: 'id', primaryKeyPosition: 1 })],
      foreignKeys: foreignKeys.map((name) => ({
        name: 'k',
        referencedDatabase: toDatabaseName(name),
        referencedTable: t,
      })),
    });
    const one = aDatabase('a', [table, aTable('new')], {
      reads: [b],
      needs: [b],
      outsideForeignKeys: outside.map((name) => ({
        name: 'k',
        database: toDatabaseName(name),
        table: t,
        referencedTable: t,
      })),
    });
    const rules = someRules({ tables: { ...someRules().tables, preserve: { t: 'all' } } });
    const { databases } = diffInventories(
      aPlan(),
      [
        { from: a, to: a, rules },
        { from: b, to: b, rules: someRules() },
      ],
      {
        server: someFacts('x'),
        databases: [
          one,
          aDatabase('b', [], {
            reads: [a],
            needs: [a],
            programs: [
              aProgram('view', 'v', { readsElsewhere: [{ database: a, name: toTableName('new') }] }),
            ],
          }),
        ],
      },
      { server: someFacts('y'), databases: [aDatabase('a', [table])] },
      NOTHING_LEFT,
    );
    const codes = databases[0]?.hazards.map(({ code }) => code);
    expect(codes?.includes('PRESERVE_IMPOSSIBLE')).toBe(isRefused);
  },
);

test('a strict refresh locks tables, where the target has some', () => {
  const held = [...WRITING_TABLES, 'DELETE'];
  const lacking = { global: new Set(held), databases: new Map() };
  const source = aDatabase('shop', [aTable('t')]);
  const messagesOf = (refresh: RefreshRule, target?: DatabaseInventory): readonly string[] =>
    hazardsOf({ source, refresh, ...(target && { target }), targetServer: { grants: lacking } }).map(
      ({ message }) => message,
    );
  expect(messagesOf('strict', source)).toEqual([
    'sync@% lacks LOCK TABLES on `shop`.* of the target',
    expect.stringMatching(/^others cannot write to tables that stay/),
  ]);
  expect([messagesOf('auto', source), messagesOf('strict')]).toEqual([[], []]);
});
