import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { OptionFileLogin } from '../adapters/option-file/read-login.js';
import type { UnsetVariables } from '../adapters/plan-file/check-plan.js';
import type { LocatedPlanFile, PlanTrust } from '../adapters/plan-file/read-sync-plan.js';
import type { Store } from '../adapters/store/open-store.js';
import type { RunHistory } from '../adapters/store/run-history.js';
import { type LoadedConfig, variableOfSetting } from '../core/plan/config.js';
import type { Access, Endpoint, SavedConnection } from '../core/server/connection.js';
import type { SavedPlan } from '../core/change/saved-plan.js';
import type { UnsavedPlan } from '../core/plan/unsaved-plan.js';
import { describeOutlook } from '../core/change/copy-outlook.js';
import { SyncError } from '../core/errors.js';
import { describeFlavor } from '../core/flavor.js';
import type { ResolvedOptions, ResolvedPlan } from '../core/plan/resolved-plan.js';
import type { EngineName } from '../core/plan/row-engines.js';
import { recordWhereAble } from './record-where-able.js';
import { type OptionOverrides, namePlan, resolvePlan, resolveTarget } from '../engine/load-plan.js';
import type { OpenServers } from '../engine/open-servers.js';
import type { ConnectionDirectory, EventSink, Ports, RowEngine, Servers } from '../engine/ports.js';
import { type AskPassword, createConnectionDirectory } from './connection-directory.js';
import type { EscapeKey, Prompts } from '../adapters/terminal/prompts.js';
import type { RunLog } from '../adapters/log/run-log.js';
import type { EventStream } from '../adapters/terminal/event-stream.js';
import type { RunId } from '../core/names.js';
import type { RunView } from '../adapters/terminal/run-view.js';
import type { Look } from '../render/look.js';
import type { Environment } from './frame/environment.js';
import { readWholeStdin } from './read-stdin.js';
import { reportToGithub } from './frame/github.js';
import { writeNotice } from './frame/output.js';
import type { RecapView } from '../render/recap.js';
import type { RunSummary } from '../core/run/outcome.js';
import type { Screen } from './frame/screen.js';

/**
 * The composition root: the only module that knows the adapters. Each is imported when a command first asks for it,
 * so that `--help` and `--version` load none.
 */
export class Composition {
  readonly #environment: Environment;
  /** As the person named it; undefined for the usual place. */
  readonly #configPath: string | undefined;
  readonly #notice: (line: string) => void;
  readonly #closers: (() => Promise<void>)[] = [];
  readonly #savedNames = new Set<string>();
  #hasAbandonedWork = false;
  #config: Promise<LoadedConfig> | undefined;
  #store: Promise<Store> | undefined;

  constructor(environment: Environment, configPath: string | undefined, notice: (line: string) => void) {
    this.#environment = environment;
    this.#configPath = configPath;
    this.#notice = notice;
  }

  /** The person's settings, read once; what is unknown in them is said once. */
  async config(): Promise<LoadedConfig> {
    this.#config ??= this.#loadConfig();
    return this.#config;
  }

  /** The config file, whether or not it is there. */
  get configPath(): string {
    return this.#configPath ?? this.#environment.paths.configFile;
  }

  /** Writes one known `section.key` into the config file, and returns the value as stored. */
  async writeSetting(key: string, text: string): Promise<string | number | boolean> {
    const { writeSetting } = await import('../adapters/plan-file/write-setting.js');
    const { makeFolder } = await import('../adapters/store/secure-files.js');
    await makeFolder(dirname(this.configPath));
    return writeSetting(this.configPath, key, text);
  }

  /** The environment variable that wins over a setting of the file, when it is set. */
  overridingVariable(key: string): string | undefined {
    const name = variableOfSetting(key);
    return this.#environment.variables[name] ? name : undefined;
  }

  async #loadConfig(): Promise<LoadedConfig> {
    const { loadConfig } = await import('../adapters/plan-file/load-config.js');
    const loaded = await loadConfig(
      this.configPath,
      this.#environment.variables,
      this.#configPath === undefined ? 'use-defaults' : 'refuse',
    );
    for (const warning of loaded.warnings) this.#notice(`warning: ${warning}`);
    return loaded;
  }

  /** The sync plan of a file, `-` (stdin), one that is in no file, or the default file of this folder when undefined. */
  async readPlan(
    plan: string | UnsavedPlan | undefined,
    unset: UnsetVariables = 'refuse',
  ): Promise<LocatedPlanFile> {
    const { readSyncPlan } = await import('../adapters/plan-file/read-sync-plan.js');
    const { variables } = this.#environment;
    if (typeof plan !== 'object')
      return readSyncPlan(plan, { variables, readStdin, unset, trust: this.#planTrust() });
    const secrets = Object.fromEntries([...plan.secrets].map(([name, secret]) => [name, secret.reveal()]));
    const file = await readSyncPlan('-', {
      variables: { ...variables, ...secrets },
      readStdin: () => Promise.resolve(Buffer.from(plan.text)),
    });
    return { ...file, path: plan.path };
  }

  #planTrust(): PlanTrust {
    const permitted = async (): Promise<readonly string[]> => {
      const { listPermitted } = await import('../adapters/plan-file/restrict-variables.js');
      return listPermitted((await this.config()).config.plans.variables);
    };
    return { isPipeline: this.#environment.isPipeline, permitted };
  }

  /** A sync plan with its connections and defaults. `ask` is left out where nobody can be asked for a password. */
  async resolvePlan(
    written: string | UnsavedPlan | undefined,
    overrides: OptionOverrides,
    { targetUse = 'read-write', ask }: { readonly targetUse?: Access; readonly ask?: AskPassword } = {},
  ): Promise<ResolvedPlan> {
    const file = await this.readPlan(written);
    for (const side of [file.plan.source, file.plan.target])
      if (typeof side === 'string') this.#savedNames.add(side);
    const connections = async (): Promise<ConnectionDirectory> => this.connectionDirectory(ask);
    return resolvePlan(file, { config: await this.config(), connections, overrides, targetUse });
  }

  /** A plan's target, or a saved connection by its name. */
  async resolveTarget(
    written: { readonly plan: string | undefined } | { readonly connection: string },
    ask?: AskPassword,
  ): Promise<Endpoint> {
    const surroundings = {
      config: await this.config(),
      connections: async () => Promise.resolve(this.connectionDirectory(ask)),
    };
    if ('connection' in written) return resolveTarget(written.connection, '', surroundings);
    return (await this.resolvePlanTarget(written.plan, ask)).target;
  }

  /** A plan's target, and which plan that is. */
  async resolvePlanTarget(
    written: string | undefined,
    ask?: AskPassword,
  ): Promise<Pick<ResolvedPlan, 'name' | 'path' | 'digest' | 'target'>> {
    const file = await this.readPlan(written);
    const { plan, path, digest, fromVariables } = file;
    const connections = async () => Promise.resolve(this.connectionDirectory(ask));
    const surroundings = { config: await this.config(), connections, fromVariables };
    return {
      name: namePlan(file),
      path,
      digest,
      target: await resolveTarget(plan.target, path, surroundings),
    };
  }

  async planFileExists(path: string): Promise<boolean> {
    const { planFileExists } = await import('../adapters/plan-file/write-sync-plan.js');
    return planFileExists(path);
  }

  async writePlan(path: string, text: string, existing: 'refuse' | 'replace'): Promise<void> {
    const { writeSyncPlan } = await import('../adapters/plan-file/write-sync-plan.js');
    await writeSyncPlan(path, text, existing);
  }

  /** Undefined when the file is not a saved plan. */
  async readSavedPlan(path: string): Promise<SavedPlan | undefined> {
    const { readSavedPlan } = await import('../adapters/plan-file/saved-plan-file.js');
    return readSavedPlan(path);
  }

  async writeSavedPlan(path: string, plan: SavedPlan): Promise<void> {
    const { writeSavedPlan } = await import('../adapters/plan-file/saved-plan-file.js');
    await writeSavedPlan(path, plan);
  }

  /** How a person is asked; the caller has made sure that one is there. */
  async prompts(escape: EscapeKey = 'ignored'): Promise<Prompts> {
    const { createPrompts } = await import('../adapters/terminal/prompts.js');
    return createPrompts(process.stderr, escape);
  }

  /** How a person is asked for a password; the caller has made sure that one is there. */
  async passwordPrompt(): Promise<AskPassword> {
    const prompts = await this.prompts();
    return (message) => prompts.password(message);
  }

  /** Shows a spinner while the work goes on; only for a terminal. Ctrl-C rejects with APPROVAL_DECLINED. */
  async spin<Result>(text: string, look: Look, work: () => Promise<Result>): Promise<Result> {
    const { spinWhile } = await import('../adapters/terminal/spinner.js');
    return spinWhile(text, look, work(), () => this.#abandonWork());
  }

  /** Work that Ctrl-C rejects with APPROVAL_DECLINED, also between two questions. */
  async untilInterrupted<Result>(work: () => Promise<Result>): Promise<Result> {
    const { untilInterrupted } = await import('../adapters/terminal/until-interrupted.js');
    return untilInterrupted(work(), () => this.#abandonWork());
  }

  #abandonWork(): void {
    this.#hasAbandonedWork = true;
  }

  /** Does work go on that nobody waits for? It would keep the process until it times out. */
  get hasAbandonedWork(): boolean {
    return this.#hasAbandonedWork;
  }

  /** What mysql-sync remembers: opened once, closed with the composition. */
  async store(): Promise<Store> {
    this.#store ??= this.#openStore();
    return this.#store;
  }

  async #openStore(): Promise<Store> {
    const { openStore } = await import('../adapters/store/open-store.js');
    const store = await openStore({
      folder: this.#environment.paths.stateFolder,
      now: () => new Date(),
      warn: this.#notice,
    });
    this.#closers.push(async () => store.close());
    return store;
  }

  /** What is saved about servers. Nothing is made to hold it: where there is no store, as in a pipeline, nothing is known. */
  async knownConnections(): Promise<readonly SavedConnection[]> {
    if (!this.#store && !existsSync(join(this.#environment.paths.stateFolder, 'state.db'))) return [];
    try {
      return await (await this.store()).connections.list();
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      this.#notice(`warning: which servers are protected cannot be read: ${error.message}`);
      return [];
    }
  }

  /** The saved connections and their passwords; `ask` is left out where nobody can be asked. */
  async connectionDirectory(ask?: AskPassword): Promise<ConnectionDirectory> {
    const { connections } = await this.store();
    return createConnectionDirectory(connections, ask);
  }

  async history(): Promise<RunHistory> {
    return (await this.store()).history;
  }

  /** The login in a MySQL option file: [client] and the named group. */
  async optionFileLogin(file: string, group: string): Promise<OptionFileLogin> {
    const { readOptionFileLogin } = await import('../adapters/option-file/read-login.js');
    return readOptionFileLogin(file, group);
  }

  async servers(): Promise<Servers> {
    const { createServers } = await import('../adapters/mysql/servers.js');
    // The store is opened only when a journal is read or written: planning needs none of it otherwise.
    return createServers({
      find: async (identity) =>
        existsSync(join(this.#environment.paths.stateFolder, 'journal.key'))
          ? (await this.store()).journalKeys.find(identity)
          : undefined,
      make: async (identity) => (await this.store()).journalKeys.make(identity),
    });
  }

  /** What a run needs of the world. */
  async ports(events: EventSink, options?: ResolvedOptions): Promise<Ports> {
    return {
      servers: await this.servers(),
      rowEngine: await this.#rowEngine(events, options),
      history: this.#environment.isPipeline
        ? recordWhereAble(
            () => this.history(),
            (error) => this.#goOnWithout('the history', error),
          )
        : await this.history(),
      events,
      clock: {
        now: () => new Date(),
        monotonic: () => performance.now(),
        sleep: async (milliseconds, signal) => delay(milliseconds, undefined, { signal }),
      },
    };
  }

  /** Whoever copies no rows has no options, and gets the one that is made of nothing. */
  async #rowEngine(events: EventSink, options: ResolvedOptions | undefined): Promise<RowEngine> {
    const makers: Readonly<Record<EngineName, (chosen: ResolvedOptions) => Promise<RowEngine>>> = {
      native: (chosen) => this.#nativeEngine(events, chosen),
      dump: () => this.#dumpEngine(),
    };
    return options ? makers[options.engine](options) : this.#dumpEngine();
  }

  async #nativeEngine(events: EventSink, { engine, parallel, verify }: ResolvedOptions): Promise<RowEngine> {
    const { createNativeEngine } = await import('../adapters/mysql/native/native-engine.js');
    return createNativeEngine({
      lanes: parallel,
      proof: verify,
      onConditions: ({ from }, conditions) =>
        events({
          type: 'conditions',
          database: from,
          message: describeOutlook({ engine, ...conditions }).join('; '),
        }),
    });
  }

  async #dumpEngine(): Promise<RowEngine> {
    const { createDumpEngine } = await import('../adapters/dump/dump-engine.js');
    return createDumpEngine({ path: this.#environment.variables['PATH'] ?? '', temporaryFolder: tmpdir() });
  }

  /** Did a plan name this saved connection, rather than write it out? */
  isSavedName(name: string): boolean {
    return this.#savedNames.has(name);
  }

  /**
   * Remembers when saved connections were last used, and which server answered. A pipeline leaves no trace, and a
   * store that can only be read is no obstacle.
   */
  async noteUse(plan: ResolvedPlan, servers: OpenServers): Promise<void> {
    if (this.#environment.isPipeline) return;
    try {
      await this.#touchSaved(plan, servers);
    } catch (error) {
      if (!isUnusable(error)) throw error;
      this.#notice(`warning: the use of these connections is not remembered: ${error.message}`);
    }
  }

  async #touchSaved({ source, target }: ResolvedPlan, servers: OpenServers): Promise<void> {
    for (const [{ name }, { facts }] of [
      [source, servers.source],
      [target, servers.target],
    ] as const) {
      if (!this.#savedNames.has(name)) continue;
      await (
        await this.store()
      ).connections.touch(name, {
        server: describeFlavor(facts.flavor),
        identity: facts.identity,
      });
    }
  }

  /** The log of one run, in the folder of the state; undefined in a pipeline that cannot write there. */
  async runLog(run: RunId): Promise<RunLog | undefined> {
    const { openRunLog } = await import('../adapters/log/run-log.js');
    const { config } = await this.config();
    const folder = join(this.#environment.paths.stateFolder, 'logs');
    try {
      await this.store();
      return openRunLog({ folder, run, settings: config.logging, startedAt: new Date() });
    } catch (error) {
      this.#goOnWithout('the log', error);
      return undefined;
    }
  }

  /** A pipeline throws its state away with the job, so a run there does without what it cannot write. */
  #goOnWithout(what: string, error: unknown): void {
    if (!this.#environment.isPipeline || !isUnusable(error)) throw error;
    this.#notice(`warning: this run goes on without ${what}: ${error.message}`);
  }

  /** `--events`: a file, `-` or a descriptor. */
  async eventStream(destination: string, run: RunId): Promise<EventStream> {
    const { openEventStream } = await import('../adapters/terminal/event-stream.js');
    return openEventStream(destination, run, {
      now: () => new Date(),
      warn: (line) => this.#notice(line),
    });
  }

  /** Annotations and the job's page, where the pipeline is GitHub's. */
  reportToGithub(summary: RunSummary, view: RecapView): void {
    reportToGithub(this.#environment.variables, summary, view, {
      command: writeNotice,
      say: (line) => this.#notice(line),
    });
  }

  /** Rows on a terminal that can show them, lines elsewhere, nothing under `--quiet`. */
  async runView({ error, isQuiet, format }: Screen, databases: number): Promise<RunView> {
    const { variables } = this.#environment;
    const { config } = await this.config();
    const clock = { monotonic: () => performance.now() };
    const isLive =
      error.isTerminal &&
      !isQuiet &&
      format === 'text' &&
      config.batch.show_progress &&
      !this.#environment.isPipeline &&
      variables['TERM'] !== 'dumb';
    if (isLive && error.columns >= 40 && databases < process.stderr.rows - 4) {
      const { createLiveView } = await import('../adapters/terminal/live-view.js');
      return createLiveView(process.stderr, clock);
    }
    const { createLineView } = await import('../adapters/terminal/line-view.js');
    return createLineView((line) => this.#notice(line), clock);
  }

  /** Closes what was opened, last first. */
  async close(): Promise<void> {
    // One that is still being opened, for work that failed meanwhile, would keep the process alive.
    await this.#store?.catch(() => undefined);
    for (const closeOne of this.#closers.splice(0).reverse()) await closeOne();
  }
}

export const compose = (
  environment: Environment,
  configPath: string | undefined,
  notice: (line: string) => void,
): Composition => new Composition(environment, configPath, notice);

const isUnusable = (error: unknown): error is SyncError =>
  error instanceof SyncError && error.code === 'STORE_UNUSABLE';

/** More than a plan may have is refused, so the rest need not be waited for. */
const readStdin = async (): Promise<Uint8Array> => {
  const { MOST_BYTES } = await import('../adapters/plan-file/read-checked.js');
  return readWholeStdin(process.stdin, MOST_BYTES);
};
