import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SyncError } from '../../../src/core/errors.js';
import { toDatabaseName } from '../../../src/core/names.js';
import { selectDatabases } from '../../../src/core/change/selection.js';
import {
  type ListVisibility,
  parseNumberSelection,
  parseSelection,
} from '../../../src/core/plan/number-selection.js';

const LIST = ['crm', 'shop', '2024', 'app_a', 'app_b', 'tmp,x', 'all'];

const outcomeOf = (text: string, visibility: ListVisibility = 'shown', list = LIST): unknown => {
  try {
    return parseNumberSelection(text, list, visibility);
  } catch (error) {
    if (error instanceof SyncError) return `${error.code}: ${error.message}`;
    throw error;
  }
};

describe('parseNumberSelection', () => {
  test.each<[string, readonly string[]]>([
    ['1,3,5', ['crm', '2024', 'app_b']],
    ['5,1', ['crm', 'app_b']],
    ['1,1,1-2', ['crm', 'shop']],
    [' 1 , 2 ', ['crm', 'shop']],
    ['1,,2,', ['crm', 'shop']],
    ['1-3', ['crm', 'shop', '2024']],
    ['1 - 3', ['crm', 'shop', '2024']],
    ['2-2', ['shop']],
    ['6-', ['tmp,x', 'all']],
    ['all', LIST],
    ['=all', ['all']],
    ['app_*', ['app_a', 'app_b']],
    ['app_?', ['app_a', 'app_b']],
    ['shop', ['shop']],
    ['shop,crm', ['crm', 'shop']],
    ['=2024', ['2024']],
    ['tmp?x', ['tmp,x']],
    ['all,^app_*', ['crm', 'shop', '2024', 'tmp,x', 'all']],
    ['all,!app_*', ['crm', 'shop', '2024', 'tmp,x', 'all']],
    ['^1,all', ['shop', '2024', 'app_a', 'app_b', 'tmp,x', 'all']],
    ['1-5,^2-4', ['crm', 'app_b']],
    ['1-3,!=2024', ['crm', 'shop']],
  ])('%j chooses %j', (text, expected) => {
    expect(outcomeOf(text)).toEqual(expected);
  });

  test.each([
    ['5-1', 'SELECTION_INVALID: "5-1" runs backwards; did you mean 1-5?'],
    ['1-99', 'SELECTION_INVALID: "1-99" is out of range 1-7'],
    ['0', 'SELECTION_INVALID: "0" is out of range 1-7'],
    ['8', 'SELECTION_INVALID: "8" is out of range 1-7'],
    ['8-', 'SELECTION_INVALID: "8-" is out of range 1-7'],
    ['2024', 'SELECTION_INVALID: "2024" is out of range 1-7; write =2024 for that name'],
    ['-5', 'SELECTION_INVALID: "-5" has no start; did you mean 1-5?'],
    ['tmp_*', 'SELECTION_INVALID: "tmp_*" matches nothing'],
    ['all,^tmp_*', 'SELECTION_INVALID: "tmp_*" matches nothing'],
    ['shpo', 'SELECTION_INVALID: "shpo" is not in the list; did you mean "shop"?'],
    ['ALL', 'SELECTION_INVALID: "ALL" is not in the list; did you mean "all"?'],
    ['zzzzzz', 'SELECTION_INVALID: "zzzzzz" is not in the list'],
    ['=7', 'SELECTION_INVALID: "7" is not in the list'],
    ['1 3 5', 'SELECTION_INVALID: "1 3 5" is not in the list; separate numbers with commas'],
    ['5-1,tmp_*', 'SELECTION_INVALID: "5-1" runs backwards; did you mean 1-5?; "tmp_*" matches nothing'],
    ['', 'SELECTION_EMPTY: nothing selected'],
    [' , ', 'SELECTION_EMPTY: nothing selected'],
    ['^crm', 'SELECTION_EMPTY: nothing selected: "^crm" only excludes; did you mean all,^crm?'],
    ['1,^1', 'SELECTION_EMPTY: nothing selected: everything is excluded again'],
  ])('%j is refused: %s', (text, expected) => {
    expect(outcomeOf(text)).toBe(expected);
  });

  test.each([
    ['1', 'SELECTION_INVALID: "1" is a number, and no numbered list is shown here; write =1 for that name'],
    [
      '1-3',
      'SELECTION_INVALID: "1-3" is a number, and no numbered list is shown here; write =1-3 for that name',
    ],
    [
      '5-',
      'SELECTION_INVALID: "5-" is a number, and no numbered list is shown here; write =5- for that name',
    ],
  ])('without a list on the screen %j is refused', (text, expected) => {
    expect(outcomeOf(text, 'unseen')).toBe(expected);
  });

  test('without a list on the screen names, globs and all work', () => {
    expect(outcomeOf('=2024,app_*', 'unseen')).toEqual(['2024', 'app_a', 'app_b']);
    expect(outcomeOf('all', 'unseen')).toEqual(LIST);
  });

  test('an empty list has nothing to choose from', () => {
    expect(outcomeOf('all', 'shown', [])).toBe('SELECTION_EMPTY: nothing to choose from');
    expect(outcomeOf('1', 'shown', [])).toBe('SELECTION_EMPTY: nothing to choose from');
  });

  test('property: numbers choose exactly these positions, in the order of the list', () => {
    const list = Array.from({ length: 12 }, (_, index) => `database_${index}`);
    const positions = fc.array(fc.integer({ min: 1, max: list.length }), { minLength: 1 });
    fc.assert(
      fc.property(positions, (numbers) => {
        const expected = list.filter((_, index) => numbers.includes(index + 1));
        expect(parseNumberSelection(numbers.join(','), list, 'shown')).toEqual(expected);
      }),
      { seed: 20261122 },
    );
  });

  test('property: any text gives a part of the list or a SyncError', () => {
    const texts = fc.array(
      fc.constantFrom('1', '9', '-', ',', '^', '!', '=', '*', 'a', 'all', ' ', '5-', 'crm'),
    );
    fc.assert(
      fc.property(texts, (parts) => {
        const outcome = outcomeOf(parts.join(''));
        if (typeof outcome === 'string') expect(outcome).toMatch(/^SELECTION_(INVALID|EMPTY): ./);
        else {
          expect(outcome).not.toHaveLength(0);
          expect(outcome).toEqual(LIST.filter((name) => (outcome as string[]).includes(name)));
        }
      }),
      { seed: 20261122, numRuns: 2000 },
    );
  });
});

describe('a selection as a plan says it', () => {
  test.each<[string, readonly object[]]>([
    ['1,3', [{ name: 'crm' }, { name: '2024' }]],
    ['all,^app_*', [{ name: 'crm' }, { name: 'shop' }, { name: '2024' }, { name: 'tmp,x' }, { name: 'all' }]],
    ['app_*,crm', [{ name: 'crm' }, { match: 'app_*', exclude: [] }]],
    ['*,^app_*', [{ match: '*', exclude: ['app_*'] }]],
    ['app_*,^5', [{ match: 'app_*', exclude: ['app_b'] }]],
    ['app_*,app_a', [{ match: 'app_*', exclude: [] }]],
    ['crm,app_*,^app_*', [{ name: 'crm' }]],
  ])('%j becomes %j', (text, entries) => {
    expect(parseSelection(text, LIST, 'shown').entries).toEqual(entries);
  });

  test('a name that looks like a glob is excluded as a name', () => {
    const { entries } = parseSelection('a*,^=a*', ['a*', 'ab'], 'shown');
    expect(entries).toEqual([{ match: 'a*', exclude: [String.raw`a\*`] }]);
  });

  test('property: the plan selects what was chosen', () => {
    const names = ['aa', 'ab', 'ba', 'bb', 'a*', 'abc'].map(toDatabaseName);
    const parts = fc.array(
      fc.constantFrom('a*', '*b', '?a', '*', '1', '3-5', 'abc', '^ab', '^*c', '^2', '=a*', '^=a*', 'all'),
      { minLength: 1, maxLength: 5 },
    );
    fc.assert(
      fc.property(parts, (typed) => {
        let parsed;
        try {
          parsed = parseSelection(typed.join(','), names, 'shown');
        } catch (error) {
          expect(error).toBeInstanceOf(SyncError);
          return;
        }
        const selections = parsed.entries.map((entry) => ({
          ...RULES,
          ...('name' in entry
            ? { kind: 'named' as const, name: entry.name, as: entry.name }
            : { kind: 'matched' as const, pattern: entry.match, exclude: entry.exclude }),
        }));
        const { selected } = selectDatabases(selections, names);
        expect(new Set(selected.map(({ from }) => from))).toEqual(new Set(parsed.names));
        expect(selected).toHaveLength(parsed.names.length);
      }),
      { seed: 20261128 },
    );
  });
});

const RULES = {
  onExisting: 'overwrite',
  tables: { only: [], exclude: [], structure_only: [], external: [], where: {}, preserve: {} },
  programs: { exclude: [] },
  hooks: [],
} as const;
