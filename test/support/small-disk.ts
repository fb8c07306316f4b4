import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of its own, small enough to be filled. */
export interface SmallDisk {
  readonly folder: string;
  /** Writes a file that leaves so many bytes. */
  fill(leftBytes?: number): void;
  /** Removes that file. */
  empty(): void;
  makeReadOnly(): void;
  unmount(): void;
}

/** Undefined, with a note on stderr, where this user may not mount one. */
export const mountSmallDisk = (bytes: number, untested: string): SmallDisk | undefined => {
  const folder = mkdtempSync(join(tmpdir(), 'mysql-sync-disk-'));
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${String(bytes)}`, 'none', folder]).status !== 0) {
    rmSync(folder, { recursive: true });
    process.stderr.write(`\nNOT TESTED: ${untested}. Only root can mount a small file system.\n\n`);
    return undefined;
  }
  const filler = join(folder, 'filler');
  return {
    folder,
    fill: (leftBytes = 0) => {
      const { bavail, bsize } = statfsSync(folder);
      writeFileSync(filler, Buffer.alloc(bavail * bsize - leftBytes));
    },
    empty: () => rmSync(filler),
    makeReadOnly: () => {
      execFileSync('mount', ['-o', 'remount,ro', folder]);
    },
    unmount: () => {
      execFileSync('umount', [folder]);
      rmSync(folder, { recursive: true });
    },
  };
};
