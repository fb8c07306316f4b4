import type { RunningCli } from './cli.js';
import type { TestFlavor } from './flavors.js';
import { type Rig, startRig } from './rig.js';
import { ROOT } from './servers.js';
import { startStatementProxy } from './statement-proxy.js';

/** What an apply of these plans needs beside the plan. */
export const APPLY_WORDS = ['--auto-approve', '--confirm-target', 'staging', '--lock-timeout', '60'];

export interface HeldApply {
  readonly running: RunningCli;
  /** Lets the statement go on. */
  readonly release: () => void;
}

/** A source behind a proxy that holds statements back, and a plan that refreshes its database `shop` by way of that. */
export interface HeldSource {
  readonly rig: Rig;
  readonly plan: string;
  /** Another one, whose source is behind that proxy; `body` as of a rig. */
  writePlan(body: string): string;
  /** Begins an apply, which is about to ask the source for this when it resolves. */
  applyUntil(
    statement: RegExp,
    env?: Readonly<Record<string, string>>,
    what?: readonly string[],
  ): Promise<HeldApply>;
  /** Of an apply that a test has left. */
  killLast(): Promise<void>;
  stop(): Promise<void>;
}

export const startHeldSource = async (
  flavor: TestFlavor,
  load: (source: Rig['source']) => Promise<void>,
): Promise<HeldSource> => {
  const rig = await startRig({ flavor });
  const proxy = await startStatementProxy(rig.source.port);
  await load(rig.source);
  const writePlan = (body: string): string =>
    rig.writePlan(body, {
      source: `{name: prod, host: 127.0.0.1, port: ${String(proxy.port)}, user: ${ROOT.user}, password: "\${DB_PASSWORD}"}`,
    });
  const plan = writePlan('databases:\n  - name: shop\noptions: {refresh: auto}');
  let last: RunningCli | undefined;
  return {
    rig,
    plan,
    writePlan,
    applyUntil: async (statement, env = {}, what = [plan]) => {
      const isHeld = proxy.hold(statement);
      const running = (last = rig.spawn(['apply', ...what, ...APPLY_WORDS], env));
      const hasEnded = running.ended.then(({ stdout, stderr }): never => {
        throw new Error(`it ended before:\n${stdout}${stderr}`);
      });
      return { running, release: await Promise.race([isHeld, hasEnded]) };
    },
    killLast: async () => {
      last?.child.kill('SIGKILL');
      await last?.ended;
    },
    stop: async () => {
      await proxy.stop();
      await rig.stop();
    },
  };
};
