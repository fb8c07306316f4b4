import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { runCli } from '../support/cli.js';
import type { TestFlavor } from '../support/flavors.js';
import { ROOT, type TestServer } from '../support/servers.js';
import { compareEverything, type Difference, type Normalize } from './compare.js';
import { normalizeExpected, normalizeFor, normalizeVendor } from './printed-otherwise.js';
import { readEverything } from './read-everything.js';
import { readPortably } from './read-portably.js';

export type Engine = 'dump' | 'native';
export type Naming = 'same name' | 'other name';

export interface Refusal {
  readonly database: string;
  readonly reason: string;
}

/** One apply of all databases of the fixture, compared object by object. */
export interface CellResult {
  readonly source: string;
  readonly target: string;
  readonly engine: Engine;
  readonly naming: Naming;
  readonly databases: number;
  readonly tables: number;
  readonly rows: number;
  readonly objects: number;
  readonly refusals: readonly Refusal[];
  /** What is not the same and what went wrong: must be empty. */
  readonly differences: readonly (Difference & { readonly database: string })[];
  readonly failures: readonly string[];
  readonly seconds: number;
}

const FIXTURES = resolve(import.meta.dirname, '../fixtures');

/** Views come first in the plan although they read what comes after them. */
export const DATABASES = {
  mariadb: [
    'atlas_views',
    'atlas',
    'atlas beside.%é',
    'atlas_empty',
    'atlas_exact',
    'atlas_own',
    'atlas_history',
    'atlas_union',
    'atlas_recent',
  ],
  mysql: [
    'atlas_views',
    'atlas',
    'atlas beside.%é',
    'atlas_empty',
    'atlas_exact',
    'atlas_own',
    'atlas_json',
    'atlas_opaque',
    'atlas_union',
  ],
} as const;

/** Line ends of the other kind, which no file in the repository may have. */
const LINE_ENDS =
  "CREATE PROCEDURE atlas.line_ends()\r\nBEGIN\r\n  -- of the other kind\r\n  SELECT 'a\\\\b';\r\nEND";

export const loadFixture = async (server: TestServer, { vendor }: TestFlavor): Promise<void> => {
  for (const file of ['atlas.sql', `atlas-${vendor}.sql`])
    server.load(readFileSync(join(FIXTURES, file), 'utf8'));
  await server.query(LINE_ENDS);
};

const nameOnTarget = (name: string, naming: Naming): string => (naming === 'same name' ? name : `${name} 2`);

export interface Pair {
  readonly sourceFlavor: TestFlavor;
  readonly targetFlavor: TestFlavor;
  readonly source: TestServer;
  readonly target: TestServer;
}

/** Plans, leaves out what the plan refuses, applies the rest with the built command line and compares. */
export const runCell = async (pair: Pair, engine: Engine, naming: Naming): Promise<CellResult> => {
  const startedAt = performance.now();
  const home = mkdtempSync(join(tmpdir(), 'mysql-sync-fidelity-'));
  try {
    const copied = await applyAll(pair, home, engine, naming);
    const compared = await compareAll(pair, copied, naming);
    return {
      source: pair.sourceFlavor.id,
      target: pair.targetFlavor.id,
      engine,
      naming,
      ...compared,
      refusals: copied.refusals,
      failures: copied.failures,
      seconds: (performance.now() - startedAt) / 1000,
    };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
};

interface Copied {
  readonly applied: readonly string[];
  readonly refusals: readonly Refusal[];
  readonly failures: readonly string[];
  /** What the plan says of each database. */
  readonly notes: ReadonlyMap<string, readonly string[]>;
}

interface PlannedDatabase {
  readonly from: string;
  readonly action: string;
  readonly hazards: readonly { readonly code: string; readonly severity: string; readonly message: string }[];
}

const applyAll = async (pair: Pair, home: string, engine: Engine, naming: Naming): Promise<Copied> => {
  const plan = writePlan(pair, home, engine, naming);
  const { PATH = '' } = process.env;
  const env = {
    PATH: [pair.sourceFlavor.binFolder, pair.targetFlavor.binFolder, PATH].join(delimiter),
    DB_PASSWORD: ROOT.password,
  };
  const run = (argv: readonly string[]) => runCli(argv, { home, env, cwd: home });
  const planned = await run(['plan', plan, '--json']);
  const { databases } = JSON.parse(planned.stdout) as { readonly databases: readonly PlannedDatabase[] };
  const refusals = databases
    .filter(({ action }) => action === 'blocked')
    .map(({ from, hazards }) => ({
      database: from,
      reason: hazards
        .filter(({ severity }) => severity === 'blocks')
        .map(({ code, message }) => `${code}: ${message}`)
        .join('; '),
    }));
  const refused = new Set(refusals.map(({ database }) => database));
  const open = databases.map(({ from }) => from).filter((name) => !refused.has(name));
  const notes = new Map(
    databases.map(({ from, hazards }) => [from, hazards.map(({ message }) => message)] as const),
  );
  if (open.length === 0) return { applied: [], refusals, failures: [], notes };
  const excluded = [...refused].flatMap((name) => ['--exclude', name]);
  const applied = await run([
    'apply',
    plan,
    '--json',
    '--no-input',
    '--confirm-target',
    'copy',
    '--no-keep-previous',
    ...excluded,
  ]);
  const outcome = readOutcome(applied.stdout, applied.stderr, open);
  const announced = outcome.failures.filter((failure) => isAnnounced(failure, databases));
  return {
    applied: outcome.applied,
    refusals: [...refusals, ...announced.map(({ database, reason }) => ({ database, reason }))],
    failures: outcome.failures
      .filter((failure) => !announced.includes(failure))
      .map(({ database, reason }) => `${database}: ${reason}`),
    notes,
  };
};

/** Which values would be damaged only the rows tell: the plan names the columns, and verification finds the values. */
const isAnnounced = ({ database, code }: Failure, databases: readonly PlannedDatabase[]): boolean =>
  (code === 'VERIFY_DIFFERENT' || code === 'COPY_FAILED') &&
  databases.some(
    ({ from, hazards }) => from === database && hazards.some((hazard) => ANNOUNCING.has(hazard.code)),
  );

const ANNOUNCING = new Set(['FLOAT_IN_DUMP', 'TEXT_IN_DUMP', 'JSON_AS_TEXT']);

interface Failure extends Refusal {
  readonly code: string;
}

interface Outcome {
  readonly from: string;
  readonly status: string;
  readonly error: { readonly code: string; readonly message: string } | null;
}

const readOutcome = (
  stdout: string,
  stderr: string,
  open: readonly string[],
): { readonly applied: readonly string[]; readonly failures: readonly Failure[] } => {
  const { outcomes = [] } = JSON.parse(stdout === '' ? '{}' : stdout) as {
    readonly outcomes?: readonly Outcome[];
  };
  const applied = outcomes.filter(({ status }) => status === 'applied').map(({ from }) => from);
  return {
    applied,
    failures: open
      .filter((name) => !applied.includes(name))
      .map((database) => {
        const outcome = outcomes.find(({ from }) => from === database);
        return {
          database,
          code: outcome?.error?.code ?? 'none',
          reason: outcome
            ? `${outcome.status}: ${outcome.error?.message ?? ''}`
            : `no outcome: ${stdout}${stderr}`,
        };
      }),
  };
};

const writePlan = (
  { sourceFlavor, source, target }: Pair,
  home: string,
  engine: Engine,
  naming: Naming,
): string => {
  const endpoint = (name: string, { port }: TestServer): string =>
    `{name: ${name}, host: 127.0.0.1, port: ${String(port)}, user: ${ROOT.user}, password: "\${DB_PASSWORD}"`;
  const databases = DATABASES[sourceFlavor.vendor].map(
    (name) =>
      `  - {name: ${JSON.stringify(name)}, as: ${JSON.stringify(nameOnTarget(name, naming))}${name === 'atlas_union' ? ', tables: {external: [together]}' : ''}}`,
  );
  const path = join(home, 'plan.yaml');
  writeFileSync(
    path,
    [
      'version: 1',
      'name: fidelity',
      `source: ${endpoint('original', source)}}`,
      `target: ${endpoint('copy', target)}, access: read-write}`,
      'databases:',
      ...databases,
      `options: {engine: ${engine}}`,
      '',
    ].join('\n'),
  );
  return path;
};

const compareAll = async (
  { sourceFlavor, targetFlavor, source, target }: Pair,
  { applied: names, notes }: Copied,
  naming: Naming,
): Promise<Pick<CellResult, 'databases' | 'tables' | 'rows' | 'objects' | 'differences'>> => {
  const counts = { databases: 0, tables: 0, rows: 0, objects: 0 };
  const differences: (Difference & { database: string })[] = [];
  for (const database of names) {
    const copy = nameOnTarget(database, naming);
    const isMixed = sourceFlavor.vendor !== targetFlavor.vendor;
    const read = isMixed ? readPortably : readEverything;
    const [left, right] = [await read(source, database), await read(target, copy)];
    if (!left || !right) throw new Error(`${database} is not on ${left ? 'the target' : 'the source'}`);
    counts.databases += 1;
    counts.tables += left.tables;
    counts.rows += left.rows;
    counts.objects += left.tables + left.programs + 1;
    const normalize = isMixed ? normalizeVendor : normalizeFor(sourceFlavor, targetFlavor);
    const announced = normalizeExpected(sourceFlavor, targetFlavor, notes.get(database) ?? []);
    const renamed: Normalize = (what, text) =>
      normalize(what, text.replaceAll(quoteBytes(copy), quoteBytes(database)));
    differences.push(
      ...compareEverything(left, right, announced, renamed).map((difference) => ({
        database,
        ...difference,
      })),
    );
  }
  return { ...counts, differences };
};

/** As `readEverything` has it: the bytes of UTF-8, one character each. */
const quoteBytes = (name: string): string => `${Buffer.from(`\`${name}\``, 'utf8').toString('latin1')}.`;
