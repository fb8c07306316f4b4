import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { PACKS } from '../../src/core/mask/packs/index.js';
import { type ConfigOrigin, DEFAULT_CONFIG, type LoadedConfig } from '../../src/core/plan/config.js';
import type { Connection } from '../../src/core/server/connection.js';
import { SyncError } from '../../src/core/errors.js';
import { toConnectionName } from '../../src/core/names.js';
import type { ResolvedPlan } from '../../src/core/plan/resolved-plan.js';
import { Secret } from '../../src/core/secret.js';
import type { InlineConnection, SyncPlan } from '../../src/core/plan/sync-plan.js';
import { type PlanSurroundings, resolvePlan } from '../../src/engine/resolve-plan.js';

const saved = (name: string, access: Connection['access']): Connection => ({
  name: toConnectionName(name),
  address: { kind: 'tcp', host: `${name}.internal`, port: 3307 },
  user: 'sync',
  tls: { mode: 'required' },
  access,
  isProtected: false,
});

const SAVED = [saved('prod', 'read-only'), saved('staging', 'read-write'), saved("o'dd name", 'read-only')];

const DIRECTORY = {
  find: (name: string) => Promise.resolve(SAVED.find((connection) => connection.name === name)),
  names: () => Promise.resolve(SAVED.map(({ name }) => name)),
  password: ({ name }: Connection) => Promise.resolve(name === 'prod' ? new Secret('kept') : undefined),
};

const configWith = (maxConcurrent: number, origin: ConfigOrigin): LoadedConfig => ({
  config: { ...DEFAULT_CONFIG, batch: { ...DEFAULT_CONFIG.batch, max_concurrent: maxConcurrent } },
  origins: new Map([['batch.max_concurrent', origin]]),
  warnings: [],
  path: 'config.yaml',
});

const MINIMAL: SyncPlan = { version: 1, source: 'prod', target: 'staging', databases: [{ name: 'shop' }] };

const resolve = (
  plan: Partial<SyncPlan> = {},
  surroundings: Partial<PlanSurroundings> = {},
): Promise<ResolvedPlan> =>
  resolvePlan(
    { plan: { ...MINIMAL, ...plan }, path: 'plans/nightly.yaml', digest: 'd1' },
    {
      connections: () => Promise.resolve(DIRECTORY),
      config: configWith(1, 'default'),
      overrides: {},
      targetUse: 'read-write',
      ...surroundings,
    },
  );

const failureOf = async (attempt: Promise<unknown>): Promise<SyncError> => {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof SyncError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('resolvePlan', () => {
  test('reads masks in their order, and hides their key', async () => {
    const { mask } = await resolve({
      mask: {
        key: 'canary-key-0123456789',
        columns: { 'users.email': 'email', phone: { ends: 4 } },
        unless: { users: 'id < 10' },
      },
    });
    expect(mask).toMatchObject({
      columns: [
        { pattern: 'users.email', decision: { kind: 'email' } },
        { pattern: 'phone', decision: { kind: 'ends', keep: 4 } },
      ],
      unless: [{ table: 'users', where: 'id < 10' }],
      unclassified: 'refuse',
      scan: 'full',
    });
    expect(mask?.key.reveal()).toBe('canary-key-0123456789');
    expect(inspect(mask) + JSON.stringify(mask)).not.toContain('canary');
    expect(await resolve()).not.toHaveProperty('mask');
  });

  test('tries the rules of packs after those of the plan', async () => {
    const { mask } = await resolve({
      mask: { key: 'canary-key-0123456789', columns: { '*_email': 'keep' }, rules: ['laravel', 'wordpress'] },
    });
    expect(mask?.columns[0]).toEqual({ pattern: '*_email', decision: { kind: 'keep' } });
    expect(mask?.columns.slice(1).map(({ pattern, pack }) => `${pack ?? ''} ${pattern}`)).toEqual([
      ...PACKS.laravel.rules.map(({ pattern }) => `laravel ${pattern}`),
      ...PACKS.wordpress.rules.map(({ pattern }) => `wordpress ${pattern}`),
    ]);
  });

  test('applies every default', async () => {
    expect(await resolve()).toEqual({
      name: 'nightly',
      path: 'plans/nightly.yaml',
      digest: 'd1',
      source: {
        ...SAVED[0],
        role: 'source',
        isSaved: true,
        timeoutMilliseconds: 30_000,
        isPipelined: true,
        password: new Secret('kept'),
      },
      target: { ...SAVED[1], role: 'target', isSaved: true, timeoutMilliseconds: 30_000, isPipelined: true },
      selections: [
        {
          kind: 'named',
          name: 'shop',
          as: 'shop',
          onExisting: 'overwrite',
          tables: { only: [], exclude: [], structure_only: [], external: [], where: {}, preserve: {} },
          programs: { exclude: [] },
          hooks: [],
        },
      ],
      options: {
        maxConcurrent: 1,
        smallAtOnce: 8,
        engine: 'native',
        parallel: 4,
        verify: 'digest',
        consistency: 'database',
        refresh: 'full',
        definers: 'keep',
        events: 'as_source',
        pace: { replicas: [] },
      },
    });
  });

  test.each([
    ['plans/nightly.yaml', 'nightly'],
    ['nightly.yml', 'nightly'],
    ['<stdin>', 'stdin'],
    ['.yaml', '.yaml'],
    ['plan', 'plan'],
  ])('a plan without a name in %s is called %s', async (path, name) => {
    const surroundings = {
      connections: () => Promise.resolve(DIRECTORY),
      config: configWith(1, 'default'),
      overrides: {},
      targetUse: 'read-write',
    } as const;
    expect((await resolvePlan({ plan: MINIMAL, path, digest: '' }, surroundings)).name).toBe(name);
  });

  test('entries inherit from the plan, and what they say themselves wins', async () => {
    const { selections } = await resolve({
      defaults: { on_existing: 'skip' },
      databases: [
        { name: 'shop', as: 'shop_copy', tables: { only: [], exclude: ['log_*'] } },
        { match: 'app_*', on_existing: 'fail' },
        { match: '*', exclude: ['tmp_*'] },
      ],
    });
    expect(selections).toMatchObject([
      {
        kind: 'named',
        name: 'shop',
        as: 'shop_copy',
        onExisting: 'skip',
        tables: { only: [], exclude: ['log_*'], where: {} },
      },
      { kind: 'matched', pattern: 'app_*', exclude: [], onExisting: 'fail' },
      { kind: 'matched', pattern: '*', exclude: ['tmp_*'], onExisting: 'skip' },
    ]);
  });

  test.each<[string, number | undefined, ConfigOrigin, number | undefined, number]>([
    ['the flag wins over everything', 9, 'environment', 5, 9],
    ['the environment wins over the plan', undefined, 'environment', 5, 2],
    ['the plan wins over the config file', undefined, 'file', 5, 5],
    ['the config file is used when the plan is silent', undefined, 'file', undefined, 2],
  ])('max_concurrent: %s', async (_title, flag, origin, planned, expected) => {
    const { options } = await resolve(planned === undefined ? {} : { options: { max_concurrent: planned } }, {
      config: configWith(2, origin),
      overrides: flag === undefined ? {} : { maxConcurrent: flag },
    });
    // Whoever has said how many gets so many.
    expect(options).toMatchObject({ maxConcurrent: expected, smallAtOnce: expected });
  });

  test.each([
    ['nobody has said how many', {}, 8],
    ['one moment for all databases', { consistency: 'batch' }, 1],
    ['others on the source are looked at', { pause_when: { threads_running: 40 } }, 1],
  ] as const)('small databases at once: %s', async (_title, options, expected) => {
    expect((await resolve({ options })).options).toMatchObject({ maxConcurrent: 1, smallAtOnce: expected });
  });

  test('the pace, with the replicas that are looked at', async () => {
    const replica = { name: 'reader', host: 'r1', user: 'u' } as const;
    const pause = { threads_running: 40, replica_lag: 30, replicas: [replica] } as const;
    const { pace } = (await resolve({ options: { max_rate: 5, pause_when: pause } })).options;
    expect(pace).toMatchObject({
      bytesPerSecond: 5_242_880,
      mostThreadsRunning: 40,
      mostLagSeconds: 30,
      replicas: [{ name: 'reader', role: 'source', access: 'read-only' }],
    });
  });

  test('one moment for all databases, which dump does not have', async () => {
    const plan = { options: { consistency: 'batch' } } as const;
    expect((await resolve(plan)).options.consistency).toBe('batch');
    await expect(resolve(plan, { overrides: { engine: 'dump' } })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
  });

  test('the engine flag wins over the plan', async () => {
    const plan = { options: { engine: 'native', verify: 'counts', parallel: 8 } } as const;
    expect((await resolve(plan)).options).toMatchObject({ engine: 'native', verify: 'counts', parallel: 8 });
    expect((await resolve(plan, { overrides: { engine: 'dump' } })).options.engine).toBe('dump');
  });
});

describe('inline connections', () => {
  const inline = (parts: Partial<InlineConnection>): Partial<SyncPlan> => ({
    source: { name: 'ci', user: 'root', host: 'db', ...parts },
  });

  test.each<[string, Partial<InlineConnection>, object]>([
    [
      'defaults',
      {},
      {
        address: { kind: 'tcp', host: 'db', port: 3306 },
        tls: { mode: 'preferred' },
        access: 'read-only',
        isProtected: false,
      },
    ],
    ['a port', { port: 3310 }, { address: { kind: 'tcp', host: 'db', port: 3310 } }],
    ['an authority is checked', { tls: { ca: '/ca.pem' } }, { tls: { mode: 'verify-ca', ca: '/ca.pem' } }],
    [
      'a mode',
      { tls: { mode: 'verify-identity', ca: '/ca.pem' } },
      { tls: { mode: 'verify-identity', ca: '/ca.pem' } },
    ],
    [
      'access and protection',
      { access: 'read-write', protected: true },
      { access: 'read-write', isProtected: true },
    ],
  ])('%s', async (_title, parts, expected) => {
    expect((await resolve(inline(parts))).source).toMatchObject(expected);
  });

  test('what the programs of the dump engine cannot check through a tunnel is refused where rows are copied', async () => {
    const tls = { mode: 'verify-identity', ca: '/ca.pem' } as const;
    const dump = { overrides: { engine: 'dump' } } as const;
    const tunnelled = inline({ ssh: 'bastion', tls });
    await expect(resolve(tunnelled, dump)).rejects.toMatchObject({ code: 'CONN_TLS' });
    await expect(resolve(inline({ tls }), dump)).resolves.toBeDefined();
    await expect(resolve(tunnelled)).resolves.toBeDefined();
    await expect(resolve(tunnelled, { ...dump, targetUse: 'read-only' })).resolves.toBeDefined();
  });

  test('on a socket there is nothing to encrypt', async () => {
    const { source } = await resolve({ source: { name: 'ci', user: 'root', socket: '/run/x.sock' } });
    expect(source).toMatchObject({
      address: { kind: 'socket', path: '/run/x.sock' },
      tls: { mode: 'disabled' },
    });
  });

  test('a password is a secret at once', async () => {
    const plan = await resolve(inline({ password: 'hunter2' }));
    expect(plan.source.password?.reveal()).toBe('hunter2');
    expect(inspect(plan, { depth: 9 }) + JSON.stringify(plan)).not.toContain('hunter2');
    expect('password' in (await resolve(inline({}))).source).toBe(false);
  });

  test('two of them need no store', async () => {
    const connections = (): Promise<never> => Promise.reject(new Error('the store was opened'));
    const target = { name: 'ci2', user: 'root', host: 'db', access: 'read-write' } as const;
    expect((await resolve({ ...inline({}), target }, { connections })).target.name).toBe('ci2');
  });
});

describe('refusals', () => {
  test('an unknown connection, with what was probably meant', async () => {
    const error = await failureOf(resolve({ source: 'prdo' }));
    expect([error.code, error.exitCode, error.message]).toEqual([
      'CONN_UNKNOWN',
      4,
      'there is no connection named "prdo"',
    ]);
    expect(error.hints).toEqual([
      'Did you mean "prod"?',
      'Save it:         mysql-sync connections add prdo',
      'Those there are: mysql-sync connections list',
    ]);
    expect((await failureOf(resolve({ source: 'xyz' }))).hints).toHaveLength(2);
  });

  test('a saved target that is read-only, with the command that changes it', async () => {
    const error = await failureOf(resolve({ target: "o'dd name" }));
    expect([error.code, error.exitCode, error.message]).toEqual([
      'TARGET_READ_ONLY',
      9,
      "o'dd name (sync@o'dd name.internal:3307) is read-only to mysql-sync, so it cannot be a target",
    ]);
    expect(error.hints).toEqual([
      "Permit it: mysql-sync connections add 'o'\\''dd name' --replace --access read-write",
    ]);
  });

  test('an inline target that is read-only, with the line to write', async () => {
    const error = await failureOf(resolve({ target: { name: 'ci', user: 'root', socket: '/x' } }));
    expect(error.hints).toEqual([
      'Permit it: write "access: read-write" under "target" in plans/nightly.yaml',
    ]);
  });

  test('a comparison only reads its target', async () => {
    expect((await resolve({ target: 'prod' }, { targetUse: 'read-only' })).target.access).toBe('read-only');
  });
});
