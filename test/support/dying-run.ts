import { setTimeout as sleep } from 'node:timers/promises';
import { createServers } from '../../src/adapters/mysql/servers.js';
import { toRunId } from '../../src/core/names.js';
import type { ResolvedPlan } from '../../src/core/plan/resolved-plan.js';
import type { DatabaseOutcome } from '../../src/core/run/outcome.js';
import { Secret } from '../../src/core/secret.js';
import { applyChangeSet } from '../../src/engine/apply-change-set.js';
import { readScratch } from '../../src/engine/journal.js';
import { closeServers, openServers, planSync } from '../../src/engine/plan-sync.js';
import type { TableLock } from '../../src/engine/ports/locks.js';
import type { Ports, Servers } from '../../src/engine/ports/ports.js';
import type { RowEngine } from '../../src/engine/ports/row-engine.js';
import type { Fence, TargetServer } from '../../src/engine/ports/target-server.js';
import type { HookSession, PreserveSession } from '../../src/engine/ports/target-sessions.js';
import { type Recovery, planRecovery, recoverTarget } from '../../src/engine/recover.js';
import { listKept } from '../../src/engine/roll-back.js';
import type { MayStay } from '../../src/engine/unfinished.js';
import { anEndpoint } from './inventory.js';
import { ROOT, type TestServer } from './servers.js';

/**
 * A run whose process is killed: from step N on, every call to the target fails here, those that would clean up included.
 */

const CHANGES: ReadonlySet<string | symbol> = new Set([
  'createDatabase',
  'alterDatabase',
  'dropDatabase',
  'createTables',
  'setCounters',
  'dropTables',
  'createPrograms',
  'dropPrograms',
  'lockTables',
  'release',
  'openPreserve',
  'take',
  'put',
  'clear',
  'openHooks',
  'change',
  'renameTables',
  'restoreOutsideKeys',
  'dropKeys',
  'writeJournal',
  'writeProvenance',
]);

export interface Death {
  /** What is counted from: `failure`, the first call that fails. */
  readonly from?: 'start' | 'failure';
  /** Dies before the first call of this name. */
  readonly before?: keyof TargetServer;
  /** What somebody else does to the target just before its tables move. */
  readonly beforeRename?: () => Promise<unknown>;
  /** Id of the run; always the same one when absent. */
  readonly run?: string;
}

/**
 * Lets the first calls that change the target through, counted from the start or from the first that fails; from then on
 * nothing gets through at all.
 */
const dyingServers = (
  survivingCalls: number,
  { from = 'start', before, beforeRename }: Death,
): { readonly servers: Servers; readonly hasDied: () => boolean } => {
  const servers = createServers();
  let calls = 0;
  let isCounting = from === 'start';
  let isDead = false;
  const wrap = <Part extends object>(part: Part): Part =>
    new Proxy(part, {
      get: (real, key) => {
        const member: unknown = Reflect.get(real, key);
        if (typeof member !== 'function' || key === 'close') return member;
        return async (...words: unknown[]): Promise<unknown> => {
          if (isCounting && CHANGES.has(key)) calls += 1;
          isDead ||= calls > survivingCalls || key === before;
          if (isDead) throw new Error('the process is dead');
          if (key === 'renameTables') await beforeRename?.();
          try {
            const result = await (member as (...all: unknown[]) => Promise<unknown>).apply(real, words);
            if (key === 'openFence') {
              const fence = result as Fence;
              return { ...fence, operations: wrap(fence.operations) };
            }
            return key === 'openHooks' || key === 'openPreserve' || key === 'lockTables'
              ? wrap(result as HookSession | PreserveSession | TableLock)
              : result;
          } catch (error) {
            isCounting = true;
            throw error;
          }
        };
      },
    });
  return {
    servers: { ...servers, openTarget: async (endpoint) => wrap(await servers.openTarget(endpoint)) },
    hasDied: () => isDead,
  };
};

const makePorts = (servers: Servers, rowEngine: RowEngine): Ports => ({
  servers,
  rowEngine,
  history: {
    open: () => Promise.resolve(),
    record: () => Promise.resolve(),
    close: () => Promise.resolve(),
    forgetCopy: () => Promise.resolve(),
  },
  events: () => undefined,
  clock: {
    now: () => new Date(),
    monotonic: () => performance.now(),
    sleep: async (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
  },
});

export const endpointIn = (role: 'source' | 'target', { port }: Pick<TestServer, 'port'>) =>
  anEndpoint(role, role, {
    address: { kind: 'tcp', host: '127.0.0.1', port },
    user: ROOT.user,
    password: new Secret(ROOT.password),
    tls: { mode: 'disabled' },
  });

export interface End {
  readonly hasDied: boolean;
  /** What the recap says of the live database. */
  readonly said: DatabaseOutcome['targetState'] | undefined;
  readonly notes: DatabaseOutcome['notes'];
}

/** Applies until the process dies after so many changes, counted as `dyingServers` does. */
export const applyPlanUntilDeath = async (
  plan: ResolvedPlan,
  rowEngine: RowEngine,
  survivingCalls: number,
  death: Death = {},
): Promise<End> => {
  const { servers, hasDied } = dyingServers(survivingCalls, death);
  const open = await openServers(plan, createServers());
  const narrowing = { only: [], exclude: [] };
  const never = new AbortController().signal;
  try {
    const { changeSet } = await planSync(plan, open, narrowing, new Date());
    const { outcomes } = await applyChangeSet(
      {
        run: toRunId(death.run ?? 'aaaaaa'),
        savedPlan: undefined,
        plan,
        changeSet,
        narrowing,
        onFailure: 'continue',
        signals: { drain: never, abort: never },
        keep: 'previous',
        lockWaitMilliseconds: 0,
        maxRetries: 0,
        startedBy: 'test',
        processId: process.pid,
        logPath: undefined,
      },
      open,
      makePorts(servers, rowEngine),
    );
    return { hasDied: hasDied(), said: outcomes[0]?.targetState, notes: outcomes[0]?.notes ?? [] };
  } finally {
    await closeServers(open);
  }
};

export const withTarget = async <Result>(
  target: TestServer,
  work: (server: TargetServer) => Promise<Result>,
): Promise<Result> => {
  const server = await createServers().openTarget(endpointIn('target', target));
  try {
    return await work(server);
  } finally {
    await server.close();
  }
};

/** What the next run does first, all of it approved. */
export const recoverAll = async (target: TargetServer, mayStay?: MayStay): Promise<Recovery> => {
  const { steps } = await planRecovery(target, await readScratch(target), mayStay);
  const lock = await target.lockForRun(toRunId('bbbbbb'));
  try {
    return await recoverTarget(target, lock, steps, mayStay);
  } finally {
    await lock.release();
  }
};

/** Gives the scratch databases that are left beside those that are kept for a rollback. */
export const recoverRun = (target: TestServer): Promise<readonly string[]> =>
  withTarget(target, async (server) => {
    await recoverAll(server);
    const left = await readScratch(server);
    return left
      .filter(({ database }) => !listKept(left, []).some(({ retired }) => retired === database))
      .map(({ database }) => database);
  });
