import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSyncPlan } from '../../src/adapters/plan-file/read-sync-plan.js';
import type { Connection } from '../../src/core/server/connection.js';
import { toConnectionName } from '../../src/core/names.js';
import type { PlanDraft } from '../../src/core/plan/plan-draft.js';
import type { SyncPlan } from '../../src/core/plan/sync-plan.js';
import { renderPlanDraft, renderPlanSteps } from '../../src/render/plan-draft.js';
import { quoteYamlText } from '../../src/render/yaml-text.js';

const SCHEMA = 'https://schemas.example/sync-plan.schema.json';
const connection = (name: string, more: Partial<Connection> = {}): Connection => ({
  name: toConnectionName(name),
  address: { kind: 'tcp', host: 'db.example', port: 3306 },
  user: 'sync_ro',
  tls: { mode: 'preferred' },
  access: 'read-only',
  isProtected: false,
  ...more,
});

const SAVED: PlanDraft = {
  source: { kind: 'saved', name: toConnectionName('prod') },
  target: { kind: 'saved', name: toConnectionName('staging') },
  databases: [{ name: 'shop' }, { name: 'crm' }],
  onExisting: 'overwrite',
  options: {},
};

const USED_ONCE: PlanDraft = {
  ...SAVED,
  source: {
    kind: 'used-once',
    connection: connection('prod-eu', { tls: { mode: 'verify-ca', ca: '/etc/ssl/db ca.pem' } }),
    passwordVariable: 'PROD_EU_PASSWORD',
  },
  target: {
    kind: 'used-once',
    connection: connection('local', {
      address: { kind: 'socket', path: '/run/mysqld/mysqld.sock' },
      user: "o'hara",
      tls: { mode: 'disabled' },
      access: 'read-write',
      isProtected: true,
    }),
    passwordVariable: undefined,
  },
  onExisting: 'skip',
  options: { max_concurrent: 2, engine: 'dump', verify: 'counts' },
};

const ODD_NAMES: PlanDraft = {
  ...SAVED,
  databases: [
    '2024',
    'null',
    'Yes',
    'it\'s: "quoted"',
    '${HOME}',
    '$${x',
    ' blank ',
    '#x',
    '- y',
    'tab\t',
    'größe',
    '*',
    'a.b',
  ].map((name) => ({ name })),
};

const GLOBS: PlanDraft = {
  ...SAVED,
  databases: [
    { match: 'app_*', exclude: ['*_archive', String.raw`app_\*`] },
    { match: '*', exclude: [] },
  ],
};

const render = (draft: PlanDraft): string => renderPlanDraft(draft, { path: 'nightly.yaml', schema: SCHEMA });

const read = async (text: string): Promise<SyncPlan> => {
  const folder = mkdtempSync(join(tmpdir(), 'mysql-sync-draft-'));
  try {
    const path = join(folder, 'nightly.yaml');
    writeFileSync(path, text);
    const variables = { PROD_EU_PASSWORD: 'secret' };
    return (await readSyncPlan(path, { variables, readStdin: () => Promise.reject(new Error('stdin')) }))
      .plan;
  } finally {
    rmSync(folder, { recursive: true });
  }
};

describe('the YAML that init writes', () => {
  test.each([
    ['saved', SAVED],
    ['used-once', USED_ONCE],
    ['odd-names', ODD_NAMES],
    ['globs', GLOBS],
  ])('%s', async (name, draft) => {
    await expect(render(draft)).toMatchFileSnapshot(`golden/plan-draft-${name}.yaml`);
  });

  test('reads as what was chosen', async () => {
    expect(await read(render(SAVED))).toEqual({
      version: 1,
      source: 'prod',
      target: 'staging',
      defaults: { on_existing: 'overwrite' },
      databases: [{ name: 'shop' }, { name: 'crm' }],
    });
    expect(await read(render(USED_ONCE))).toMatchObject({
      source: {
        name: 'prod-eu',
        host: 'db.example',
        password: 'secret',
        tls: { mode: 'verify-ca', ca: '/etc/ssl/db ca.pem' },
      },
      target: {
        name: 'local',
        socket: '/run/mysqld/mysqld.sock',
        user: "o'hara",
        access: 'read-write',
        protected: true,
      },
      options: { max_concurrent: 2, engine: 'dump', verify: 'counts' },
    });
    expect((await read(render(ODD_NAMES))).databases).toEqual(ODD_NAMES.databases);
    expect((await read(render(GLOBS))).databases).toEqual([
      { match: 'app_*', exclude: ['*_archive', String.raw`app_\*`] },
      { match: '*' },
    ]);
  });

  test('entries with rules read as those', async () => {
    const databases = [
      {
        name: 'shop',
        as: 'shop: copy',
        tables: { only: ['orders', '*_log'], where: { 'my table': "a = '${x}'" } },
      },
      { match: 'app_*', exclude: ['app_tmp'] },
      { match: '*', tables: { where: { '2024': 'id > 5\nAND 1', '${x}': 'a', no: 'b' } } },
    ];
    expect((await read(render({ ...SAVED, databases }))).databases).toEqual(databases);
  });

  test('property: any name reads as itself', async () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
    const piece = fc.constantFrom(
      '$',
      '{',
      '}',
      ':',
      '#',
      "'",
      '"',
      '\\',
      ' ',
      '\n',
      '\u0085',
      '\u2028',
      '\u007f',
      'a',
      '-',
    );
    const nasty = fc.string({ unit: piece, minLength: 1, maxLength: 12 });
    const property = fc.asyncProperty(fc.oneof(name, nasty), async (text) => {
      const yaml = `x-name: ${quoteYamlText(text)}\n${render(SAVED)}`.replace(
        'name: shop',
        () => `name: ${quoteYamlText(text)}`,
      );
      expect((await read(yaml)).databases[0]).toEqual({ name: text });
    });
    await fc.assert(property, { seed: 20261122, numRuns: 300 });
  });
});

test('what to type next names variables, and a saved plan where the target is protected', () => {
  expect(renderPlanSteps(SAVED, 'a b.yaml', 'open')).toEqual([
    "See what it would do:  mysql-sync plan 'a b.yaml'",
    "Then do it:            mysql-sync apply 'a b.yaml'",
  ]);
  expect(renderPlanSteps(USED_ONCE, 'n.yaml', 'protected')).toEqual([
    'Set PROD_EU_PASSWORD first: the plan takes the password of prod-eu from it.',
    'See what it would do:  mysql-sync plan n.yaml --out SAVED',
    'Then do exactly that:  mysql-sync apply SAVED',
  ]);
});
