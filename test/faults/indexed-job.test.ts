import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CORE_SCHEMA, load } from 'js-yaml';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type JobRules, runJob } from '../support/job-controller.js';
import { type Rig, startRig } from '../support/rig.js';

/** Real workers under the rules of the recipe for Kubernetes. */

const RECIPE = resolve(import.meta.dirname, '../../docs/guides/many-machines/kubernetes-job.yaml');
const NAMES = Array.from({ length: 16 }, (_, index) => `tenant${String(index + 1)}`);

interface Recipe {
  readonly spec: {
    readonly completions: number;
    readonly backoffLimitPerIndex: number;
    readonly podFailurePolicy: {
      readonly rules: readonly {
        readonly action: string;
        readonly onExitCodes?: { readonly values: readonly number[] };
      }[];
    };
  };
}

const readRules = (): JobRules => {
  const { spec } = load(readFileSync(RECIPE, 'utf8'), { schema: CORE_SCHEMA }) as Recipe;
  const { completions, backoffLimitPerIndex, podFailurePolicy } = spec;
  const failIndexOn = podFailurePolicy.rules.flatMap(({ action, onExitCodes }) =>
    action === 'FailIndex' ? (onExitCodes?.values ?? []) : [],
  );
  return { completions, backoffLimitPerIndex, failIndexOn };
};

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
  for (const name of NAMES) {
    await rig.source.query(`CREATE DATABASE ${name}`);
    rig.source.load(
      'CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(255)); INSERT INTO t SELECT seq, REPEAT(MD5(seq), 7) FROM seq_1_to_10000',
      name,
    );
  }
});
afterAll(async () => rig.stop());

test('a pod is killed, one dies while its replacement works, one is given up: each database is copied once', async () => {
  const plan = rig.writePlan(
    `databases: [${NAMES.map((name) => `{name: ${name}}`).join(', ')}]\noptions: {max_concurrent: 1}`,
  );
  const saved = join(rig.home, 'saved.plan.json');
  expect((await rig.run(['plan', plan, '--out', saved])).code).toBe(0);
  const rules = readRules();
  const last = rules.completions - 1;
  const ends = await runJob(
    rules,
    (index) => {
      const file = index === last ? join(rig.home, 'none.json') : saved;
      return rig.spawn(['apply', file, '--claim', '--confirm-target', 'staging', '--grace', '30'], {
        JOB_COMPLETION_INDEX: String(index),
      });
    },
    (pod) => {
      if (pod.try > 0 || pod.index > 1) return;
      void pod.process.waitFor(': swapping in').then(() => {
        if (pod.index === 0) pod.process.child.kill('SIGKILL');
        else pod.disrupt();
      });
    },
  );
  expect(ends.map(({ isDone }) => isDone)).toEqual(ends.map((_, index) => index !== last));
  expect(ends[0]?.codes).toEqual([null, 0]);
  // It may have had the last database when it was told to end.
  expect([
    [0, 0],
    [0, 143],
  ]).toContainEqual(ends[1]?.codes.toSorted());
  expect(ends[last]?.codes).toEqual([5]);
  expect(await rig.target.query('SELECT live FROM mysqlsync.applied ORDER BY live')).toEqual(
    NAMES.toSorted().map((live) => ({ live })),
  );
  for (const name of NAMES)
    expect(await rig.contentOf('target', name), name).toEqual(await rig.contentOf('source', name));
});
