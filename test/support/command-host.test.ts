import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CliResult, runCli, spawnCli } from './cli.js';
import { type Rig, startRig } from './rig.js';

/** A command that runs where others have run prints and returns what a process of its own does. */

let rig: Rig;
let plan: string;
beforeAll(async () => {
  rig = await startRig();
  await rig.source.query(
    'CREATE DATABASE shop; CREATE TABLE shop.t (id INT PRIMARY KEY); INSERT INTO shop.t VALUES (1), (2)',
  );
  plan = rig.writePlan('databases: [{name: shop}]');
});
afterAll(async () => rig.stop());

interface Call {
  readonly title: string;
  /** PLAN is the file of a plan. */
  readonly argv: readonly string[];
  readonly stdin?: string;
}

const CALLS: readonly Call[] = [
  { title: 'the version', argv: ['--version'] },
  { title: 'the overview', argv: [] },
  { title: 'help of a command', argv: ['apply', '--help'] },
  { title: 'an unknown command', argv: ['aply'] },
  { title: 'an unknown flag', argv: ['plan', '--nope'] },
  { title: 'an error as JSON', argv: ['plan', 'none.yaml', '--json'] },
  { title: 'a plan', argv: ['plan', 'PLAN'] },
  { title: 'a plan as JSON', argv: ['plan', 'PLAN', '--json'] },
  { title: 'a plan on stdin', argv: ['validate', '-'], stdin: 'version: 1\nname: x\n' },
  { title: 'nothing on stdin', argv: ['validate', '-'] },
  {
    title: 'a password on stdin',
    argv: [
      'connections',
      'add',
      'x',
      '--host',
      '127.0.0.1',
      '--port',
      '1',
      '--user',
      'u',
      '--password-stdin',
    ],
    stdin: 'secret\n',
  },
  { title: 'an apply that needs consent', argv: ['apply', 'PLAN', '--no-input'] },
  { title: 'a comparison', argv: ['verify', 'PLAN'] },
  { title: 'a list of nothing', argv: ['connections', 'list'] },
];

test.each(CALLS)('$title', async ({ argv: words, stdin }) => {
  const argv = words.map((word) => (word === 'PLAN' ? plan : word));
  const options = { env: rig.env, cwd: rig.home, ...(stdin === undefined ? {} : { stdin }) };
  const alone = await inNewHome((home) => spawnCli(argv, { ...options, home }).ended);
  const hosted = () => inNewHome((home) => runCli(argv, { ...options, home }));
  expect(steady(await hosted())).toEqual(steady(alone));
  expect(steady(await hosted())).toEqual(steady(alone));
});

const inNewHome = async (work: (home: string) => Promise<CliResult>): Promise<CliResult> => {
  const home = mkdtempSync(join(tmpdir(), 'mysql-sync-home-'));
  try {
    return await work(home);
  } finally {
    rmSync(home, { recursive: true });
  }
};

/** Without what no two runs have in common. */
const steady = ({ stdout, stderr, ...rest }: CliResult): CliResult => ({
  ...rest,
  stdout: withoutTimes(stdout),
  stderr: withoutTimes(stderr),
});

const withoutTimes = (text: string): string =>
  text.replaceAll(/mysql-sync-home-\w+/g, 'HOME').replaceAll(/\d{4}-\d\d-\d\d[T ][\d:.]+Z?/g, 'TIME');
