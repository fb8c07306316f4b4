import { execFile } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { sha256Hex } from '../../src/core/fingerprint.js';
import { nameScratchDatabase, toRunId } from '../../src/core/names.js';
import type { Rig } from './rig.js';
import { saveConnection } from './saved-home.js';
import { ROOT as ACCOUNT } from './servers.js';

const ROOT = resolve(import.meta.dirname, '../..');

/** A person who reads a page: an empty home, which is also the working folder, and the installed command. */
export interface Reader {
  readonly home: string;
  types(
    call: string,
    env?: Readonly<Record<string, string>>,
  ): Promise<{ readonly code: number; readonly output: string }>;
  /** The newest run in the history of this home. */
  latestRun(): Promise<string>;
  leaves(): void;
}

/** What a page may take for granted. */
export type Belonging = keyof typeof MAKERS;

/** `bin` holds the installed command; nothing of the working tree is in PATH. */
export const makeReader = async (
  bin: string,
  rig: Rig,
  belongings: readonly Belonging[],
): Promise<Reader> => {
  const home = mkdtempSync(join(tmpdir(), 'mysql-sync-reader-'));
  const reader: Reader = {
    home,
    types: (call, env = {}) => runInShell(call, { bin, home, env }),
    latestRun: async () => (await reader.types('mysql-sync history --limit 1')).output.split('\t')[0] ?? '',
    leaves: () => rmSync(home, { recursive: true }),
  };
  for (const belonging of belongings) await MAKERS[belonging](reader, rig);
  return reader;
};

const PLAN = `version: 1
name: nightly
source: prod
target: \${SYNC_TARGET:-staging}
databases: [{name: shop}, {name: crm}, {match: "app_*"}]
`;

const MASKED = `version: 1
source: prod
target: staging
databases: [{name: shop, tables: {only: [users]}}]
mask:
  key: "\${MASK_KEY:?openssl rand -hex 32}"
  columns: {'*email*': email}
`;
const LOCK = `version: 1
columns:
  shop.users.email: {mask: email, type: varchar(100)}
  shop.users.nickname: {mask: keep, type: varchar(50), reason: chosen to be public}
`;

const writePlanTo =
  (name: string) =>
  ({ home }: Reader): void =>
    writeFileSync(join(home, name), PLAN);

const save = ({ home }: Reader, name: string, port: number, access?: 'read-write'): Promise<void> =>
  saveConnection(
    { folder: join(home, '.local', 'share', 'mysql-sync') },
    name,
    { port },
    access && { access },
  );

const succeed = async (reader: Reader, call: string): Promise<void> => {
  const { code, output } = await reader.types(call);
  if (code !== 0) throw new Error(`${call}: exit code ${String(code)}: ${output}`);
};

const MAKERS = {
  connections: async (reader: Reader, { source, target }: Rig) => {
    await save(reader, 'prod', source.port);
    await save(reader, 'staging', target.port, 'read-write');
  },
  'a laptop': (reader: Reader, { target }: Rig) => save(reader, 'laptop', target.port, 'read-write'),
  'old connections': async (reader: Reader, { source }: Rig) => {
    await save(reader, 'old', source.port);
    await save(reader, 'older', source.port);
  },
  'nightly.yaml': writePlanTo('nightly.yaml'),
  'mysql-sync.yaml': writePlanTo('mysql-sync.yaml'),
  plans: ({ home }: Reader) => cpSync(join(ROOT, 'plans'), join(home, 'plans'), { recursive: true }),
  'a plan with masks': ({ home }: Reader) => {
    mkdirSync(join(home, 'plans'));
    writeFileSync(join(home, 'plans', 'shop.yaml'), MASKED);
    writeFileSync(join(home, 'plans', 'shop.mask.lock.yaml'), LOCK);
  },
  'an apply': (reader: Reader) => succeed(reader, 'mysql-sync apply nightly.yaml --confirm-target staging'),
  'a saved plan': (reader: Reader) => succeed(reader, 'mysql-sync plan nightly.yaml --out nightly.plan.json'),
  'outputs of workers': (reader: Reader) =>
    succeed(
      reader,
      'mysql-sync apply nightly.plan.json --confirm-target staging --events worker-1.ndjson --json > worker-1.json',
    ),
  'a password manager': ({ home }: Reader) => {
    mkdirSync(join(home, 'bin'));
    writeFileSync(join(home, 'bin', 'pass'), '#!/bin/sh\nprintf %s "$DB_PASSWORD"\n');
    chmodSync(join(home, 'bin', 'pass'), 0o755);
  },
  'an option file': ({ home }: Reader, { source }: Rig) => {
    const address = `host=127.0.0.1\nport=${String(source.port)}`;
    const account = `user=${ACCOUNT.user}\npassword=${JSON.stringify(ACCOUNT.password)}`;
    writeFileSync(join(home, '.my.cnf'), `[client]\n${address}\n${account}\n`, { mode: 0o600 });
  },
  'an option file of three servers': ({ home }: Reader, { source }: Rig) => {
    const account = `user=${ACCOUNT.user}\npassword=${JSON.stringify(ACCOUNT.password)}`;
    const groups = ['prod', 'old', 'crm'].map(
      (name) => `[${name}]\nhost=127.0.0.1\nport=${String(source.port)}\n`,
    );
    writeFileSync(join(home, '.my.cnf'), `[client]\n${account}\n${groups.join('')}`, { mode: 0o600 });
  },
  'a .env file': ({ home }: Reader, { target }: Rig) => {
    const account = `${ACCOUNT.user}:${encodeURIComponent(ACCOUNT.password)}`;
    const url = `mysql://${account}@127.0.0.1:${String(target.port)}/shop`;
    writeFileSync(join(home, '.env'), `DATABASE_URL="${url.replaceAll("'", '%27')}"\n`, { mode: 0o600 });
  },
  'the plan of the recipes': ({ home }: Reader, { source, target }: Rig) => {
    const recipe = readFileSync(join(ROOT, 'docs/guides/recipes/refresh-staging.yaml'), 'utf8')
      .replace(/host: \$\{PROD_HOST.*/, `host: 127.0.0.1\n  port: ${String(source.port)}`)
      .replace(/host: \$\{STAGING_HOST.*/, `host: 127.0.0.1\n  port: ${String(target.port)}`);
    writeFileSync(join(home, 'refresh-staging.yaml'), recipe);
  },
} satisfies Readonly<Record<string, (reader: Reader, rig: Rig) => void | Promise<void>>>;

/** What a run of another machine left behind, whose journal nobody can check here. */
export const leaveScratch = async ({ target }: Rig): Promise<string> => {
  const [run, live] = [toRunId('7q2f4k'), 'elsewhere'];
  const [staging, retired] = (['new', 'old'] as const).map((use) =>
    nameScratchDatabase(use, run, sha256Hex(live)),
  );
  const journal = JSON.stringify({
    ...{ format: 1, run, live, staging, retired },
    ...{ startedAt: '2026-11-01T10:00:00.000Z', phase: 'staging' },
    plan: { name: 'nightly', digest: '0'.repeat(64) },
  });
  await target.query(`DROP DATABASE IF EXISTS ${retired ?? ''}; CREATE DATABASE ${retired ?? ''};
    CREATE TABLE ${retired ?? ''}.mysql_sync_journal (id TINYINT PRIMARY KEY, body LONGTEXT NOT NULL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
    INSERT INTO ${retired ?? ''}.mysql_sync_journal VALUES (1, '${journal}')`);
  return retired ?? '';
};

const runInShell = (
  call: string,
  {
    bin,
    home,
    env,
  }: { readonly bin: string; readonly home: string; readonly env: Readonly<Record<string, string>> },
): ReturnType<Reader['types']> =>
  new Promise((settle) => {
    // What the reader brings along; there is no MYSQL_SYNC_HOME.
    const own = {
      PATH: [...(existsSync(join(home, 'bin')) ? [join(home, 'bin')] : []), bin, process.env['PATH']].join(
        ':',
      ),
      HOME: home,
      EDITOR: 'echo',
      DB_PASSWORD: ACCOUNT.password,
      MASK_KEY: 'a key that is only for tests',
      PROD_USER: ACCOUNT.user,
      PROD_PASSWORD: ACCOUNT.password,
      STAGING_USER: ACCOUNT.user,
      STAGING_PASSWORD: ACCOUNT.password,
    };
    const child = execFile(
      'bash',
      ['-c', call],
      { cwd: home, env: { ...own, ...env } },
      (_, stdout, stderr) => settle({ code: child.exitCode ?? -1, output: `${stdout}${stderr}` }),
    );
    child.stdin?.end();
  });
