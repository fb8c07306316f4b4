import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CORE_SCHEMA, load } from 'js-yaml';
import { expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const SCRIPT = join(ROOT, 'scripts', 'node-versions.mjs');
const MAJORS = [20, 22, 24, 26];
const NOT_AVAILABLE = 69;

const smoke = (major: number): Promise<{ readonly code: number; readonly output: string }> =>
  new Promise((settle) => {
    const child = execFile(process.execPath, [SCRIPT, String(major)], (_, stdout, stderr) =>
      settle({ code: child.exitCode ?? -1, output: `${stdout}${stderr}` }),
    );
  });

// The first time each version is downloaded, some 50 MB.
test.for(MAJORS)(
  'commands, store and driver run on Node %i',
  { timeout: 300_000 },
  async (major, { skip }) => {
    const { code, output } = await smoke(major);
    if (code === NOT_AVAILABLE && process.env['MYSQL_SYNC_NODE_VERSIONS_REQUIRED'] === undefined) {
      process.stderr.write(
        `NOT TESTED on Node ${String(major)}, which could not be downloaded:\n${output}\n`,
      );
      skip(`Node ${String(major)} could not be downloaded`);
    }
    expect([code, output]).toEqual([0, expect.stringContaining(`Node ${String(major)} runs mysql-sync`)]);
  },
);

interface Workflow {
  readonly jobs: {
    readonly test: {
      readonly strategy: { readonly matrix: { readonly node: readonly number[] } };
      readonly steps: readonly { readonly run?: string }[];
    };
  };
}

test('the workflow of the project runs the whole suite on each of them, with servers of other versions', () => {
  const text = readFileSync(join(ROOT, '.github', 'workflows', 'ci.yml'), 'utf8');
  const { strategy, steps } = (load(text, { schema: CORE_SCHEMA }) as Workflow).jobs.test;
  expect(strategy.matrix.node).toEqual(MAJORS);
  expect(steps.flatMap(({ run }) => run ?? []).slice(-2)).toEqual(['npm run servers', 'npm test']);
});
