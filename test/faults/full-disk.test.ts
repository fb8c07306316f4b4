import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FaultRig, startFaultRig } from '../support/fault-rig.js';
import { mountSmallDisk } from '../support/small-disk.js';

/** The target's data on a file system of its own, which is filled up before the copy. */

const ROOM_BYTES = 320 * 2 ** 20;
const LEFT_BYTES = 6 * 2 ** 20;

const disk = mountSmallDisk(ROOM_BYTES, 'a full disk of the target');

let rig: FaultRig;
beforeAll(async () => {
  if (disk) rig = await startFaultRig({ targetRoot: disk.folder });
});
afterAll(async () => {
  if (!disk) return;
  await rig.stop();
  disk.unmount();
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
    disk?.fill(LEFT_BYTES);
    const plan = rig.planWith(`{engine: ${engine}}`);
    const result = await rig.startApply(plan).ended;
    disk?.empty();
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
