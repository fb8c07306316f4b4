import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FaultRig, startFaultRig } from '../support/fault-rig.js';

/** The target's data on a file system of its own, which is filled up before the copy. */

const ROOM_BYTES = 320 * 2 ** 20;
const LEFT_BYTES = 6 * 2 ** 20;

const mountDisk = (): string | undefined => {
  const disk = mkdtempSync(join(tmpdir(), 'mysql-sync-disk-'));
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${String(ROOM_BYTES)}`, 'none', disk]).status === 0)
    return disk;
  rmSync(disk, { recursive: true });
  process.stderr.write('\nNOT TESTED: a full disk. Only root can mount a small file system.\n\n');
  return undefined;
};

const disk = mountDisk();

let rig: FaultRig;
beforeAll(async () => {
  if (disk !== undefined) rig = await startFaultRig({ targetRoot: disk });
});
afterAll(async () => {
  if (disk === undefined) return;
  await rig.stop();
  execFileSync('umount', [disk]);
  rmSync(disk, { recursive: true });
});

const hasDied = async (): Promise<boolean> =>
  rig.target.query('SELECT 1').then(
    () => false,
    () => true,
  );

test.runIf(disk !== undefined).each(['dump', 'native'])(
  '%s: the disk of the target is full',
  async (engine) => {
    await rig.reset();
    const filler = join(disk ?? '', 'filler');
    const { bavail, bsize } = statfsSync(disk ?? '');
    writeFileSync(filler, Buffer.alloc(bavail * bsize - LEFT_BYTES));
    const plan = rig.planWith(`{engine: ${engine}}`);
    const result = await rig.startApply(plan).ended;
    rmSync(filler);
    if (await hasDied()) {
      // MariaDB ends itself where a rollback finds no room: "[FATAL] InnoDB: Error (Out of disk space) in rollback".
      process.stderr.write(`\n${engine}: the full disk ended the server, which is started again.\n`);
      await rig.target.restart();
      expect(result.code).toBe(3);
      expect(await rig.liveContent()).toBe('old');
    } else {
      await rig.expectOld(result, /is full|No space left|Disk full/i);
      expect(await rig.scratchDatabases()).toEqual([]);
    }
    await rig.expectNextApplyGoesOn(plan);
  },
);
