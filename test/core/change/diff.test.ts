import { describe, expect, test } from 'vitest';
import { type SelectedDatabase, diffInventories } from '../../../src/core/change/diff.js';
import type { DatabaseInventory } from '../../../src/core/server/inventory.js';
import { toDatabaseName } from '../../../src/core/names.js';
import type { SelectionRules } from '../../../src/core/plan/resolved-plan.js';
import {
  NOTHING_LEFT,
  aDatabase,
  aPlan,
  aProgram,
  aTable,
  someFacts,
  someRules,
} from '../../support/inventory.js';

const SOURCE = someFacts('a');
const TARGET = someFacts('b');

const diffOne = (
  source: DatabaseInventory,
  target: DatabaseInventory | undefined,
  rules: SelectionRules = someRules(),
) => {
  const selected: SelectedDatabase = { from: source.name, to: target?.name ?? source.name, rules };
  const changeSet = diffInventories(
    aPlan(),
    [selected],
    { server: SOURCE, databases: [source] },
    { server: TARGET, databases: target ? [target] : [] },
    NOTHING_LEFT,
  );
  const [change] = changeSet.databases;
  if (!change) throw new Error('no change');
  return change;
};

const tableActions = (change: ReturnType<typeof diffOne>): Record<string, string> =>
  Object.fromEntries(change.tables.map(({ name, action }) => [name, action]));

describe('action of a database', () => {
  const shop = aDatabase('shop', [aTable('orders')]);
  test.each([
    ['missing on the target', undefined, someRules(), 'create'],
    ['there, overwrite', shop, someRules(), 'overwrite'],
    ['there, skip', shop, someRules({ onExisting: 'skip' }), 'skip'],
    ['there, fail', shop, someRules({ onExisting: 'fail' }), 'blocked'],
    ['missing, fail', undefined, someRules({ onExisting: 'fail' }), 'create'],
  ])('%s', (_case, target, rules, action) => {
    expect(diffOne(shop, target, rules).action).toBe(action);
  });
});

describe('actions of tables', () => {
  test('tables of both sides, of one side, and excluded ones', () => {
    const change = diffOne(
      aDatabase('shop', [aTable('orders'), aTable('orders_2026'), aTable('log_a'), aTable('log_b')]),
      aDatabase('shop', [aTable('orders'), aTable('tmp_import'), aTable('log_a'), aTable('log_z')]),
      someRules({
        tables: { only: [], exclude: ['log_*'], structure_only: [], external: [], where: {}, preserve: {} },
      }),
    );
    expect(tableActions(change)).toEqual({
      orders: 'replace',
      orders_2026: 'create',
      tmp_import: 'drop',
      log_a: 'keep',
      log_z: 'keep',
    });
    expect(change.source.tables).toBe(2);
  });

  test('of some tables only, all others stay, whichever side has them', () => {
    const change = diffOne(
      aDatabase('shop', [aTable('orders'), aTable('orders_2026'), aTable('orders_tmp'), aTable('people')]),
      aDatabase('shop', [aTable('orders'), aTable('people'), aTable('own')]),
      someRules({
        tables: {
          only: ['orders*'],
          exclude: ['*_tmp'],
          structure_only: [],
          external: [],
          where: {},
          preserve: {},
        },
      }),
    );
    expect(tableActions(change)).toEqual({
      orders: 'replace',
      orders_2026: 'create',
      people: 'keep',
      own: 'keep',
    });
  });

  test('structure only wins over a condition, and neither rows nor bytes are promised', () => {
    const change = diffOne(
      aDatabase('shop', [aTable('audit'), aTable('orders')]),
      undefined,
      someRules({
        tables: {
          only: [],
          exclude: [],
          structure_only: ['audit'],
          external: [],
          where: { audit: 'id > 1', orders: 'id > 2' },
          preserve: {},
        },
      }),
    );
    expect(change.tables.map(({ name, content, where, rows }) => [name, content, where, rows])).toEqual([
      ['audit', 'none', null, 0],
      ['orders', 'filtered', 'id > 2', 100],
    ]);
  });

  test('a condition for a table called like a property of every object is no condition', () => {
    const change = diffOne(aDatabase('shop', [aTable('constructor')]), undefined);
    expect(change.tables[0]?.where).toBeNull();
  });

  test('a changed structure is seen', () => {
    const change = diffOne(
      aDatabase('shop', [aTable('same'), aTable('changed', { fingerprint: 'new' })]),
      aDatabase('shop', [aTable('same'), aTable('changed', { fingerprint: 'old' })]),
    );
    expect(change.tables.filter(({ isRestructured }) => isRestructured).map(({ name }) => name)).toEqual([
      'changed',
    ]);
  });
});

test('triggers go with their table, other programs with the database', () => {
  const trigger = (name: string, table: string) => aProgram('trigger', name, { table: aTable(table).name });
  const change = diffOne(
    aDatabase('shop', [aTable('orders'), aTable('log')], {
      programs: [trigger('t_orders', 'orders'), trigger('t_log', 'log'), aProgram('view', 'v')],
    }),
    aDatabase('shop', [aTable('log')], {
      programs: [trigger('t_log', 'log'), aProgram('view', 'v'), aProgram('procedure', 'old')],
    }),
    someRules({
      tables: { only: [], exclude: ['log'], structure_only: [], external: [], where: {}, preserve: {} },
    }),
  );
  expect(change.programs.map(({ kind, name, action }) => `${action} ${kind} ${name}`)).toEqual([
    'create trigger t_orders',
    'replace view v',
    'keep trigger t_log',
    'drop procedure old',
  ]);
});

test('of some tables only, their triggers come, and all other programs stay', () => {
  const trigger = (name: string, table: string) => aProgram('trigger', name, { table: aTable(table).name });
  const change = diffOne(
    aDatabase('shop', [aTable('orders'), aTable('log')], {
      programs: [trigger('t_orders', 'orders'), trigger('t_log', 'log'), aProgram('view', 'v')],
    }),
    aDatabase('shop', [aTable('orders'), aTable('log')], {
      programs: [
        trigger('t_old', 'orders'),
        trigger('t_log', 'log'),
        aProgram('view', 'v'),
        aProgram('event', 'e'),
        aProgram('procedure', 'own'),
      ],
    }),
    someRules({
      tables: { only: ['orders'], exclude: [], structure_only: [], external: [], where: {}, preserve: {} },
    }),
  );
  expect(change.programs.map(({ kind, name, action }) => `${action} ${kind} ${name}`)).toEqual([
    'create trigger t_orders',
    'drop trigger t_old',
    'keep trigger t_log',
    'keep view v',
    'keep event e',
    'keep procedure own',
  ]);
});

test('excluded programs stay as they are, but for triggers, and for views in the way of a table', () => {
  const trigger = (name: string) => aProgram('trigger', name, { table: aTable('orders').name });
  const change = diffOne(
    aDatabase('shop', [aTable('orders'), aTable('x_now_a_table')], {
      programs: [
        aProgram('view', 'x_new'),
        aProgram('view', 'v'),
        aProgram('event', 'x_both'),
        trigger('x_t'),
      ],
    }),
    aDatabase('shop', [aTable('orders')], {
      programs: [
        aProgram('view', 'x_now_a_table'),
        aProgram('event', 'x_both'),
        aProgram('function', 'x_own'),
        trigger('x_old'),
        aProgram('procedure', 'other'),
      ],
    }),
    someRules({ programs: { exclude: ['x_*'] } }),
  );
  expect(change.programs.map(({ kind, name, action }) => `${action} ${kind} ${name}`)).toEqual([
    'create view v',
    'drop view x_now_a_table',
    'keep event x_both',
    'keep function x_own',
    'drop trigger x_old',
    'drop procedure other',
  ]);
});

test('the basis moves with structure and not with rows', () => {
  const of = (table: ReturnType<typeof aTable>) =>
    diffOne(aDatabase('shop', [aTable('x')]), aDatabase('shop', [table])).basis.target;
  const basis = of(aTable('orders'));
  expect(of(aTable('orders', { rowsEstimate: 5, updatedAt: '2026-01-01T00:00:00Z' }))).toBe(basis);
  expect(of(aTable('orders', { fingerprint: 'other' }))).not.toBe(basis);
});

test('a target that folds case has the database under another spelling', () => {
  const from = toDatabaseName('shop');
  const changeSet = diffInventories(
    aPlan(),
    [{ from, to: toDatabaseName('SHOP'), rules: someRules() }],
    { server: SOURCE, databases: [aDatabase('shop', [])] },
    { server: someFacts('b', { lowerCaseTableNames: 2 }), databases: [aDatabase('shop', [])] },
    NOTHING_LEFT,
  );
  expect(changeSet.databases[0]?.action).toBe('overwrite');
});
