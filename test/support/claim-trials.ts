import { existsSync, mkdirSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EXIT_CODES } from '../../src/core/exit-codes.js';
import type { RunningCli } from './cli.js';
import { type Rig, startRig } from './rig.js';
import { startRandom } from './random.js';

export const FAULTS = ['kill', 'pause', 'restart'] as const;

export interface ClaimTrial {
  /** SIGKILL of workers; a worker that stands still until its locks are gone; SIGKILL of the target, which is started again. */
  readonly fault: (typeof FAULTS)[number];
  readonly workers: number;
  readonly milliseconds: number;
  /** Of a kill or a pause: which workers, as positions. */
  readonly victims: readonly number[];
}

export interface ClaimTrialEnd {
  readonly trial: ClaimTrial;
  /** Of the first workers, null for those that were killed. */
  readonly codes: readonly (number | null)[];
  /** Databases that do not hold what the source does, when workers that were started again have ended well. */
  readonly neither: readonly string[];
  /** Databases that more than one worker says to have applied. */
  readonly twice: readonly string[];
  /** How often workers had to be started again until one ended with 0. */
  readonly again: number;
}

const NAMES = Array.from({ length: 8 }, (_, index) => `tenant_${String(index)}`);

/** Databases of a few tables with programs, and one that reads another; half of them stand on the target with other content. */
export const startClaimRig = async (): Promise<Rig> => {
  const rig = await startRig();
  for (const name of NAMES) {
    await rig.source.query(`CREATE DATABASE ${name}`);
    rig.source.load(
      `CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(60), KEY (v)); INSERT INTO t SELECT seq, CONCAT('${name}', seq) FROM seq_1_to_3000;
       CREATE TABLE u (id INT PRIMARY KEY, t INT, CONSTRAINT fk FOREIGN KEY (t) REFERENCES t (id)); INSERT INTO u SELECT id, id FROM t;
       CREATE VIEW v AS SELECT COUNT(*) AS n FROM t; CREATE TRIGGER tr BEFORE INSERT ON u FOR EACH ROW SET NEW.t = NEW.id`,
      name,
    );
  }
  rig.source.load('CREATE VIEW other AS SELECT id FROM tenant_0.t', 'tenant_1');
  return rig;
};

const reset = async (rig: Rig): Promise<void> => {
  const { target } = rig;
  for (const name of [...NAMES, 'mysqlsync', ...(await rig.scratchDatabases())])
    await target.query(`SET FOREIGN_KEY_CHECKS = 0; DROP DATABASE IF EXISTS \`${name}\``);
  for (const name of NAMES.slice(0, 4)) {
    await target.query(`CREATE DATABASE ${name}`);
    target.load(
      `CREATE TABLE t (id INT PRIMARY KEY, gone INT); INSERT INTO t VALUES (1, 1); CREATE VIEW u AS SELECT id FROM t;
       CREATE TRIGGER tr_old BEFORE INSERT ON t FOR EACH ROW SET NEW.gone = 2`,
      name,
    );
  }
};

/** The same trials for the same seed. */
export const drawClaimTrials = (count: number, workers: number, seed: number): readonly ClaimTrial[] => {
  const random = startRandom(seed);
  return Array.from({ length: count }, (_, index) => ({
    fault: FAULTS[index % FAULTS.length] ?? 'kill',
    workers,
    milliseconds: Math.floor(random() * 3000),
    victims: Array.from({ length: 1 + Math.floor(random() * (workers - 1)) }, () =>
      Math.floor(random() * workers),
    ),
  }));
};

interface StartedWorker {
  readonly cli: RunningCli;
  readonly events: string;
}

/** Starts workers of one saved plan, disturbs them from a random moment on, and starts others until one ends well. */
export const runClaimTrial = async (rig: Rig, trial: ClaimTrial): Promise<ClaimTrialEnd> => {
  await reset(rig);
  const saved = join(rig.home, 'claims.json');
  const body = `databases: [${NAMES.map((name) => `{name: ${name}}`).join(', ')}]\noptions: {max_concurrent: 1}`;
  const planned = await rig.run(['plan', rig.writePlan(body), '--out', saved]);
  if (planned.code !== 0) throw new Error(planned.stderr);
  const all: StartedWorker[] = [];
  const start = (): StartedWorker => {
    const home = join(rig.home, `worker-${String(all.length)}-${String(performance.now())}`);
    mkdirSync(home, { mode: 0o700 });
    const events = join(home, 'events.jsonl');
    const words = ['apply', saved, '--claim', '--confirm-target', 'staging', '--events', events];
    const worker = { cli: rig.spawn(words, { MYSQL_SYNC_HOME: home }), events };
    all.push(worker);
    return worker;
  };
  const first = Array.from({ length: trial.workers }, start);
  await waitForWork(first, trial.milliseconds);
  await disturb(rig, first, trial);
  const codes = (await Promise.all(first.map(({ cli }) => cli.ended))).map(({ code }) => code);
  let again = 0;
  for (let code: number | null = null; code !== 0 && again < 5; again += 1)
    code = (await start().cli.ended).code;
  const neither: string[] = [];
  for (const name of NAMES) {
    const [is, wanted] = [await rig.contentOf('target', name), await rig.contentOf('source', name)];
    if (JSON.stringify(is) !== JSON.stringify(wanted)) neither.push(name);
  }
  const applied = all.flatMap(({ events }) => listApplied(events));
  const twice = NAMES.filter((name) => applied.filter((one) => one === name).length > 1);
  return { trial, codes, neither, twice, again };
};

/** From the first database that is begun on. */
const waitForWork = async (workers: readonly StartedWorker[], milliseconds: number): Promise<void> => {
  const isBegun = (): boolean => workers.some(({ events }) => read(events).includes('database-started'));
  while (!isBegun() && workers.some(({ cli }) => cli.child.exitCode === null)) await delay(20);
  await delay(milliseconds);
};

const disturb = async (
  rig: Rig,
  workers: readonly StartedWorker[],
  { fault, victims }: ClaimTrial,
): Promise<void> => {
  const chosen = [...new Set(victims)].flatMap((at) => workers[at] ?? []);
  if (fault === 'kill') for (const { cli } of chosen) cli.child.kill('SIGKILL');
  if (fault === 'restart') {
    rig.target.kill('SIGKILL');
    await rig.target.restart();
  }
  if (fault !== 'pause') return;
  for (const { cli } of chosen) cli.child.kill('SIGSTOP');
  for (const { cli } of chosen) await endSessions(rig, cli.child.pid);
  // The others find what is free by now.
  const others = workers.filter((worker) => !chosen.includes(worker));
  await Promise.all(others.map(({ cli }) => cli.ended));
  for (const { cli } of chosen) cli.child.kill('SIGCONT');
};

/** As a server does with a worker that has said nothing for too long: that of its swap ends before that of its locks. */
const endSessions = async (rig: Rig, pid: number | undefined): Promise<void> => {
  const ports = listPorts(pid);
  const sessions = await rig.target.query(
    'SELECT ID AS id, HOST AS host FROM information_schema.PROCESSLIST',
  );
  for (const { id, host } of sessions)
    if (ports.has(String(host).split(':').at(-1) ?? ''))
      // It may have ended by itself.
      await rig.target.query(`KILL ${String(id)}`).catch(() => undefined);
};

/** Of the process's own ends of TCP connections, as decimal digits. */
const listPorts = (pid: number | undefined): ReadonlySet<string> => {
  const folder = `/proc/${String(pid)}/fd`;
  // It has ended.
  if (!existsSync(folder)) return new Set();
  const sockets = new Set(
    readdirSync(folder).flatMap((fd) => /^socket:\[(\d+)\]$/.exec(readlinkSync(join(folder, fd)))?.[1] ?? []),
  );
  const lines = read('/proc/net/tcp').split('\n').slice(1);
  const ends = lines.map((line) => line.trim().split(/\s+/));
  return new Set(
    ends.flatMap(([, local = '', , , , , , , , inode = '']) =>
      sockets.has(inode) ? [String(Number.parseInt(local.split(':')[1] ?? '', 16))] : [],
    ),
  );
};

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

const listApplied = (events: string): readonly string[] =>
  read(events)
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map(
      (line) =>
        JSON.parse(line) as {
          readonly type: string;
          readonly database?: string;
          readonly outcome?: { readonly status: string };
        },
    )
    .flatMap(({ type, database, outcome }) =>
      type === 'database-finished' && outcome?.status === 'applied' && database !== undefined
        ? [database]
        : [],
    );

const KNOWN_CODES: ReadonlySet<number | null> = new Set(
  Object.entries(EXIT_CODES).flatMap(([name, { code }]) => (name === 'unexpected' ? [] : [code])),
);

/** Ends that no table of exit codes has, but those of workers that were killed. */
export const listOddCodes = ({ trial, codes }: ClaimTrialEnd): readonly (number | null)[] =>
  codes.filter(
    (code, at) => !KNOWN_CODES.has(code) && !(trial.fault === 'kill' && trial.victims.includes(at)),
  );

/** One line for each fault. */
export const renderClaimTrials = (ends: readonly ClaimTrialEnd[]): string => {
  const titles = {
    kill: 'SIGKILL of workers',
    pause: 'workers stand still',
    restart: 'SIGKILL of the target',
  };
  const sum = (fault: string, of: (end: ClaimTrialEnd) => number): string =>
    String(
      ends.filter(({ trial }) => trial.fault === fault).reduce((total, end) => total + of(end), 0),
    ).padStart(9);
  const head = ['trials', 'workers', 'neither', 'twice', 'odd code', 'again'].map((word) => word.padStart(9));
  const lines = FAULTS.map(
    (fault) =>
      titles[fault].padEnd(24) +
      sum(fault, () => 1) +
      sum(fault, ({ trial }) => trial.workers) +
      sum(fault, ({ neither }) => neither.length) +
      sum(fault, ({ twice }) => twice.length) +
      sum(fault, (end) => listOddCodes(end).length) +
      sum(fault, ({ again }) => again),
  );
  return ['fault'.padEnd(24) + head.join(''), ...lines].join('\n');
};
