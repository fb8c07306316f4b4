import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSyncPlan } from '../../../src/adapters/plan-file/read-sync-plan.js';
import { InvalidFileError } from '../../../src/core/plan/diagnostic.js';
import { renderDiagnostics } from '../../../src/render/diagnostics.js';

const FOLDER = join(import.meta.dirname, 'golden');
const VARIABLES = { PROD_PORT: '99999', WORD: 'many' };

const problemsOf = async (file: string): Promise<InvalidFileError> => {
  try {
    await readSyncPlan('-', { variables: VARIABLES, readStdin: () => Promise.resolve(readFileSync(file)) });
  } catch (error) {
    if (error instanceof InvalidFileError) return error;
    throw error;
  }
  throw new Error('there was no problem');
};

describe('what a broken plan file says', () => {
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.yaml')))
    test(file, async () => {
      const { diagnostics, exitCode } = await problemsOf(join(FOLDER, file));
      const lines = renderDiagnostics(diagnostics, { isTerminal: false, hasColor: false, columns: 80 });
      await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(join(FOLDER, file.replace('.yaml', '.txt')));
      expect(exitCode).toBe(5);
      // The passwords of these files, in any of the texts that a person or a script can see.
      expect(JSON.stringify(diagnostics)).not.toMatch(/hunter2|12345/);
      // In the order of the file, also for a script.
      const places = diagnostics.map(({ line, column }) => line * 1000 + column);
      expect(places).toEqual([...places].sort((a, b) => a - b));
    });
});
