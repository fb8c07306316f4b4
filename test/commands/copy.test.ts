import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CliResult } from '../support/cli.js';
import { ENTER, converse } from '../support/conversation.js';
import { availableFlavors } from '../support/flavors.js';
import type { Home } from '../support/home.js';
import { type Rig, startRig } from '../support/rig.js';
import { makeSavedHome } from '../support/saved-home.js';

const FLAVORS = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');

describe.each(FLAVORS)('$id', (flavor) => {
  let rig: Rig;
  let home: Home;
  beforeAll(async () => {
    rig = await startRig({ flavor });
    await rig.source.query(
      `CREATE DATABASE shop; CREATE TABLE shop.orders (id INT PRIMARY KEY); CREATE TABLE shop.people (id INT PRIMARY KEY);
       INSERT INTO shop.orders VALUES (1), (2), (3); CREATE VIEW shop.recent AS SELECT id FROM shop.orders;
       CREATE DATABASE \`a.b\`; CREATE TABLE \`a.b\`.\`c\`\`d*\` (id INT PRIMARY KEY); CREATE TABLE \`a.b\`.\`c\`\`dd\` (id INT PRIMARY KEY)`,
    );
    home = await makeSavedHome(rig, 'read-write');
  });
  afterAll(async () => {
    home.close();
    await rig.stop();
  });
  /** With the client programs of the servers' own version. */
  const run = (words: readonly string[], cwd = home.folder): Promise<CliResult> =>
    home.run(words, { cwd, env: { PATH: rig.env['PATH'] ?? process.env['PATH'] ?? '' } });

  beforeEach(async () => {
    await rig.target.query(
      `DROP DATABASE IF EXISTS shop; DROP DATABASE IF EXISTS \`a.b\`;
       CREATE DATABASE shop; CREATE TABLE shop.orders (old INT); CREATE TABLE shop.own (id INT PRIMARY KEY)`,
    );
  });

  const tablesOf = async (database: string): Promise<readonly string[]> => {
    const rows = await rig.target.query(
      `SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = '${database}' ORDER BY 1`,
    );
    return rows.map(({ name }) => name as string);
  };

  test('rows of one table: all else of the database stays, and an overwrite costs what it costs apply', async () => {
    const words = ['copy', 'prod', 'staging', 'shop.orders', '--where', 'id > 1'];
    const refused = await run([...words, '--auto-approve']);
    expect(refused.stderr).toContain('Approve on the command line:  --confirm-target staging');
    expect(refused.code).toBe(6);
    const { code, stdout } = await run([...words, '--confirm-target', 'staging']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/shop +overwritten +1 table +2 rows/);
    expect(await rig.target.query('SELECT id FROM shop.orders')).toEqual([{ id: 2 }, { id: 3 }]);
    expect(await tablesOf('shop')).toEqual(['orders', 'own']);
  });

  test('names with a dot, a backquote and a star, as another database', async () => {
    const words = ['copy', 'prod', 'staging', '`a.b`.`c``d*`', '--as', 'a.b', '--auto-approve', '--json'];
    const { code, stdout } = await run(words);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'apply', outcomes: [{ to: 'a.b', tables: 1 }] });
    expect(await tablesOf('a.b')).toEqual(['c`d*']);
  });

  test('--plan-only shows what would happen and writes nothing', async () => {
    const { code, stdout, stderr } = await run(['copy', 'prod', 'staging', 'shop.people', '--dry-run']);
    expect(stdout).toMatch(/^overwrite\tshop\tshop\t1\t/);
    expect(stderr).toContain('To copy now, leave --plan-only out');
    expect(code).toBe(0);
    expect(await tablesOf('shop')).toEqual(['orders', 'own']);
  });

  test('a name that the source does not have is refused before anything is written', async () => {
    const { code, stderr } = await run(['copy', 'prod', 'staging', 'shop.oders', '--auto-approve']);
    expect(stderr).toContain('tables.only names "oders", which is not there; did you mean "orders"?');
    expect(code).toBe(9);
  });

  test('--save writes a plan that says the same, and replaces no file by itself', async () => {
    const file = join(home.folder, 'saved.yaml');
    const words = [
      'copy',
      'prod',
      'staging',
      'shop.p*',
      '--on-existing',
      'fail',
      '--engine',
      'dump',
      '--save',
      file,
    ];
    const first = await run(words);
    expect(first.stderr).toContain(`Wrote ${file}`);
    const planned = await run(['plan', file]);
    expect(first.stderr).toContain(planned.stdout.trim());
    expect(planned.code).toBe(9);
    writeFileSync(file, 'mine');
    const again = await run(words);
    expect(again.stderr).toContain(`${file} exists, and nobody has confirmed replacing it`);
    expect(again.code).toBe(6);
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  test('at a terminal: the file is replaced when the person says so, and the target is named once', async () => {
    const file = join(home.folder, 'there.yaml');
    writeFileSync(file, 'mine');
    const person = converse(['copy', 'prod', 'staging', 'shop', '--save', file], { home: home.folder });
    await person.answers(`exists. Replace it?`, `y${ENTER}`);
    await person.answers("Type the target's name (staging)", `staging${ENTER}`);
    expect((await person.ends()).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain('name: shop');
    expect(await tablesOf('shop')).toEqual(['orders', 'people', 'recent']);
  });

  test('status in a folder without a plan suggests a connection, and that call tells what was copied', async () => {
    const folder = mkdtempSync(join(home.folder, 'empty-'));
    expect((await run(['copy', 'prod', 'staging', 'shop', '--confirm-target', 'staging'])).code).toBe(0);
    const { code, stderr } = await run(['status'], folder);
    expect([code, stderr]).toEqual([5, expect.stringContaining('error[PLAN_NOT_FOUND]')]);
    const [, words = ''] = /saved connection: {2}mysql-sync (.*)\n/.exec(stderr) ?? [];
    const status = await run(words.split(' '), folder);
    expect([status.code, status.stdout]).toEqual([0, expect.stringMatching(/^shop\tprod\tshop\t/m)]);
  });
});
