import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestFlavor, availableFlavors } from '../support/flavors.js';
import type { TestServer } from '../support/servers.js';
import {
  type CellResult,
  DATABASES,
  type Engine,
  type Naming,
  type Pair,
  loadFixture,
  runCell,
} from './run-pair.js';

type CellName = readonly [Engine, Naming];

/** Other names come second: views of renamed databases still read the ones that came under their own names. */
const ALL_CELLS: readonly CellName[] = [
  ['native', 'same name'],
  ['dump', 'other name'],
  ['native', 'other name'],
  ['dump', 'same name'],
];

/**
 * `mysql-sync apply` between every two servers. The suite runs a part of it, this one: so many of the cells for each
 * pair. `npm run fidelity` runs all, by MYSQL_SYNC_FIDELITY: `all`, or pairs such as
 * `mariadb-10.5:mariadb-11.8,mysql-9.7:mysql-9.7`.
 */
const PART: Readonly<Record<string, number>> = {
  'mariadb-10.11:mariadb-10.11': 2,
  'mysql-9.7:mysql-9.7': 2,
  'mariadb-10.5:mariadb-11.8': 1,
  'mariadb-11.8:mariadb-10.5': 1,
  'mariadb-10.11:mysql-9.7': 1,
  'mysql-9.7:mariadb-10.11': 1,
};
const { MYSQL_SYNC_FIDELITY: wanted, MYSQL_SYNC_FIDELITY_REPORT: report } = process.env;

const countCells = (pair: string): number =>
  wanted === undefined
    ? (PART[pair] ?? 0)
    : wanted === 'all' || wanted.split(',').includes(pair)
      ? ALL_CELLS.length
      : 0;

const flavors = availableFlavors();
const pairs = flavors
  .flatMap((source) => flavors.map((target) => ({ id: `${source.id}:${target.id}`, source, target })))
  .map((pair) => ({ ...pair, cells: ALL_CELLS.slice(0, countCells(pair.id)) }))
  .filter(({ cells }) => cells.length > 0);

/** What a dump cannot carry: FLOAT and old character sets, tables without rows of their own. */
const DUMP = ['atlas_exact', 'atlas_union'];

const ONLY_IN_MARIADB = ['atlas_history', 'atlas_own', 'atlas_union'];
const ONLY_IN_MYSQL = ['atlas_own', 'atlas_union'];

/** The databases that are refused, by the native engine and by dumps, so that nothing is refused without need. */
const REFUSED: Readonly<Record<string, readonly [native: readonly string[], dump: readonly string[]]>> = {
  'mysql-9.7:mysql-9.7': [[], ['atlas_opaque', ...DUMP]],
  'mariadb-10.11:mariadb-10.11': [[], DUMP],
  'mariadb-11.8:mariadb-11.8': [[], DUMP],
  'mariadb-10.5:mariadb-10.5': [['atlas_history'], ['atlas_history', ...DUMP]],
  'mariadb-10.5:mariadb-10.11': [[], ['atlas_history', ...DUMP]],
  'mariadb-10.5:mariadb-11.8': [[], ['atlas_history', ...DUMP]],
  'mariadb-10.11:mariadb-11.8': [[], ['atlas_history', ...DUMP]],
  'mariadb-11.8:mariadb-10.11': [['atlas_recent'], ['atlas_history', 'atlas_recent', ...DUMP]],
  'mariadb-10.11:mariadb-10.5': [
    ['atlas_history', 'atlas_recent'],
    ['atlas_history', 'atlas_recent', ...DUMP],
  ],
  'mariadb-11.8:mariadb-10.5': [
    ['atlas_history', 'atlas_recent'],
    ['atlas_history', 'atlas_recent', ...DUMP],
  ],
  'mariadb-10.11:mysql-9.7': [ONLY_IN_MARIADB, DATABASES.mariadb],
  // Its atlas_recent has a VECTOR.
  'mariadb-11.8:mysql-9.7': [[...ONLY_IN_MARIADB, 'atlas_recent'], DATABASES.mariadb],
  'mariadb-10.5:mysql-9.7': [ONLY_IN_MARIADB, DATABASES.mariadb],
  'mysql-9.7:mariadb-10.11': [ONLY_IN_MYSQL, DATABASES.mysql],
  'mysql-9.7:mariadb-11.8': [ONLY_IN_MYSQL, DATABASES.mysql],
  'mysql-9.7:mariadb-10.5': [ONLY_IN_MYSQL, DATABASES.mysql],
};

/** Many times what it takes, on a machine that has much else to do. */
const PATIENCE_MILLISECONDS = 240_000;

const results: CellResult[] = [];
const sources = new Map<TestFlavor, TestServer>();

beforeAll(async () => {
  const used = new Set(pairs.map(({ source }) => source));
  await Promise.all(
    [...used].map(async (flavor) => {
      const server = await flavor.start();
      sources.set(flavor, server);
      await loadFixture(server, flavor);
    }),
  );
});
afterAll(async () => {
  await Promise.all([...sources.values()].map(async (server) => server.stop()));
  if (report !== undefined) writeFileSync(report, JSON.stringify(results));
});

describe.each(pairs)('$id', ({ id, source: sourceFlavor, target: targetFlavor, cells }) => {
  let pair: Pair;
  beforeAll(async () => {
    const source = sources.get(sourceFlavor);
    if (!source) throw new Error(`${sourceFlavor.id} did not start`);
    pair = { sourceFlavor, targetFlavor, source, target: await targetFlavor.start() };
  });
  afterAll(async () => pair.target.stop());

  test.each(cells)(
    '%s engine, %s',
    async (engine, naming) => {
      const result = await runCell(pair, engine, naming);
      results.push(result);
      expect(result.failures).toEqual([]);
      expect(result.differences).toEqual([]);
      const [native, dump] = REFUSED[id] ?? [[], []];
      expect(result.refusals.map(({ database }) => database).sort()).toEqual(
        [...(engine === 'native' ? native : dump)].sort(),
      );
    },
    PATIENCE_MILLISECONDS,
  );
});
