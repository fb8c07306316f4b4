import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const realPathOf = (name: string): string => execFileSync('which', [name], { encoding: 'utf8' }).trim();

/** The real programs, for scripts that stand in for them. */
export const REAL = { dump: realPathOf('mariadb-dump'), loader: realPathOf('mariadb') } as const;

/** A folder whose `mariadb-dump` and `mariadb` do what the scripts say. */
export interface FakeClients {
  readonly folder: string;
  /** Put it first in PATH. */
  readonly path: string;
  /** A file that a script wrote into `$FOLDER`; empty when there is none. */
  read(name: string): string;
  list(): readonly string[];
  remove(): void;
}

/**
 * Shell scripts in the place of the clients; they know `$REAL`, the real program, and `$FOLDER`. Questions about
 * version and options are answered by the real one.
 */
export const fakeClients = (scripts: { readonly dump?: string; readonly loader?: string }): FakeClients => {
  const folder = mkdtempSync(join(tmpdir(), 'mysql-sync-fakes-'));
  for (const [role, name] of [
    ['dump', 'mariadb-dump'],
    ['loader', 'mariadb'],
  ] as const) {
    const file = join(folder, name);
    writeFileSync(
      file,
      `#!/bin/bash
REAL=${REAL[role]}
FOLDER=${folder}
case "$2" in --version|--help) exec "$REAL" "$@";; esac
${scripts[role] ?? 'exec "$REAL" "$@"'}
`,
    );
    chmodSync(file, 0o755);
  }
  const list = (): readonly string[] => readdirSync(folder);
  return {
    folder,
    path: `${folder}:/usr/bin:/bin`,
    read: (name) => (list().includes(name) ? readFileSync(join(folder, name), 'utf8') : ''),
    list,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};
