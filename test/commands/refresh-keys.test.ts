import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';

/** Rows of tables without a primary key, from the plan to the swap. */

const SHOP = `CREATE DATABASE shop CHARACTER SET utf8mb4; USE shop;
  CREATE TABLE n WITH RECURSIVE r AS (SELECT 1 AS seq UNION ALL SELECT seq + 1 FROM r WHERE seq < 900) SELECT seq FROM r;
  CREATE TABLE tags (note VARCHAR(20), tag VARCHAR(20) NOT NULL, lang CHAR(2) NOT NULL, UNIQUE KEY by_tag (tag, lang));
  INSERT INTO tags SELECT 'n', CONCAT('t', seq DIV 2), ELT(seq % 2 + 1, 'en', 'de') FROM n;
  CREATE TABLE prefixed (tag VARCHAR(20) NOT NULL, note VARCHAR(20), UNIQUE KEY (tag(9)));
  INSERT INTO prefixed SELECT CONCAT('t', seq), 'n' FROM n;
  CREATE TABLE maybe (tag VARCHAR(20), note VARCHAR(20), UNIQUE KEY (tag));
  INSERT INTO maybe SELECT CONCAT('t', seq), 'n' FROM n; DROP TABLE n`;

const change = (round: number): string =>
  `USE shop; INSERT INTO tags VALUES ('new', 'x${String(round)}', 'en'), ('new', 'x${String(round)}', 'de');
   UPDATE tags SET note = 'round ${String(round)}' WHERE tag = 't${String(10 + round)}';
   DELETE FROM tags WHERE tag = 't${String(100 + round)}' AND lang = 'de';
   UPDATE prefixed SET note = 'round ${String(round)}' WHERE tag = 't7'; UPDATE maybe SET note = 'round ${String(round)}' WHERE tag = 't7'`;

describe.each(availableFlavors())('a refresh of tables without a primary key on $id', (flavor) => {
  let rig: Rig;
  let plan: string;
  beforeAll(async () => {
    rig = await startRig({ flavor });
    await rig.source.query(SHOP);
    plan = rig.writePlan('databases:\n  - name: shop\noptions: {refresh: auto}');
  });
  afterAll(() => rig.stop());

  const run = async (...words: readonly string[]): Promise<string> => {
    const { stdout } = await rig.run(words);
    return stdout;
  };
  const apply = async (): Promise<string> => {
    const words = ['apply', plan, '--auto-approve', '--confirm-target', 'staging'];
    const { code, stdout, stderr } = await rig.run(words);
    expect(code, stdout + stderr).toBe(0);
    expect(await rig.contentOf('target', 'shop')).toEqual(await rig.contentOf('source', 'shop'));
    return stdout + stderr;
  };

  test('a unique key names rows for people, in the plan and in the apply', async () => {
    await apply();
    await rig.source.query(change(1));
    await apply();
    await rig.source.query(change(2));
    const verified = await run('verify', plan, '--rows', '20');
    expect(verified.split('\n').filter((line) => /^(?:differing|row)\t/.test(line))).toEqual([
      'differing\tshop\tmaybe\t\t\t\tit has no key that tells its rows',
      'differing\tshop\tprefixed\t\t\t\tit has no key that tells its rows',
      'differing\tshop\ttags\t2\t1\t2\t',
      ...['en', 'de'].map((lang) => `row\tshop\ttags\tchanged\ttag=t12\tlang=${lang}`).sort(),
      ...['en', 'de'].map((lang) => `row\tshop\ttags\tmissing\ttag=x2\tlang=${lang}`).sort(),
      'row\tshop\ttags\textra\ttag=t102\tlang=de',
    ]);
    const planned = JSON.parse(await run('plan', plan, '--rows', '--json')) as {
      readonly databases: readonly { readonly tables: readonly object[] }[];
    };
    const copied = (name: string) => ({
      name,
      refresh: {
        base: 'live',
        would: 'copy',
        reason:
          'its rows differ; no key tells its rows: an apply replaces those that differ only where a server is far away',
      },
    });
    // What is kept is two refreshes old.
    expect(planned.databases[0]?.tables).toMatchObject([
      copied('maybe'),
      copied('prefixed'),
      { name: 'tags', refresh: { base: 'previous', would: 'patch', insert: 4, change: 4, delete: 2 } },
    ]);
    // On a busy machine servers may seem to be far away.
    expect(await apply()).toMatch(
      /1 table started from what was kept for a rollback: 8 of 902 rows copied|3 tables started from what was kept for a rollback: 10 of 2 702 rows copied/,
    );
  });
});
