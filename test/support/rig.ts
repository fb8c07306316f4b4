import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CliResult, type RunningCli, runCli, spawnCli, startCli } from './cli.js';
import { type DatabaseContent, readContent } from './content.js';
import type { TestFlavor } from './flavors.js';
import { ROOT, type TestServer, startServer } from './servers.js';

/** Two real servers, a home of its own and plans that reach the servers by inline connections. */
export interface Rig {
  readonly source: TestServer;
  readonly target: TestServer;
  /** Config, store and logs; also where plans are written. */
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  /** The target of a plan, reached at another port: by a proxy. */
  inlineTarget(port: number): string;
  /** Writes a plan whose source and target are this rig's servers; `body` is YAML from `databases:` on. */
  writePlan(body: string, overrides?: PlanOverrides): string;
  run(argv: readonly string[], stdin?: string): Promise<CliResult>;
  /** Rolls back the newest run that the target keeps something of, among these databases, approved. */
  rollBackNewest(...flags: readonly string[]): Promise<CliResult>;
  /** As a person with saved connections calls it: no password in the environment. */
  runWithoutEnv(argv: readonly string[], stdin?: string): Promise<CliResult>;
  startWithoutEnv(argv: readonly string[]): RunningCli;
  start(argv: readonly string[], env?: Readonly<Record<string, string>>): RunningCli;
  /** In a process of its own. */
  spawn(argv: readonly string[], env?: Readonly<Record<string, string>>): RunningCli;
  contentOf(server: 'source' | 'target', database: string): Promise<DatabaseContent | undefined>;
  /** Names of databases that mysql-sync left on the target. */
  scratchDatabases(): Promise<readonly string[]>;
  /** Drops this database on the target, and what mysql-sync left there. */
  clearTarget(database: string): Promise<void>;
  /** As another machine would begin: without store and history. */
  forgetState(): void;
  stop(): Promise<void>;
}

export interface PlanOverrides {
  readonly source?: string;
  readonly target?: string;
}

export interface RigOptions {
  /** The MariaDB of PATH when absent. */
  readonly flavor?: TestFlavor;
  /** The same as the source when absent. */
  readonly targetFlavor?: TestFlavor;
  readonly sourceOptions?: readonly string[];
  readonly targetOptions?: readonly string[];
  /** The folder that the target's own is made in. */
  readonly targetRoot?: string;
}

export const startRig = async ({
  sourceOptions = [],
  targetOptions = [],
  targetRoot,
  flavor,
  targetFlavor = flavor,
}: RigOptions = {}): Promise<Rig> => {
  const [source, target] = await Promise.all([
    flavor ? flavor.start(sourceOptions) : startServer(sourceOptions),
    targetFlavor ? targetFlavor.start(targetOptions) : startServer(targetOptions, targetRoot),
  ]);
  const home = mkdtempSync(join(tmpdir(), 'mysql-sync-home-'));
  const env = {
    DB_PASSWORD: ROOT.password,
    WRONG_PASSWORD: 'nope',
    POOR_PASSWORD: 'pw-of-poor',
    ...(flavor && { PATH: `${flavor.binFolder}:${process.env['PATH'] ?? ''}` }),
  };
  const inline = (name: string, port: number): string =>
    `{name: ${name}, host: 127.0.0.1, port: ${String(port)}, user: ${ROOT.user}, password: "\${DB_PASSWORD}"`;
  const inlineTarget = (port: number): string => `${inline('staging', port)}, access: read-write}`;
  const run: Rig['run'] = (argv, stdin) =>
    runCli(argv, { home, env, cwd: home, ...(stdin === undefined ? {} : { stdin }) });
  const scratchDatabases = async (): Promise<readonly string[]> => {
    const rows = await target.query(
      "SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE 'mysql\\_sync\\_%'",
    );
    return rows.map((row) => String(row['name']));
  };
  let plans = 0;
  return {
    source,
    target,
    home,
    env,
    inlineTarget,
    writePlan: (body, overrides = {}) => {
      const path = join(home, `plan-${String((plans += 1))}.yaml`);
      const sourceYaml = overrides.source ?? `${inline('prod', source.port)}}`;
      const targetYaml = overrides.target ?? inlineTarget(target.port);
      writeFileSync(path, `version: 1\nname: test\nsource: ${sourceYaml}\ntarget: ${targetYaml}\n${body}\n`);
      return path;
    },
    run,
    rollBackNewest: async (...flags) => {
      const listed = await run(['rollback', ...flags, '--json']);
      if (listed.code !== 0) return listed;
      const { target: name, kept } = JSON.parse(listed.stdout) as {
        readonly target: string;
        readonly kept: readonly { readonly run: string; readonly started_at: string }[];
      };
      const [newest] = kept.toSorted((a, b) => b.started_at.localeCompare(a.started_at));
      return run(['rollback', newest?.run ?? '', ...flags, '--confirm-target', name]);
    },
    runWithoutEnv: (argv, stdin) =>
      runCli(argv, { home, cwd: home, ...(stdin === undefined ? {} : { stdin }) }),
    startWithoutEnv: (argv) => startCli(argv, { home, cwd: home }),
    start: (argv, extra = {}) => startCli(argv, { home, env: { ...env, ...extra }, cwd: home }),
    spawn: (argv, extra = {}) => spawnCli(argv, { home, env: { ...env, ...extra }, cwd: home }),
    contentOf: (server, database) => readContent(server === 'source' ? source : target, database),
    scratchDatabases,
    clearTarget: async (database) => {
      for (const name of [database, ...(await scratchDatabases())])
        await target.query(`SET FOREIGN_KEY_CHECKS = 0; DROP DATABASE IF EXISTS \`${name}\``);
    },
    forgetState: () => {
      for (const name of ['state.db', 'state.db-wal', 'state.db-shm'])
        rmSync(join(home, name), { force: true });
    },
    stop: async () => {
      await Promise.all([source.stop(), target.stop()]);
      rmSync(home, { recursive: true, force: true });
    },
  };
};
