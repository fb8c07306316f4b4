import { expect } from 'vitest';
import type { CliResult, RunningCli } from './cli.js';
import type { DatabaseContent } from './content.js';
import { type PlanOverrides, type Rig, type RigOptions, startRig } from './rig.js';
import { ROOT } from './servers.js';
import { type TcpProxy, startProxy } from './tcp-proxy.js';

/** A shop that takes a moment to copy, and another one on the target, to be replaced or kept whole. */
export interface FaultRig extends Rig {
  /** Between the product and its servers. */
  readonly proxies: { readonly source: TcpProxy; readonly target: TcpProxy };
  /** As when nothing was ever applied; resolves when the target is idle. */
  reset(): Promise<void>;
  /** A plan that reaches both servers through the proxies. */
  planWith(options: string, overrides?: PlanOverrides): string;
  startApply(plan: string, words?: FaultWords): RunningCli;
  /** Which of the two the live database is, by everything in it. */
  liveContent(): Promise<'old' | 'new' | 'neither'>;
  /** The run failed as it should, and its live database is the one of before. */
  expectOld(result: CliResult, ...texts: readonly (string | RegExp)[]): Promise<void>;
  /** Without the fault, the next apply cleans up and ends well. */
  expectNextApplyGoesOn(plan: string): Promise<void>;
}

export interface FaultWords {
  readonly retries?: number;
  /** Seconds. */
  readonly timeout?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** As a table, on servers without MariaDB's sequences too. */
const HUNDRED_THOUSAND = `(WITH d AS (${Array.from({ length: 10 }, (_, digit) => `SELECT ${String(digit)} AS n`).join(' UNION ALL ')})
  SELECT 1 + a.n + 10 * b.n + 100 * c.n + 1000 * e.n + 10000 * f.n AS seq FROM d a, d b, d c, d e, d f) AS numbers`;

/** 6 MB of rows: more than fits into the buffers on the way, and everything that a database can hold. */
const NEW = `CREATE TABLE orders (id INT PRIMARY KEY, v VARCHAR(60), KEY (v));
  INSERT INTO orders SELECT seq, LEFT(SHA2(seq, 256), 32) FROM ${HUNDRED_THOUSAND};
  CREATE TABLE items (id INT PRIMARY KEY, o INT, CONSTRAINT fk FOREIGN KEY (o) REFERENCES orders (id));
  INSERT INTO items SELECT seq, seq FROM ${HUNDRED_THOUSAND} WHERE seq <= 40000;
  CREATE VIEW v AS SELECT COUNT(*) AS n FROM items;
  CREATE TRIGGER t BEFORE INSERT ON items FOR EACH ROW SET NEW.o = NEW.id`;

const OLD = `CREATE TABLE orders (id INT PRIMARY KEY, gone INT); INSERT INTO orders VALUES (1, 1);
  CREATE VIEW items AS SELECT id FROM orders; CREATE PROCEDURE p() SELECT 1;
  CREATE TRIGGER t_old BEFORE INSERT ON orders FOR EACH ROW SET NEW.gone = 2`;

export const startFaultRig = async (options: RigOptions = {}): Promise<FaultRig> => {
  const rig = await startRig(options);
  const [source, target] = await Promise.all([startProxy(rig.source.port), startProxy(rig.target.port)]);
  await rig.source.query('CREATE DATABASE shop');
  rig.source.load(NEW, 'shop');
  const fresh = JSON.stringify(await rig.contentOf('source', 'shop'));
  let old: DatabaseContent | undefined;
  const inline = (name: string, { port }: TcpProxy): string =>
    `{name: ${name}, host: 127.0.0.1, port: ${String(port)}, user: ${ROOT.user}, password: "\${DB_PASSWORD}"`;
  const liveContent: FaultRig['liveContent'] = async () => {
    const text = JSON.stringify(await rig.contentOf('target', 'shop'));
    return text === JSON.stringify(old) ? 'old' : text === fresh ? 'new' : 'neither';
  };
  return {
    ...rig,
    proxies: { source, target },
    reset: async () => {
      await rig.clearTarget('shop');
      await rig.target.query('CREATE DATABASE shop CHARACTER SET latin1');
      rig.target.load(OLD, 'shop');
      old = await rig.contentOf('target', 'shop');
    },
    planWith: (text, overrides = {}) =>
      rig.writePlan(`databases:\n  - name: shop\noptions: ${text}`, {
        source: `${inline('prod', source)}}`,
        target: `${inline('staging', target)}, access: read-write}`,
        ...overrides,
      }),
    startApply: (plan, { retries = 0, timeout = 30, env = {} } = {}) =>
      rig.start(['apply', plan, '--confirm-target', 'staging'], {
        MYSQL_SYNC_CONNECTIONS_MAX_RETRIES: String(retries),
        MYSQL_SYNC_CONNECTIONS_DEFAULT_TIMEOUT: String(timeout),
        ...env,
      }),
    liveContent,
    expectOld: async ({ code, stdout }, ...texts) => {
      for (const text of texts) expect(stdout).toMatch(text);
      expect(stdout).toContain('shop on the target is UNCHANGED');
      expect(code).toBe(3);
      expect(await liveContent()).toBe('old');
    },
    expectNextApplyGoesOn: async (plan) => {
      const { code, stdout, stderr } = await rig.run(['apply', plan, '--confirm-target', 'staging']);
      expect(`${stdout}${stderr}`).not.toMatch(/error\[|FAILED/);
      expect(code).toBe(0);
      expect(await liveContent()).toBe('new');
      // What the last apply keeps for rollback, and nothing of the one that failed.
      expect(await rig.scratchDatabases()).toHaveLength(1);
    },
    stop: async () => {
      await Promise.all([source.stop(), target.stop()]);
      await rig.stop();
    },
  };
};
