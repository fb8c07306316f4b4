import { describe, expect, test } from 'vitest';
import { diffInventories } from '../../../src/core/change/diff.js';
import type { SelectionRules } from '../../../src/core/plan/resolved-plan.js';
import type { DatabaseInventory } from '../../../src/core/server/inventory.js';
import {
  NOTHING_LEFT,
  aDatabase,
  aPlan,
  aProgram,
  aTable,
  someFacts,
  someRules,
} from '../../support/inventory.js';

const plan = (
  rules: Parameters<typeof someRules>[0],
  databases: readonly DatabaseInventory[],
  { target = [], ofEntry = 'all' }: { target?: DatabaseInventory[]; ofEntry?: 'all' | 'some' } = {},
): readonly string[] => {
  const shared = someRules(rules);
  const { databases: changes } = diffInventories(
    aPlan(),
    databases.map(({ name }) => ({ from: name, to: name, rules: shared, ofEntry })),
    { server: someFacts('a'), databases },
    { server: someFacts('b'), databases: target },
    NOTHING_LEFT,
  );
  return changes.flatMap(({ to, hazards }) =>
    hazards
      .filter(({ code }) => code === 'UNKNOWN_NAME' || code === 'UNMATCHED_GLOB')
      .map(({ severity, message }) => `${to} ${severity}: ${message}`),
  );
};

const tables = (rules: Partial<SelectionRules['tables']>): Pick<SelectionRules, 'tables'> => ({
  tables: { only: [], exclude: [], structure_only: [], external: [], where: {}, preserve: {}, ...rules },
});

const one = aDatabase('one', [aTable('orders')]);
const two = aDatabase('two', [aTable('customers')]);

describe('names in the rules of an entry', () => {
  test('a name that one of its databases has is known', () => {
    expect(plan(tables({ structure_only: ['customers'] }), [one, two])).toEqual([]);
  });

  test('a name that none has blocks all of them, with the nearest', () => {
    const message = 'tables.exclude names "custmers", which is not there; did you mean "customers"?';
    expect(plan(tables({ exclude: ['custmers'] }), [one, two])).toEqual([
      `one blocks: ${message}`,
      `two blocks: ${message}`,
    ]);
  });

  test('where a call looks at some of its databases, the others may have it', () => {
    expect(plan(tables({ external: ['customers'] }), [one], { ofEntry: 'some' })).toEqual([
      'one note: tables.external names "customers", which is not there',
    ]);
  });

  test('a name in tables.only that the source does not have would copy nothing', () => {
    expect(plan(tables({ only: ['custmers', 'orders'] }), [one, two])).toEqual(
      expect.arrayContaining([
        'one blocks: tables.only names "custmers", which is not there; did you mean "customers"?',
      ]),
    );
  });

  test('what is excluded may be of the target only', () => {
    const target = [aDatabase('one', [aTable('notes')], { programs: [aProgram('view', 'latest')] })];
    expect(
      plan({ ...tables({ exclude: ['notes'] }), programs: { exclude: ['latest'] } }, [one], { target }),
    ).toEqual([]);
    expect(plan({ ...tables({}), programs: { exclude: ['latst'] } }, [one], { target })).toEqual([
      'one blocks: programs.exclude names "latst", which is not there; did you mean "latest"?',
    ]);
  });

  test('an escaped wildcard is a name, a glob is not', () => {
    expect(plan(tables({ structure_only: ['log\\*'] }), [one])).toEqual([
      'one blocks: tables.structure_only names "log\\*", which is not there',
    ]);
    // Once, not for each of what may be hundreds of databases.
    expect(plan(tables({ structure_only: ['log*'] }), [one, two])).toEqual([
      'one note: globs that match nothing: "log*" (tables.structure_only)',
    ]);
  });
});
