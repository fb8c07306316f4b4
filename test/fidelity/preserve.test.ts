import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';
import { readEverything } from './read-everything.js';
import { loadFixture } from './run-pair.js';

/** Every table that keeps all of its rows must be what it was, byte for byte. */

const CASES = [
  ['atlas', 'none of the source'],
  ['atlas_exact', 'none of the source'],
  ['atlas', 'as many of the source, which give way'],
] as const;

const flavors = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');

describe.each(flavors)('$id', (flavor) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ flavor });
    await Promise.all([rig.source, rig.target].map((server) => loadFixture(server, flavor)));
  });
  afterAll(async () => {
    await rig.stop();
  });

  const readRows = async (database: string): Promise<ReadonlyMap<string, string>> => {
    const { facts } = (await readEverything(rig.target, database)) ?? { facts: new Map<string, string>() };
    return new Map([...facts].filter(([what]) => what.startsWith('rows of ')));
  };

  test.each(CASES)('%s, %s: rows that stay are what they were, of every type', async (database, come) => {
    const isEmpty = come === 'none of the source';
    const tables = (
      await rig.source.query(
        `SELECT TABLE_NAME AS name FROM information_schema.TABLES AS t
         WHERE TABLE_SCHEMA = '${database}' AND TABLE_TYPE = 'BASE TABLE' AND ENGINE <> 'MRG_MyISAM'
           AND (${String(isEmpty)} OR EXISTS (SELECT 1 FROM information_schema.STATISTICS AS s
             WHERE s.TABLE_SCHEMA = t.TABLE_SCHEMA AND s.TABLE_NAME = t.TABLE_NAME AND s.INDEX_NAME = 'PRIMARY'))`,
      )
    )
      .map(({ name }) => String(name))
      // Its row refers to nothing there, which is refused.
      .filter((name) => name !== 'lost_child');
    const before = await readRows(database);
    const preserve = Object.fromEntries(tables.map((name) => [name, 'all']));
    const rules = JSON.stringify({ structure_only: isEmpty ? ['*'] : [], external: ['*'], preserve });
    const file = rig.writePlan(`databases:\n  - name: ${database}\n    tables: ${rules}`);
    const { code, stdout, stderr } = await rig.run(['apply', file, '--confirm-target', 'staging', '--json']);
    const { outcomes } = JSON.parse(stdout) as { readonly outcomes: readonly { readonly error: unknown }[] };
    expect([code, outcomes[0]?.error], stderr).toEqual([0, null]);
    const after = await readRows(database);
    for (const name of tables)
      expect([name, after.get(`rows of ${name}`)]).toEqual([name, before.get(`rows of ${name}`)]);
    expect(tables.length).toBeGreaterThan(1);
  });
});
