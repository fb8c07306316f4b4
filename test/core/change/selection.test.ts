import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SyncError } from '../../../src/core/errors.js';
import { toDatabaseName } from '../../../src/core/names.js';
import type { Selection } from '../../../src/core/plan/resolved-plan.js';
import { type DatabaseSelection, selectDatabases } from '../../../src/core/change/selection.js';

const RULES = {
  onExisting: 'overwrite',
  tables: { only: [], exclude: [], structure_only: [], external: [], where: {}, preserve: {} },
  programs: { exclude: [] },
  hooks: [],
} as const;

const named = (name: string, as = name): Selection => ({
  kind: 'named',
  name: toDatabaseName(name),
  as: toDatabaseName(as),
  ...RULES,
});

const matched = (pattern: string, ...exclude: string[]): Selection => ({
  kind: 'matched',
  pattern,
  exclude,
  ...RULES,
});

const SERVER = [
  'app_a',
  'app_b',
  'app_b_archive',
  'crm',
  'mysql',
  'mysql_sync_old_7q2f4k_0123456789ab',
  'shop',
  'sys',
];

const select = (selections: readonly Selection[], available: readonly string[] = SERVER): DatabaseSelection =>
  selectDatabases(selections, available.map(toDatabaseName));

const renames = ({ selected }: DatabaseSelection): readonly string[] =>
  selected.map(({ from, to }) => (from === to ? from : `${from}>${to}`));

const failureOf = (attempt: () => unknown): SyncError => {
  try {
    attempt();
  } catch (error) {
    if (error instanceof SyncError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('selectDatabases', () => {
  test.each<[string, readonly Selection[], readonly string[]]>([
    ['one by name', [named('shop')], ['shop']],
    ['the order of the plan', [named('shop'), named('crm')], ['shop', 'crm']],
    ['another name on the target', [named('shop', 'shop_copy')], ['shop>shop_copy']],
    ['one database to two targets', [named('shop'), named('shop', 'shop_2')], ['shop', 'shop>shop_2']],
    ['a glob in the order of the server', [matched('app_*')], ['app_a', 'app_b', 'app_b_archive']],
    ['a glob with excludes', [matched('app_*', '*_archive')], ['app_a', 'app_b']],
    ['everything but system and scratch', [matched('*')], ['app_a', 'app_b', 'app_b_archive', 'crm', 'shop']],
    [
      'a named one is not matched again, before or after',
      [matched('app_*'), named('app_b', 'b')],
      ['app_a', 'app_b_archive', 'app_b>b'],
    ],
    [
      'the first glob wins',
      [matched('app_b*'), matched('*')],
      ['app_b', 'app_b_archive', 'app_a', 'crm', 'shop'],
    ],
  ])('%s', (_title, selections, expected) => {
    const selection = select(selections);
    expect(renames(selection)).toEqual(expected);
    expect(selection.warnings).toEqual([]);
  });

  test('each database carries the rules of the entry that chose it', () => {
    const tables = {
      only: [],
      exclude: ['log_*'],
      structure_only: [],
      external: [],
      where: {},
      preserve: {},
    };
    const { selected } = select([{ ...matched('app_?'), onExisting: 'skip', tables }, named('crm')]);
    expect(selected.map(({ from, rules }) => [from, rules.onExisting, rules.tables.exclude])).toEqual([
      ['app_a', 'skip', ['log_*']],
      ['app_b', 'skip', ['log_*']],
      ['crm', 'overwrite', []],
    ]);
  });

  test('a glob without a result is a warning that says why', () => {
    const { selected, warnings } = select([matched('tmp_*'), matched('crm', 'c*'), matched('sys')]);
    expect(selected).toEqual([]);
    expect(warnings).toEqual([
      'match "tmp_*" matches no database on the source',
      'match "crm" selects nothing: what it matches is excluded or selected by another entry',
      'match "sys" matches no database on the source',
    ]);
  });

  test('every missing name is reported at once, with what was probably meant', () => {
    const error = failureOf(() =>
      select([named('shpo'), named('crm'), named('Shop'), named('app_*'), named('other')]),
    );
    expect(error.code).toBe('SOURCE_DATABASE_MISSING');
    expect(error.message).toBe('the source has no databases "shpo", "Shop", "app_*", "other"');
    expect(error.hints).toEqual([
      '"shpo": did you mean "shop"?',
      '"Shop": did you mean "shop"?',
      '"app_*": a glob is written as "match", not "name"',
      '"other": check the name; an account sees only databases that it has a privilege on',
    ]);
  });

  test('two databases that would become one are refused', () => {
    const error = failureOf(() => select([named('shop', 'crm'), matched('c*')]));
    expect(error.code).toBe('SELECTION_INVALID');
    expect(error.message).toBe('"shop" and "crm" would both become "crm" on the target');
  });

  test('a name in exclude that the source does not have would copy what was to be left out', () => {
    expect(() => select([matched('*', 'secrts')], ['secrets', 'shop'])).toThrow(
      'exclude "secrts": the source has no such database; did you mean "secrets"?',
    );
    expect(select([matched('*', 'mysql', 'old_*')], ['shop']).selected).toHaveLength(1);
  });

  test('property: no duplicate, nothing of the server itself, every named one, order kept', () => {
    const names = fc.uniqueArray(
      fc.constantFrom('a', 'ab', 'abc', 'b', 'mysql', 'mysql_sync_new_7q2f4k_0123456789ab', 'B', 'sys'),
    );
    const globs = fc.array(fc.constantFrom('*', 'a*', '?', 'b', '*b*', 'mysql*'), { maxLength: 4 });
    fc.assert(
      fc.property(names, globs, fc.array(fc.constantFrom('a', 'b', '*c')), (available, patterns, names) => {
        const exclude = names.filter((name) => name === '*c' || available.includes(name));
        const direct = available.filter((name) => name === 'ab').map((name) => named(name));
        const selection = select(
          [...patterns.map((glob) => matched(glob, ...exclude)), ...direct],
          available,
        );
        const chosen = selection.selected.map(({ from }) => from as string);
        expect(new Set(chosen).size).toBe(chosen.length);
        expect(chosen.filter((name) => /^(mysql|sys)/.test(name))).toEqual([]);
        expect(chosen.filter((name) => name === 'ab').length).toBe(direct.length);
        for (const glob of patterns.slice(0, 1)) {
          const ofFirst = chosen.filter((name) => name !== 'ab').slice(0, 2);
          if (glob === '*') expect(ofFirst).toEqual(available.filter((name) => ofFirst.includes(name)));
        }
      }),
      { seed: 20261122, numRuns: 500 },
    );
  });
});
