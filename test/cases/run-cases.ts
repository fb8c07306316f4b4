import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { compareEverything, type Difference } from '../fidelity/compare.js';
import { normalizeExpected, normalizeFor, normalizeVendor } from '../fidelity/printed-otherwise.js';
import { readEverything } from '../fidelity/read-everything.js';
import { readPortably } from '../fidelity/read-portably.js';
import { runCli } from '../support/cli.js';
import type { TestFlavor } from '../support/flavors.js';
import { ROOT, type TestServer } from '../support/servers.js';
import type { Case, Engine, Setting } from './cases.js';

export interface CasePair {
  readonly sourceFlavor: TestFlavor;
  readonly targetFlavor: TestFlavor;
  readonly source: TestServer;
  readonly target: TestServer;
}

/** How one database of a case ended. */
export interface CaseResult {
  readonly from: string;
  readonly action: string;
  /** Codes and messages of the plan. */
  readonly announced: string;
  /** `not tried` for what the plan refused. */
  readonly status: string;
  readonly error: string;
  readonly differences: readonly Difference[];
  readonly isOnTarget: boolean;
}

const readCase = (file: string, folder: string): Buffer => {
  const bytes = readFileSync(join(import.meta.dirname, `${file}.sql`));
  // Not all of them are UTF-8, so bytes stay bytes.
  return Buffer.from(bytes.toString('latin1').replaceAll('@FOLDER@', folder), 'latin1');
};

const databasesOf = (text: string): readonly string[] => {
  const sql = text.replaceAll(/^--.*$/gm, '');
  const dropped = new Set([...sql.matchAll(/DROP DATABASE (\w+)/g)].map(([, name]) => name));
  return [...sql.matchAll(/CREATE DATABASE (\w+)/g)].flatMap(([, name = '']) =>
    dropped.has(name) ? [] : [name],
  );
};

interface LoadedCase {
  readonly one: Case;
  readonly databases: readonly string[];
}

/** Loads all of them into the source, applies them with one plan and tells how each ended, by file. */
export const runCases = async (
  pair: CasePair,
  engine: Engine,
  cases: readonly Case[],
): Promise<ReadonlyMap<string, readonly CaseResult[]>> => {
  const home = mkdtempSync(join(tmpdir(), 'mysql-sync-cases-'));
  const folder = mkdtempSync(join(pair.source.folder, 'elsewhere-'));
  try {
    for (const { first } of cases) if (first !== undefined) await pair.source.query(first);
    const loaded = cases.map((one) => loadCase(pair.source, one, folder));
    const settings = cases.flatMap(({ settings = [] }) => settings);
    try {
      await runSettings(pair, settings, 'before');
      const told = await planAndApply(pair, engine, loaded, home).finally(() =>
        runSettings(pair, settings, 'after'),
      );
      // The settings would hide what is there.
      return await compareAll(pair, loaded, told);
    } finally {
      await cleanUp(pair, loaded);
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
};

const loadCase = (source: TestServer, one: Case, folder: string): LoadedCase => {
  const sql = readCase(one.file, folder);
  source.load(sql, undefined, one.isForced ? 'go-on' : 'stop');
  return { one, databases: databasesOf(sql.toString('latin1')) };
};

const runSettings = async (
  { source, target }: CasePair,
  settings: readonly Setting[],
  when: 'before' | 'after',
): Promise<void> => {
  for (const setting of settings) {
    if (setting.on !== 'target') await source.query(setting[when]);
    if (setting.on !== 'source') await target.query(setting[when]);
  }
};

const nameOnTarget = ({ isRenamed }: Case, database: string): string =>
  isRenamed ? `${database}_copy` : database;

const cleanUp = async ({ source, target }: CasePair, loaded: readonly LoadedCase[]): Promise<void> => {
  for (const { one, databases } of loaded)
    for (const name of databases) {
      if (one.file.includes('read-only')) await source.query(`ALTER DATABASE ${name} READ ONLY = 0`);
      await source.query(`SET foreign_key_checks = 0; DROP DATABASE IF EXISTS \`${name}\``);
      await target.query(
        `SET foreign_key_checks = 0; DROP DATABASE IF EXISTS \`${nameOnTarget(one, name)}\``,
      );
    }
};

interface PlannedDatabase {
  readonly from: string;
  readonly action: string;
  readonly hazards: readonly { readonly code: string; readonly severity: string; readonly message: string }[];
}

interface Outcome {
  readonly from: string;
  readonly status: string;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly hints: readonly string[];
  } | null;
}

/** What the command line told. */
interface Told {
  readonly databases: readonly PlannedDatabase[];
  readonly outcomes: readonly Outcome[];
  readonly error: Outcome['error'];
  /** The plan's output. */
  readonly planned: string;
}

const planAndApply = async (
  pair: CasePair,
  engine: Engine,
  loaded: readonly LoadedCase[],
  home: string,
): Promise<Told> => {
  const { PATH = '' } = process.env;
  const env = {
    PATH: [pair.sourceFlavor.binFolder, pair.targetFlavor.binFolder, PATH].join(delimiter),
    DB_PASSWORD: ROOT.password,
  };
  const plan = writePlan(pair, engine, loaded, home);
  const run = (argv: readonly string[]) => runCli(argv, { home, env, cwd: home });
  const planned = await run(['plan', plan, '--json']);
  const { databases = [] } = parseDocument(planned) as { readonly databases?: readonly PlannedDatabase[] };
  const refused = databases.filter(({ action }) => action === 'blocked').map(({ from }) => from);
  const applied: Partial<Told> =
    refused.length === databases.length
      ? {}
      : (parseDocument(
          await run([
            ...['apply', plan, '--json', '--no-input', '--confirm-target', 'copy', '--no-keep-previous'],
            ...refused.flatMap((name) => ['--exclude', name]),
          ]),
        ) as Partial<Told>);
  const { outcomes = [], error = null } = applied;
  return { databases, outcomes, error, planned: `${planned.stdout}${planned.stderr}` };
};

const compareAll = async (
  pair: CasePair,
  loaded: readonly LoadedCase[],
  told: Told,
): Promise<ReadonlyMap<string, readonly CaseResult[]>> => {
  const results = new Map<string, readonly CaseResult[]>();
  for (const { one, databases: names } of loaded) {
    const found: CaseResult[] = [];
    for (const name of names) {
      const change = told.databases.find(({ from }) => from === name);
      const outcome = told.outcomes.find(({ from }) => from === name);
      const hazards = change?.hazards ?? [];
      const { code = '', message = '', hints = [] } = outcome?.error ?? told.error ?? {};
      found.push({
        from: name,
        action: change?.action ?? `not in the plan: ${told.planned}`,
        announced: hazards.map((hazard) => `${hazard.code}: ${hazard.message}`).join('\n'),
        status: outcome?.status ?? 'not tried',
        error: [code, message, ...hints].join('\n').trim(),
        ...(await compareOn(pair, one, name, hazards)),
      });
    }
    results.set(one.file, found);
  }
  return results;
};

const parseDocument = ({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): unknown => {
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`no JSON: ${stdout}${stderr}`);
  }
};

const writePlan = (
  { source, target }: CasePair,
  engine: Engine,
  loaded: readonly LoadedCase[],
  home: string,
): string => {
  const endpoint = (name: string, { port }: TestServer): string =>
    `{name: ${name}, host: 127.0.0.1, port: ${String(port)}, user: ${ROOT.user}, password: "\${DB_PASSWORD}"`;
  const path = join(home, 'plan.yaml');
  const lines = loaded.flatMap(({ one, databases }) =>
    databases.map((name) => `  - {name: ${name}, as: ${nameOnTarget(one, name)}}`),
  );
  writeFileSync(
    path,
    `version: 1
name: cases
source: ${endpoint('original', source)}}
target: ${endpoint('copy', target)}, access: read-write}
databases:
${lines.join('\n')}
options: {engine: ${engine}}
`,
  );
  return path;
};

const compareOn = async (
  { sourceFlavor, targetFlavor, source, target }: CasePair,
  one: Case,
  database: string,
  hazards: PlannedDatabase['hazards'],
): Promise<Pick<CaseResult, 'differences' | 'isOnTarget'>> => {
  const copy = nameOnTarget(one, database);
  const isMixed = sourceFlavor.vendor !== targetFlavor.vendor;
  const read = isMixed ? readPortably : readEverything;
  const [left, right] = [await read(source, database), await read(target, copy)];
  if (!left || !right) return { differences: [], isOnTarget: right !== undefined };
  const normalize = isMixed ? normalizeVendor : normalizeFor(sourceFlavor, targetFlavor);
  const notes = hazards.map(({ message }) => message);
  const expected = normalizeExpected(sourceFlavor, targetFlavor, notes);
  const differences =
    copy === database
      ? compareEverything(left, right, expected, normalize)
      : compareEverything(
          left,
          right,
          (what, text) => expected(what, nameOwn(text, database)),
          (what, text) =>
            normalize(
              what,
              nameOwn(text.replaceAll(new RegExp(`\\b${database}\\b`, 'g'), 'the original'), copy),
            ),
        );
  return { differences, isOnTarget: true };
};

/** Quotes do not count where the own database is named: a copy is named in quotes. */
const nameOwn = (text: string, database: string): string =>
  text.replaceAll(new RegExp(`([\`"]?)\\b${database}\\b\\1`, 'g'), 'itself');
