import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSyncPlan } from '../src/adapters/plan-file/read-sync-plan.js';
import type { SyncPlan } from '../src/core/plan/sync-plan.js';

const FOLDER = resolve(import.meta.dirname, '../plans');
const FILES = readdirSync(FOLDER);
const VARIABLES = { PROD_HOST: 'db-prod-1.internal', PROD_PASSWORD: 'x', CI_DB_PORT: '3307' };

const read = async (name: string): Promise<SyncPlan> => {
  const readStdin = (): Promise<Uint8Array> => Promise.reject(new Error('not asked for'));
  return (await readSyncPlan(join(FOLDER, name), { variables: VARIABLES, readStdin })).plan;
};

describe('sample plans', () => {
  test('there are some, and nothing else is beside them', () => {
    expect(FILES.length).toBeGreaterThanOrEqual(6);
    expect(FILES.filter((name) => !name.endsWith('.yaml'))).toEqual([]);
  });

  test.each(FILES)('%s is valid, tells editors its schema and bears the name of its file', async (name) => {
    expect((await read(name)).name).toBe(name.replace('.yaml', ''));
    expect(readFileSync(join(FOLDER, name), 'utf8')).toMatch(
      /^# yaml-language-server: \$schema=\.\.\/schemas\/sync-plan\.schema\.json\n/,
    );
  });

  test('ci-inline.yaml takes numbers from the environment and its file from beside the plan', async () => {
    const { source, target } = await read('ci-inline.yaml');
    expect(source).toMatchObject({ port: 3306, user: 'sync_ro', tls: { ca: join(FOLDER, 'prod-ca.pem') } });
    expect(target).toMatchObject({ port: 3307, password: '' });
  });

  test('subset-without-people.yaml uses one set of rules twice', async () => {
    const { databases } = await read('subset-without-people.yaml');
    const rules = databases.map(({ tables }) => tables);
    expect(rules[0]?.structure_only).toEqual(['customers', 'addresses', 'login_*', 'newsletter']);
    expect(rules[1]?.structure_only).toEqual(rules[0]?.structure_only);
    expect(Object.keys(rules[0]?.where ?? {})).toEqual(['orders', 'order_lines', 'products']);
  });
});
