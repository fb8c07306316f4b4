import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sha256Hex } from '../../src/core/fingerprint.js';
import { nameScratchDatabase, toRunId } from '../../src/core/names.js';
import { type Rig, startRig } from '../support/rig.js';
import type { TestServer } from '../support/servers.js';

/** MariaDB moves a table to another database and leaves its files where they are. */

const folderOf = ({ folder }: TestServer): string => mkdtempSync(join(folder, 'elsewhere-'));

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
  const [here, there] = [folderOf(rig.source), folderOf(rig.target)];
  await rig.source.query(
    `CREATE DATABASE shop; USE shop; CREATE TABLE fine (id INT PRIMARY KEY);
     CREATE TABLE whole (id INT PRIMARY KEY) ENGINE = InnoDB DATA DIRECTORY = '${here}';
     CREATE TABLE part (id INT PRIMARY KEY) ENGINE = InnoDB PARTITION BY RANGE (id)
       (PARTITION p0 VALUES LESS THAN (10) DATA DIRECTORY = '${here}', PARTITION p1 VALUES LESS THAN MAXVALUE);
     CREATE TABLE plain (id INT PRIMARY KEY, v VARCHAR(40) COMMENT 'DATA DIRECTORY=x') PARTITION BY HASH (id) PARTITIONS 2;
     CREATE TABLE aria (id INT PRIMARY KEY) ENGINE = Aria INDEX DIRECTORY = '${here}';
     CREATE DATABASE crm; CREATE TABLE crm.people (id INT PRIMARY KEY)`,
  );
  await rig.target.query(
    `CREATE DATABASE crm; CREATE TABLE crm.people (id INT PRIMARY KEY) ENGINE = InnoDB DATA DIRECTORY = '${there}';
     INSERT INTO crm.people VALUES (7)`,
  );
});
afterAll(async () => rig.stop());

const planOf = async (body: string): Promise<string> =>
  (await rig.run(['plan', rig.writePlan(body), '--json'])).stdout;

test('tables of the source are refused in the plan, also where tables.external permits them', async () => {
  const listed = /DATA_DIRECTORY[^]*another database: aria, part and whole"/;
  expect(await planOf('databases: [{name: shop}]')).toMatch(listed);
  expect(await planOf('databases: [{name: shop, tables: {external: ["*"]}}]')).toMatch(listed);
});

test('a live table that would leave is refused in the plan, and stays as it is when it is excluded', async () => {
  expect(await planOf('databases: [{name: crm}]')).toContain('people (the one on the target)');
  const plan = rig.writePlan('databases: [{name: crm, tables: {exclude: [people]}}]');
  expect((await rig.run(['apply', plan, '--confirm-target', 'staging'])).code).toBe(0);
  expect(await rig.target.query('SELECT * FROM crm.people')).toEqual([{ id: 7 }]);
});

test('a left-over scratch database that the server cannot drop: it is said, and the others go on', async () => {
  const name = nameScratchDatabase('new', toRunId('aaaaaa'), sha256Hex('gone'));
  await rig.target.query(`CREATE DATABASE ${name}`);
  writeFileSync(join(rig.target.folder, 'data', name, 't.isl'), 'x');
  const plan = rig.writePlan('databases: [{name: shop, tables: {exclude: [aria, part, whole]}}]');
  const { code, stdout, stderr } = await rig.run(['apply', plan, '--auto-approve']);
  expect(stderr).toContain(`${name} stays on the target`);
  expect(stdout).toMatch(/shop +created/);
  expect(code).toBe(0);
});
