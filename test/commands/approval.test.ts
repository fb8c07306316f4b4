import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseContent } from '../support/content.js';
import { type Rig, startRig } from '../support/rig.js';
import { runInTerminal } from '../support/terminal.js';

/** The approval matrix in a real terminal; without one it is part of apply.test.ts and saved-plan.test.ts. */

let rig: Rig;
let old: DatabaseContent | undefined;
beforeAll(async () => {
  rig = await startRig();
  await rig.source.query(
    'CREATE DATABASE shop; CREATE TABLE shop.t (id INT PRIMARY KEY); INSERT INTO shop.t VALUES (1); CREATE DATABASE crm',
  );
});
afterAll(async () => rig.stop());
beforeEach(async () => {
  for (const name of ['shop', 'crm', ...(await rig.scratchDatabases())])
    await rig.target.query(`DROP DATABASE IF EXISTS \`${name}\``);
  await rig.target.query('CREATE DATABASE shop; CREATE TABLE shop.t (id INT PRIMARY KEY)');
  old = await rig.contentOf('target', 'shop');
  writeFileSync(join(rig.home, 'config.yaml'), '');
});

const OVERWRITE = 'databases:\n  - name: shop';
const CREATE = 'databases:\n  - name: crm';
const NAME = "Type the target's name (staging)";
const YES = 'Apply this to staging?';

const applyInTerminal = (plan: string, answers: { after: string; type: string }[], ...flags: string[]) =>
  runInTerminal(['apply', plan, ...flags], { home: rig.home, env: rig.env, answers });

describe('overwriting costs the name of the target, in one attempt', () => {
  test('the name', async () => {
    const { code, screen } = await applyInTerminal(rig.writePlan(OVERWRITE), [
      { after: NAME, type: 'staging\r' },
    ]);
    expect(screen).toContain('REPLACES');
    expect(screen).toContain('RECAP on staging');
    expect(code).toBe(0);
    expect(await rig.contentOf('target', 'shop')).toEqual(await rig.contentOf('source', 'shop'));
  });

  test.each([
    ['another name', 'production\r'],
    ['nothing', '\r'],
    ['a yes', 'y\r'],
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('%s', async (_case, type) => {
    const { code, screen } = await applyInTerminal(rig.writePlan(OVERWRITE), [
      { after: NAME, type },
      ...(type === '\u0004' ? [{ after: NAME, type: '\u0003' }] : []),
    ]);
    expect(screen).toContain('Aborted. Nothing was changed.');
    expect(screen).not.toContain('error[');
    expect(code).toBe(6);
    expect(await rig.contentOf('target', 'shop')).toEqual(old);
  });
});

describe('creating costs a yes', () => {
  test.each([
    ['y\r', 0],
    ['n\r', 6],
    ['\r', 6],
    ['\u0003', 6],
  ])('%j', async (type, exit) => {
    const { code } = await applyInTerminal(rig.writePlan(CREATE), [{ after: YES, type }]);
    expect(code).toBe(exit);
    expect((await rig.contentOf('target', 'crm')) !== undefined).toBe(exit === 0);
  });
});

test('batch.confirm_destructive: false makes a yes enough, and is announced', async () => {
  writeFileSync(join(rig.home, 'config.yaml'), 'batch: {confirm_destructive: false}\n');
  const { code, screen } = await applyInTerminal(rig.writePlan(OVERWRITE), [{ after: YES, type: 'y\r' }]);
  expect(screen).toContain('batch.confirm_destructive is false');
  expect(code).toBe(0);
});

test('--no-input never asks, also on a terminal', async () => {
  const { code, screen } = await applyInTerminal(rig.writePlan(OVERWRITE), [], '--no-input');
  expect(screen).toContain('error[APPROVAL_REQUIRED]');
  expect(code).toBe(6);
});

test('the terminal is whole again afterwards: the cursor is shown', async () => {
  const { raw } = await applyInTerminal(rig.writePlan(OVERWRITE), [{ after: NAME, type: 'staging\r' }]);
  const hides = raw.lastIndexOf('\u001b[?25l');
  expect(raw.lastIndexOf('\u001b[?25h')).toBeGreaterThan(hides);
});
