import { expect, test } from 'vitest';
import { type MaskedCopy, sealSearch, wasSearched } from '../../../src/core/change/searched-copy.js';
import { toDatabaseName, toRunId, toTableName } from '../../../src/core/names.js';
import type { Origin } from '../../../src/core/run/provenance.js';
import { Secret } from '../../../src/core/secret.js';
import type { TableInventory } from '../../../src/core/server/inventory.js';

/** A copy counts as searched only for what it was searched for. */

const RUN = toRunId('bbbbbb');
const USERS = toTableName('users');

interface Facts {
  readonly key: string;
  readonly scan: 'full' | 'sample' | 'off';
  readonly allow: readonly ('email' | 'phone')[];
  readonly mask: 'email' | 'token';
  readonly unless: string | null;
  readonly structure: string;
  readonly content: 'all' | 'none';
  readonly to: string;
  readonly identity: string;
}

const FACTS: Facts = {
  key: 'a key',
  scan: 'full',
  allow: ['email'],
  mask: 'email',
  unless: null,
  structure: 'x',
  content: 'all',
  to: 'shop',
  identity: 'a server',
};

const copyOf = (facts: Partial<Facts> = {}): MaskedCopy => {
  const { key, scan, allow, mask, unless, structure, content, to, identity } = { ...FACTS, ...facts };
  const table = { name: USERS, fingerprint: structure, columns: [{ name: 'Note' }] };
  return {
    change: {
      from: toDatabaseName('shop'),
      to: toDatabaseName(to),
      tables: [
        {
          ...{ name: USERS, action: 'replace', content, where: null, mayBeExternal: false },
          ...{ isRestructured: false, rows: 1, bytes: 1 },
          masks: { columns: [{ column: 'email', rule: { kind: mask } }], unless },
        },
      ],
    },
    tables: [table as unknown as TableInventory],
    identity,
    mask: {
      key: new Secret(key),
      scan,
      lock: {
        path: 'x',
        digest: 'x',
        columns: new Map([
          ['shop.users.note', { decision: { kind: 'keep' }, type: 'text', isUnique: false, allow }],
        ]),
      },
    },
  };
};

/** What a run writes down that has searched so much. */
const originOf = (scan: 'full' | 'sample'): Origin =>
  ({
    run: RUN,
    masks: { columns: 1, scan, fingerprint: null, searched: sealSearch(copyOf(), RUN, scan) },
  }) as unknown as Origin;

test('the same search counts', () => {
  expect(wasSearched(originOf('full'), copyOf())).toBe(true);
});

test.each<Partial<Facts>>([
  { key: 'another' },
  { allow: [] },
  { allow: ['email', 'phone'] },
  { mask: 'token' },
  { unless: 'id = 1' },
  { structure: 'y' },
  { content: 'none' },
  { to: 'other' },
  { identity: 'another server' },
])('another one does not: %j', (facts) => {
  expect(wasSearched(originOf('full'), copyOf(facts))).toBe(false);
});

test('a sample counts for a sample only, and nothing has to be searched where the plan searches nothing', () => {
  expect(wasSearched(originOf('sample'), copyOf())).toBe(false);
  expect(wasSearched(originOf('sample'), copyOf({ scan: 'sample' }))).toBe(true);
  expect(wasSearched(originOf('full'), copyOf({ scan: 'sample' }))).toBe(true);
  expect(wasSearched(undefined, copyOf({ scan: 'off' }))).toBe(true);
});

test('what another run has searched, or nobody says that it has, does not count', () => {
  const { masks } = originOf('full');
  const change = (facts: object): Origin => ({ ...originOf('full'), ...facts });
  const withSearch = (facts: object): Origin => change({ masks: { ...masks, ...facts } });
  expect(wasSearched(change({ run: toRunId('cccccc') }), copyOf())).toBe(false);
  expect(wasSearched(change({ masks: null }), copyOf())).toBe(false);
  expect(wasSearched(withSearch({ searched: undefined }), copyOf())).toBe(false);
  expect(wasSearched(withSearch({ searched: 'a'.repeat(64) }), copyOf())).toBe(false);
  // The seal is of the extent, too.
  const sampled = withSearch({ searched: sealSearch(copyOf(), RUN, 'sample') });
  expect(wasSearched(sampled, copyOf())).toBe(false);
});
