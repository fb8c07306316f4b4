import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { refuseUnknown } from '../support/json-output.js';
import { type Rig, startRig } from '../support/rig.js';

/** What a plan and a run say of each table of a refresh, and the flags that choose it. */

const SHOP = `CREATE DATABASE shop;
  CREATE TABLE shop.colours (name VARCHAR(20) PRIMARY KEY); INSERT INTO shop.colours VALUES ('red');
  CREATE TABLE shop.logs (id INT AUTO_INCREMENT PRIMARY KEY, line VARCHAR(80)); INSERT INTO shop.logs VALUES (1, 'a');
  CREATE TABLE shop.audit (id INT PRIMARY KEY); CREATE TABLE shop.counted (id INT AUTO_INCREMENT PRIMARY KEY);
  CREATE TABLE shop.fired (id INT PRIMARY KEY); CREATE TABLE shop.old (id INT PRIMARY KEY) ENGINE=MyISAM`;

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
  await rig.source.query(SHOP);
  await rig.source.query('CREATE TRIGGER shop.t BEFORE INSERT ON shop.fired FOR EACH ROW SET NEW.id = 1');
});
afterAll(() => rig.stop());

beforeEach(async () => {
  await rig.clearTarget('shop');
  await rig.target.query(SHOP);
  await rig.target.query(
    `UPDATE shop.logs SET line = 'b'; INSERT INTO shop.audit VALUES (7); ALTER TABLE shop.counted AUTO_INCREMENT = 9;
     CREATE TRIGGER shop.t BEFORE INSERT ON shop.fired FOR EACH ROW SET NEW.id = 2`,
  );
});

const writePlan = (refresh: 'auto' | 'full') =>
  rig.writePlan(
    `databases:\n  - name: shop\n    tables: {structure_only: [audit]}\noptions: {refresh: ${refresh}}`,
  );

const COPIED: Readonly<Record<string, string>> = {
  audit: 'its rows differ',
  counted: 'the number of its next row differs',
  fired: 'its triggers differ',
  logs: 'its rows differ',
  old: 'MyISAM has no consistent snapshots',
};

interface Planned {
  readonly databases: readonly {
    readonly tables: readonly { readonly name: string; readonly refresh?: object }[];
  }[];
}

const planTables = async (...flags: readonly string[]): Promise<Readonly<Record<string, unknown>>> => {
  const { code, stdout, stderr } = await rig.run(['plan', ...flags, '--json']);
  expect(code, stderr).toBe(0);
  const [database] = (JSON.parse(stdout) as Planned).databases;
  return Object.fromEntries((database?.tables ?? []).map(({ name, refresh }) => [name, refresh]));
};

test('plan --rows says of each table whether it would be kept, or why it would be copied', async () => {
  const plan = writePlan('auto');
  expect(await planTables(plan, '--rows')).toEqual({
    colours: { base: 'live', would: 'keep' },
    ...Object.fromEntries(
      Object.entries(COPIED).map(([name, reason]) => [name, { base: 'live', would: 'copy', reason }]),
    ),
    old: { base: 'none', reason: COPIED['old'] },
  });
  const markdown = await rig.run(['plan', plan, '--rows', '--format', 'markdown']);
  expect(markdown.stdout).toContain("~ kept as they are: colours (the rows are the source's)");
  expect(markdown.stdout).toContain('~ copied: audit, logs (its rows differ)');
  const piped = await rig.run(['plan', plan, '--rows', '-v']);
  expect(piped.stdout).toContain('refresh\tshop\tcolours\tkeep\t\n');
  expect(piped.stdout).toContain('refresh\tshop\tfired\tcopy\tits triggers differ\n');
});

test('a run tells the same in its events, and keeps what the plan said', async () => {
  const path = join(rig.home, 'events.jsonl');
  const words = ['apply', writePlan('auto'), '--confirm-target', 'staging', '--events', path];
  const { code, stderr } = await rig.run(words);
  expect(code, stderr).toBe(0);
  const event = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"type":"refresh"'))
    .map((line) => JSON.parse(line) as object)[0];
  expect(event).toMatchObject({
    database: 'shop',
    kept: ['colours'],
    copied: Object.entries(COPIED).map(([table, reason]) => ({ table, reason })),
    message: expect.stringContaining('shop: 1 table is kept, 5 tables are copied: audit (') as string,
  });
  const schema = JSON.parse(
    readFileSync(resolve(import.meta.dirname, '../../schemas/run-event.schema.json'), 'utf8'),
  ) as object;
  expect(new Ajv({ strict: true }).compile(refuseUnknown(schema) as object)(event)).toBe(true);
});

test('a run tells which tables are being compared, once it takes a while', async () => {
  const path = join(rig.home, 'comparing.jsonl');
  const locker = await rig.target.connect();
  await locker.query('LOCK TABLES shop.colours WRITE');
  const words = ['apply', writePlan('auto'), '--confirm-target', 'staging', '--events', path];
  const ended = rig.run(words);
  const readProgress = (): readonly object[] =>
    readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line.includes('"type":"progress"'))
      .map((line) => (JSON.parse(line) as { readonly progress: object }).progress);
  try {
    await vi.waitFor(() => expect(readProgress()).not.toEqual([]), { timeout: 30_000 });
  } finally {
    await locker.end();
  }
  const [first] = readProgress();
  // Tables that are left empty are counted alone, and are compared by then; the others are read together.
  expect(first).toMatchObject({ bytes: 0, tables: 5, current: ['colours', 'counted', 'fired', 'logs'] });
  const { code, stderr } = await ended;
  expect(code, stderr).toBe(0);
});

test('--full copies every table, whatever the plan says; --refresh auto with it is refused', async () => {
  const plan = writePlan('auto');
  expect(await planTables(plan, '--full')).toMatchObject({ colours: undefined });
  const { stdout } = await rig.run(['apply', plan, '--full', '--confirm-target', 'staging', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ outcomes: [{ tables: 6, status: 'applied' }] });
  const both = await rig.run(['apply', plan, '--full', '--refresh', 'auto', '--confirm-target', 'staging']);
  expect(both.stderr).toContain('--full');
  expect(both.code).toBe(64);
});

test('a saved plan is applied with the refresh that it was saved with, unless the call says otherwise', async () => {
  const plan = writePlan('full');
  const save = async (): Promise<string> => {
    const path = join(rig.home, `saved-${String((saved += 1))}.json`);
    const { code, stderr } = await rig.run(['plan', plan, '--refresh', 'auto', '--rows', '--out', path]);
    expect(code, stderr).toBe(0);
    return path;
  };
  const apply = async (...words: readonly string[]) => {
    const { stdout, stderr } = await rig.run(['apply', ...words, '--confirm-target', 'staging', '--json']);
    expect(stderr).not.toContain('error[');
    return (JSON.parse(stdout) as { readonly outcomes: readonly { readonly tables: number }[] }).outcomes[0]
      ?.tables;
  };
  expect(await apply(await save())).toBe(5);
  expect(await apply(await save(), '--full')).toBe(6);
});
let saved = 0;
