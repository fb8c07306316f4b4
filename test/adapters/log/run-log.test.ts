import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openRunLog } from '../../../src/adapters/log/run-log.js';
import { toRunId } from '../../../src/core/names.js';

test('the oldest logs go, also of runs that began within one second', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mysql-sync-logs-'));
  const settings = { level: 'INFO', file_rotation: true, max_log_files: 2 } as const;
  try {
    for (const [id, milliseconds] of [
      ['zz', 1],
      ['mm', 2],
      ['aa', 30],
    ] as const)
      openRunLog({ folder, run: toRunId(id), settings, startedAt: new Date(milliseconds) }).close();
    expect(readdirSync(folder).sort()).toEqual([
      expect.stringMatching(/-mm\.jsonl$/),
      expect.stringMatching(/-aa\.jsonl$/),
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
