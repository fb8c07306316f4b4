import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore } from '../../src/adapters/store/open-store.js';
import { completeWords } from '../../src/cli/completion/complete.js';
import { SHELLS, type Shell } from '../../src/cli/completion/scripts.js';
import type { ConnectionName } from '../../src/core/names.js';
import { type ShellSession, installIn, startShell } from '../support/shell-session.js';

const home = mkdtempSync(join(tmpdir(), 'mysql-sync-completion-'));
const runs = (what: string): string => `$(touch ${what})\`touch ${what}\`;touch ${what}`;

const saveConnection = async (name: string): Promise<void> => {
  const store = await openStore({ folder: home, now: () => new Date(), warn: () => undefined });
  await store.connections.save(
    {
      // Nobody can save such a name, but the file can be written.
      name: name as ConnectionName,
      address: { kind: 'tcp', host: '127.0.0.1', port: 1 },
      user: 'u',
      tls: { mode: 'preferred' },
      access: 'read-only',
      isProtected: false,
    },
    undefined,
  );
  await store.close();
};

beforeAll(async () => {
  installIn(home);
  mkdirSync(join(home, 'files'));
  writeFileSync(join(home, 'files', runs('by-file')), '');
  writeFileSync(
    join(home, 'mysql-sync.yaml'),
    `databases: [{name: ${JSON.stringify(runs('by-database'))}}]\n`,
  );
  await saveConnection(runs('by-connection'));
});
afterAll(() => {
  rmSync(home, { recursive: true });
});

describe.each(SHELLS)('%s', (shell: Shell) => {
  let person: ShellSession;
  beforeAll(async () => {
    person = await startShell(shell, home);
  });
  afterAll(() => person.ends());

  test.each([
    ['connection of the store', 'connections test ', runs('by-connection'), 'by-connection'],
    ['database of a plan', 'plan --only ', runs('by-database'), 'by-database'],
    ['file', 'validate files/', `files/${runs('by-file')}`, 'by-file'],
  ])(
    'a %s whose name is a command: Tab makes one word of it, and nothing runs',
    async (_, typed, name, trace) => {
      const words = await person.completes(`mysql-sync ${typed}`);
      expect(words.at(-1)).toBe(name);
      expect(existsSync(join(home, trace))).toBe(false);
    },
  );
});

test('a name with a line end or an escape code: it is not offered, and the others are', async () => {
  const path = join(home, 'odd.yaml');
  writeFileSync(path, 'databases: [{name: "a\\nb"}, {name: "\\e[31mred"}, {name: "a\\tb"}, {name: good}]\n');
  expect(await completeWords(['plan', path, '--only', ''])).toBe('words\ngood\n');
});

test('a file that is no plan, no store and no text: nothing is offered, and nothing is said', async () => {
  const path = join(home, 'binary.yaml');
  writeFileSync(path, Buffer.from([0, 1, 2, 255, 254, 123]));
  for (const plan of [path, home, '/dev/zero', join(home, 'missing.yaml')])
    expect(await completeWords(['plan', plan, '--only', ''])).toBe('words\n');
});
