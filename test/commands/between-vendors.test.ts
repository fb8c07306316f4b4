import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChangeSet } from '../../src/core/change/change-set.js';
import { type Documented, fromDocument } from '../../src/core/document.js';
import { MEASURED_FUNCTIONS } from '../../src/core/conversion/measured-functions.js';
import type { Vendor } from '../../src/core/flavor.js';
import { type Difference, compareEverything } from '../fidelity/compare.js';
import { normalizeAnnounced, normalizeVendor } from '../fidelity/printed-otherwise.js';
import { readPortably } from '../fidelity/read-portably.js';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';
import { ROOT, type TestServer } from '../support/servers.js';

const STORE = readFileSync(join(import.meta.dirname, '../fixtures/both-vendors.sql'), 'utf8');

/** What no server of the other vendor has, by the name that the plan calls it. */
const ODD: Readonly<Record<Vendor, readonly (readonly [sql: string, named: string])[]>> = {
  mariadb: [
    ['CREATE SEQUENCE counter', 'counter: a sequence'],
    [
      'CREATE TABLE in_aria (g INT, id INT AUTO_INCREMENT, PRIMARY KEY (g, id)) ENGINE=Aria',
      'in_aria: an AUTO_INCREMENT column that no key of an Aria table begins with',
    ],
    ['CREATE TABLE history (id INT) WITH SYSTEM VERSIONING', 'history: a system-versioned table'],
    [
      'CREATE TABLE long_key (t TEXT, UNIQUE KEY u (t))',
      'long_key, key u: a unique key over a hash of long values',
    ],
    ['CREATE TABLE small (t VARCHAR(90)) ENCRYPTED=NO', "small: ENCRYPTED='NO'"],
    ['CREATE PROCEDURE new_syntax() DELETE FROM small RETURNING t', 'procedure new_syntax: RETURNING'],
  ],
  mysql: [
    [
      'CREATE TABLE by_values (j JSON, KEY k ((CAST(j AS UNSIGNED ARRAY))))',
      'by_values.k_1: array in its expression',
    ],
    ['CREATE TABLE places (p POINT NOT NULL SRID 4326)', 'places.p: SRID 4326'],
    ['CREATE TABLE chinese (v VARCHAR(9) CHARACTER SET gb18030)', 'chinese.v: collation gb18030_chinese_ci'],
    [
      'CREATE TABLE strict (a INT, b INT AS (a * 2) STORED PRIMARY KEY)',
      'strict, key PRIMARY: a primary key over a generated column',
    ],
    [
      "CREATE VIEW tags AS SELECT j.n FROM JSON_TABLE('[1]', '$[*]' COLUMNS (n CHAR(9) PATH '$' DEFAULT '\"x\"' ON EMPTY)) j",
      'view tags: a text as DEFAULT in JSON_TABLE',
    ],
    ['CREATE VIEW hashes AS SELECT ST_GEOHASH(180, 0, 10) AS h', 'view hashes: st_geohash()'],
  ],
};

/** What the plan says of the application database, by its source. */
const NOTES: Readonly<Record<Vendor, readonly RegExp[]>> = {
  mariadb: [/^check without a name becomes <table>_chk_<n>.*: .*documents\.doc/m],
  mysql: [
    /^JSON becomes LONGTEXT .*: .*documents\.doc/m,
    /^collation utf8mb4_0900_ai_ci becomes utf8mb4_uca1400_nopad_ai_ci: database store, /m,
    /^-0 becomes 0, .*: orders\.weight, orders\.ratio/m,
  ],
};

let rig: Rig;
let servers: Readonly<Record<Vendor, TestServer>>;
const flavors = availableFlavors();
const [flavor, targetFlavor] = ['mariadb-10.11', 'mysql-9.7'].map((id) =>
  flavors.find((one) => one.id === id),
);
const isThere = flavor !== undefined && targetFlavor !== undefined;

beforeAll(async () => {
  if (!isThere) return;
  rig = await startRig({ flavor, targetFlavor });
  servers = { mariadb: rig.source, mysql: rig.target };
  for (const [vendor, server] of Object.entries(servers)) {
    await server.query(
      'CREATE DATABASE store CHARACTER SET utf8mb4; CREATE DATABASE odd CHARACTER SET utf8mb4',
    );
    server.load(STORE, 'store');
    for (const [sql] of ODD[vendor as Vendor]) server.load(`${sql};`, 'odd');
  }
});
afterAll(async () => {
  if (isThere) await rig.stop();
});

const inline = (name: string, { port }: TestServer): string =>
  `{name: ${name}, host: 127.0.0.1, port: ${String(port)}, user: ${ROOT.user}, password: "\${DB_PASSWORD}"`;

test.skipIf(!isThere)(
  'the functions that both vendors have are those that give the same on these servers',
  async () => {
    const script = join(import.meta.dirname, '../../scripts/common-functions.mjs');
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [script, '--print', String(servers.mysql.port), String(servers.mariadb.port)],
      { env: { ...process.env, PROBE_USER: ROOT.user, PROBE_PASSWORD: ROOT.password } },
    );
    const measured = [...MEASURED_FUNCTIONS['10.5'], ...MEASURED_FUNCTIONS['10.11']];
    // MariaDB 11.8 has another LOCALTIME.
    expect(JSON.parse(stdout)).toEqual([...measured, 'localtime'].sort());
  },
);

const DIRECTIONS: readonly (readonly [Vendor, Vendor])[] = [
  ['mariadb', 'mysql'],
  ['mysql', 'mariadb'],
];

/** Differences between the application database and its copy that the plan has not announced. */
const compareStore = async (
  from: Vendor,
  to: Vendor,
  notes: readonly string[],
): Promise<readonly Difference[]> => {
  const [left, right] = [
    await readPortably(servers[from], 'store'),
    await readPortably(servers[to], `from_${from}`),
  ];
  if (!left || !right) throw new Error('there is no such database');
  return compareEverything(left, right, normalizeAnnounced(notes), normalizeVendor);
};

describe.skipIf(!isThere).each(DIRECTIONS)('from %s to %s', (from, to) => {
  const copy = `from_${from}`;
  const writePlan = (body: string): string =>
    rig.writePlan(body, {
      source: `${inline('origin', servers[from])}}`,
      target: `${inline('copy', servers[to])}, access: read-write}`,
    });
  const readPlan = async (path: string): Promise<ChangeSet> =>
    fromDocument<ChangeSet>(
      JSON.parse((await rig.run(['plan', path, '--json'])).stdout) as Documented<ChangeSet>,
    );

  const plan = (): string => writePlan(`databases: [{name: store, as: ${copy}}]`);
  let notes: readonly string[] = [];

  test('an application database is copied, and the plan says what becomes what', async () => {
    const [change] = (await readPlan(plan())).databases;
    expect(change?.hazards.filter(({ severity }) => severity === 'blocks')).toEqual([]);
    notes = (change?.hazards ?? []).map(({ message }) => message);
    for (const note of NOTES[from]) expect(notes.join('\n')).toMatch(note);
    expect(await rig.run(['apply', plan(), '--auto-approve'])).toMatchObject({ code: 0 });
    expect(await compareStore(from, to, notes)).toEqual([]);
  });

  test('the copy compares equal, and its programs work', async () => {
    const verified = await rig.run(['verify', plan(), '--detail']);
    expect(verified.stdout).toMatch(/^same\tstore\t/);
    const again = await readPlan(plan());
    expect(again.databases[0]?.tables.filter(({ isRestructured }) => isRestructured)).toEqual([]);
    expect(again.databases[0]?.sameness).toMatchObject({
      verdict: 'not-compared',
      // They are partitioned.
      reasons: ['the source does not tell when it wrote by_key, by_list, log'],
    });
    const compared = await rig.run(['plan', plan(), '--rows', '--detailed-exitcode']);
    expect(compared).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/\tno change: all rows/) as string,
    });
    await servers[to].query(`SET @amount = 50; CALL ${copy}.place_order(2, @amount)`);
    const [row] = await servers[to].query(`SELECT what FROM ${copy}.log WHERE at = '2030-01-01'`);
    expect(row).toEqual({ what: 'order 60.00 and more' });
  });

  test('what one of them prints otherwise is no difference, and a column of another type is one', async () => {
    const listDiffs = async (): Promise<readonly string[]> =>
      (await rig.run(['plan', plan(), '-v'])).stdout.match(/^(object|diff)\t.*$/gm) ?? [];
    expect(await listDiffs()).toEqual([]);
    await servers[to].query(`ALTER TABLE ${copy}.log ADD COLUMN more INT UNSIGNED`);
    const more = to === 'mysql' ? 'int unsigned' : 'int(10) unsigned';
    expect(await listDiffs()).toEqual([
      `object\t${copy}\ttable\tlog\tchange`,
      `diff\t${copy}\ttable\tlog\t- \`more\` ${more} DEFAULT NULL`,
    ]);
    await servers[to].query(`ALTER TABLE ${copy}.log DROP COLUMN more`);
  });

  test('it is replaced, and what was there comes back', async () => {
    const before = await readPortably(servers[to], copy);
    expect(await rig.run(['apply', plan(), '--confirm-target', 'copy'])).toMatchObject({ code: 0 });
    expect(await compareStore(from, to, notes)).toEqual([]);
    expect((await rig.rollBackNewest()).code).toBe(0);
    expect(await readPortably(servers[to], copy)).toEqual(before);
  });

  test('what has no equivalent is refused by name, and nothing is written', async () => {
    const odd = writePlan('databases: [{name: odd, as: odd_copy}]');
    const [change] = (await readPlan(odd)).databases;
    const refused = (change?.hazards ?? []).filter(({ severity }) => severity === 'blocks');
    const messages = refused.map(({ message }) => message).join('\n');
    for (const [, named] of ODD[from]) expect(messages).toContain(named);
    expect((await rig.run(['apply', odd, '--auto-approve'])).code).toBe(9);
    const databases = await servers[to].query("SHOW DATABASES LIKE '%\\_copy'");
    expect(databases).toEqual([]);
  });

  test("what the plan leaves out stands in nobody's way", async () => {
    const everything = 'tables: {exclude: ["*"]}, programs: {exclude: ["*"]}';
    const rest = writePlan(`databases: [{name: odd, as: odd_rest, ${everything}}]`);
    const [change] = (await readPlan(rest)).databases;
    expect(change?.hazards.filter(({ severity }) => severity === 'blocks')).toEqual([]);
    expect(await rig.run(['apply', rest, '--auto-approve'])).toMatchObject({ code: 0 });
    expect(await servers[to].query("SHOW DATABASES LIKE 'odd_rest'")).toHaveLength(1);
    await servers[to].query('DROP DATABASE odd_rest');
  });
});
