import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const SCRIPT = join(resolve(import.meta.dirname, '../..'), 'scripts', 'node-versions.mjs');
const NOT_AVAILABLE = 69;

const smoke = (major: number): Promise<{ readonly code: number; readonly output: string }> =>
  new Promise((settle) => {
    const child = execFile(process.execPath, [SCRIPT, String(major)], (_, stdout, stderr) =>
      settle({ code: child.exitCode ?? -1, output: `${stdout}${stderr}` }),
    );
  });

// The first time each version is downloaded, some 50 MB.
test.for([20, 22, 24, 26])(
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
