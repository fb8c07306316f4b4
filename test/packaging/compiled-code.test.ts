import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { spawnCli } from '../support/cli.js';

/** Node 20 has no such call, so it gets one that says which folder it was given. */
const TELLS = `data:text/javascript,${encodeURIComponent(
  "import module from 'node:module'; module.enableCompileCache = (folder) => process.stdout.write(`kept in ${folder}\\n`);",
)}`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mysql-sync-compiled-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const start = async (home: string, env: Record<string, string> = {}): Promise<string> => {
  const { code, stdout } = await spawnCli(['--version'], {
    home,
    env: { NODE_OPTIONS: `--import=${TELLS}`, ...env },
  }).ended;
  expect(code).toBe(0);
  return stdout;
};

const makeHome = (name: string, mode: number): string => {
  const home = join(folder, name);
  mkdirSync(home, { recursive: true });
  chmodSync(home, mode);
  return home;
};

test('compiled code is kept in the folder of its own', async () => {
  const home = makeHome('own', 0o700);
  expect(await start(home)).toContain(`kept in ${join(home, 'compiled')}\n`);
  const data = makeHome('data/mysql-sync', 0o700);
  expect(await start('', { XDG_DATA_HOME: join(folder, 'data') })).toContain(
    `kept in ${join(data, 'compiled')}\n`,
  );
});

test('where others could put code into it, or there is no folder yet, none is kept', async () => {
  for (const home of [makeHome('shared', 0o777), makeHome('group', 0o770), join(folder, 'missing')])
    expect(await start(home)).not.toContain('kept in');
  if (process.getuid?.() !== 0) {
    process.stdout.write('SKIPPED: only root can make a folder of somebody else\n');
    return;
  }
  const others = makeHome('others', 0o755);
  chownSync(others, 12_345, 12_345);
  expect(await start(others)).not.toContain('kept in');
});
