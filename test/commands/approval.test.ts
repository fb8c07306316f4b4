import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseContent } from '../support/content.js';
import { type PlanOverrides, type Rig, startRig } from '../support/rig.js';
import { ROOT, type TestServer } from '../support/servers.js';
import { runInTerminal } from '../support/terminal.js';

/** The approval matrix, in a real terminal and without one. */

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

describe('servers are read', () => {
  const SERVERS = (): readonly TestServer[] => [rig.source, rig.target];
  /** How often the source was asked what its databases hold, and whether the target was locked before it was asked. */
  const countLooks = async (apply: () => Promise<{ readonly code: number | null }>) => {
    for (const server of SERVERS())
      await server.query("SET GLOBAL log_output = 'TABLE', general_log = ON; TRUNCATE mysql.general_log");
    const { code } = await apply();
    for (const server of SERVERS()) await server.query('SET GLOBAL general_log = OFF');
    const sent = await Promise.all(
      SERVERS().map(async (server) => {
        const rows = await server.query(
          'SELECT CONVERT(argument USING utf8mb4) AS text FROM mysql.general_log',
        );
        return rows.map(({ text }) => String(text));
      }),
    );
    const isLook = (text: string): boolean => text.includes('DEFAULT_COLLATION_NAME');
    const [source = [], target = []] = sent;
    return {
      code,
      looks: source.filter(isLook).length,
      isLockedFirst: target.findIndex((text) => text.includes('GET_LOCK')) < target.findIndex(isLook),
    };
  };

  test('once, under the lock of the target, where nobody is asked', async () => {
    expect(
      await countLooks(() => rig.run(['apply', rig.writePlan(OVERWRITE), '--confirm-target', 'staging'])),
    ).toEqual({ code: 0, looks: 1, isLockedFirst: true });
    expect(await rig.contentOf('target', 'shop')).toEqual(await rig.contentOf('source', 'shop'));
  });

  test('once more after a person has answered, who keeps nobody else waiting', async () => {
    expect(
      await countLooks(() => applyInTerminal(rig.writePlan(OVERWRITE), [{ after: NAME, type: 'staging\r' }])),
    ).toEqual({ code: 0, looks: 2, isLockedFirst: false });
  });

  test('once more where something is to be put in order first', async () => {
    await rig.target.query('CREATE DATABASE mysql_sync_new_abcdef_0123456789ab');
    expect(
      await countLooks(() => rig.run(['apply', rig.writePlan(OVERWRITE), '--confirm-target', 'staging'])),
    ).toEqual({ code: 0, looks: 2, isLockedFirst: true });
    expect(await rig.scratchDatabases()).toHaveLength(1);
  });
});

test('batch.confirm_destructive: false makes a yes enough, and is announced', async () => {
  writeFileSync(join(rig.home, 'config.yaml'), 'batch: {confirm_destructive: false}\n');
  const { code, screen } = await applyInTerminal(rig.writePlan(OVERWRITE), [{ after: YES, type: 'y\r' }]);
  expect(screen).toContain('batch.confirm_destructive is false');
  expect(code).toBe(0);
});

const protectedTarget = (): PlanOverrides => ({
  target: `{name: staging, host: 127.0.0.1, port: ${String(rig.target.port)}, user: ${ROOT.user}, password: "\${DB_PASSWORD}", access: read-write, protected: true}`,
});

const savePlan = async (plan: string): Promise<string> => {
  expect((await rig.run(['plan', plan, '--out', `${plan}.json`])).code).toBe(0);
  return `${plan}.json`;
};

const TYPED = { after: NAME, type: 'staging\r' };
const CONFIRMED = ['--confirm-target', 'staging'];

/** What the approval matrix has besides: saved plans, protected targets, and what stands on the command line. */
describe.each([
  ['ordinary', () => ({})],
  ['protected', protectedTarget],
] as const)('target %s', (kind, overrides) => {
  const isProtected = kind === 'protected';
  const write = (body: string): string => rig.writePlan(body, overrides());

  test.each([
    ['creates', CREATE],
    ['overwrites', OVERWRITE],
  ])('in a terminal, a saved plan that %s', async (what, body) => {
    const saved = await savePlan(write(body));
    const isFree = what === 'creates' && !isProtected;
    const { code, screen } = await applyInTerminal(saved, isFree ? [] : [TYPED]);
    expect([code, screen.includes(NAME), screen.includes(YES)]).toEqual([0, !isFree, false]);
  });

  test.each([
    ['creates', CREATE],
    ['overwrites', OVERWRITE],
  ])('without one, a plan that %s, and the same saved', async (what, body) => {
    const isFree = what === 'creates' && !isProtected;
    const plan = write(body);
    const saved = await savePlan(plan);
    const exits = async (argv: readonly string[]): Promise<number | null> =>
      (await rig.run(['apply', ...argv], 'staging\ny\n')).code;
    if (isProtected) expect(await exits([plan, ...CONFIRMED])).toBe(9);
    else expect(await exits([plan])).toBe(6);
    if (!isFree) {
      expect(await exits([saved])).toBe(6);
      expect(await exits([saved, '--auto-approve'])).toBe(6);
    }
    expect(await rig.contentOf('target', 'shop')).toEqual(old);
    expect(await exits(isFree ? [saved] : [saved, ...CONFIRMED])).toBe(0);
  });

  test('batch.confirm_destructive: false lets --auto-approve overwrite, unless it is protected', async () => {
    writeFileSync(join(rig.home, 'config.yaml'), 'batch: {confirm_destructive: false}\n');
    const saved = await savePlan(write(OVERWRITE));
    const { code, stderr } = await rig.run(['apply', saved, '--auto-approve']);
    expect(stderr).toContain('batch.confirm_destructive is false');
    expect(code).toBe(isProtected ? 6 : 0);
  });
});

test('in a terminal nothing is asked about a protected target: a saved plan is', async () => {
  const { code, screen } = await applyInTerminal(rig.writePlan(CREATE, protectedTarget()), []);
  expect(screen).toContain('error[TARGET_PROTECTED]');
  expect(code).toBe(9);
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
