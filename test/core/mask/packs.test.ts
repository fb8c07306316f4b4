import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type mysql from 'mysql2/promise';
import { format, resolveConfig } from 'prettier';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { quoteName } from '../../../src/adapters/mysql/connection/identifiers.js';
import { inspectDatabases } from '../../../src/adapters/mysql/inventory/inspect.js';
import { maskKeyStatement, maskKeyValues, renderMask } from '../../../src/adapters/mysql/rows/mask-sql.js';
import type { ClassifiedColumn } from '../../../src/core/change/classified-column.js';
import { classifyColumns } from '../../../src/core/change/classify-masks.js';
import { parseFlavor } from '../../../src/core/flavor.js';
import { describeDecision, showDecision } from '../../../src/core/mask/mask-lock.js';
import type { MaskPack } from '../../../src/core/mask/packs/mask-pack.js';
import { PACKS, type PackName } from '../../../src/core/mask/packs/index.js';
import { readMaskDecision } from '../../../src/core/mask/read-mask-decision.js';
import { whyUnfit } from '../../../src/core/mask/why-unfit.js';
import { toDatabaseName } from '../../../src/core/names.js';
import { isColumnMatch, parseColumnPattern } from '../../../src/core/plan/column-pattern.js';
import { resolveMask } from '../../../src/engine/resolve-mask.js';
import { type TestServer, startServer } from '../../support/servers.js';

const ROOT = resolve(import.meta.dirname, '../../..');
const FIXTURES = join(ROOT, 'test', 'fixtures', 'packs');
const KEY = 'test-key-0123456789';
const NAMES = Object.keys(PACKS).sort() as PackName[];

let server: TestServer;
let connection: mysql.Connection;
beforeAll(async () => {
  server = await startServer();
  connection = await server.connect();
});
afterAll(async () => {
  await connection.end();
  await server.stop();
});

interface Loaded {
  readonly columns: readonly ClassifiedColumn[];
  /** As `table.column`: those with the comment 'personal'. */
  readonly personal: ReadonlySet<string>;
  /** The expressions of CHECK, by table. */
  readonly checks: ReadonlyMap<string, string>;
}

const ask = async (sql: string): Promise<readonly Record<string, string | null>[]> =>
  (await connection.query<mysql.RowDataPacket[]>(sql))[0];

const load = async (pack: PackName): Promise<Loaded> => {
  await server.query(`CREATE DATABASE IF NOT EXISTS ${pack} CHARACTER SET utf8mb4`);
  server.load(readFileSync(join(FIXTURES, `${pack}.sql`)), pack);
  const [row] = await ask('SELECT @@version AS version');
  const flavor = parseFlavor(row?.['version'] ?? '', '');
  const [database] = await inspectDatabases(connection, flavor, [toDatabaseName(pack)]);
  if (!database) throw new Error(`no database ${pack}`);
  const tables = database.tables.map((table) => ({ database: database.name, table }));
  const mask = resolveMask({ key: KEY, rules: [pack] });
  const marked = await ask(
    `SELECT CONCAT(TABLE_NAME, '.', COLUMN_NAME) AS name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '${pack}' AND COLUMN_COMMENT = 'personal'`,
  );
  const checks = await ask(
    `SELECT TABLE_NAME AS name, GROUP_CONCAT(CHECK_CLAUSE) AS clause FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = '${pack}' GROUP BY TABLE_NAME`,
  );
  return {
    columns: classifyColumns(mask, tables).columns,
    personal: new Set(marked.map(({ name }) => name ?? '')),
    checks: new Map(checks.map(({ name, clause }) => [name ?? '', clause ?? ''])),
  };
};

const loaded = new Map<PackName, Promise<Loaded>>();
const loadOnce = async (pack: PackName): Promise<Loaded> => {
  const known = loaded.get(pack) ?? load(pack);
  loaded.set(pack, known);
  return known;
};

const nameOf = ({ table, column }: ClassifiedColumn): string => `${table}.${column.name}`;

describe.each(NAMES)('the pack %s', (pack) => {
  const { rules }: MaskPack = PACKS[pack];

  test('decides each column that holds people or credentials, and no other one', async () => {
    const { columns, personal } = await loadOnce(pack);
    const hits = columns.filter(({ decided }) => decided).map(nameOf);
    expect(hits.toSorted()).toEqual([...personal].toSorted());
    const lines = columns.map((one) =>
      [
        nameOf(one),
        one.column.columnType,
        one.decided ? describeDecision(one.decided.decision) : '(undecided)',
      ].join('\t'),
    );
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(join(FIXTURES, `${pack}.txt`));
  });

  test('has for each column a mask that fits', async () => {
    const { columns, checks } = await loadOnce(pack);
    const unfit = columns.flatMap((one) => {
      const { decided, column, isUnique, table } = one;
      if (!decided || decided.decision.kind === 'keep') return [];
      const isChecked = checks.get(table)?.includes(`\`${column.name}\``) ?? false;
      const why = whyUnfit(decided.decision, column, { isUnique, isChecked });
      return why === undefined ? [] : [`${nameOf(one)}: ${why}`];
    });
    expect(unfit).toEqual([]);
  });

  test('leaves nothing of a canary in a row, and a row that the table takes', async () => {
    const { columns, checks } = await loadOnce(pack);
    const isJson = ({ table, column }: ClassifiedColumn): boolean =>
      checks.get(table)?.includes(`\`${column.name}\``) ?? false;
    const texts = columns.filter(
      ({ column: { dataType }, decided }) => decided && /char|text|blob|binary/.test(dataType),
    );
    await connection.execute(maskKeyStatement, maskKeyValues(KEY));
    for (const table of new Set(texts.map((one) => one.table))) {
      // Those with expressions have rows of their own in the fixtures.
      const own = texts.filter((one) => one.table === table && one.decided?.decision.kind !== 'sql');
      const name = `${quoteName(pack)}.${quoteName(table)}`;
      if (own.length === 0) continue;
      const names = own.map(({ column }) => quoteName(column.name)).join(', ');
      const canaries = own.map((one) => (isJson(one) ? `'{"a": "canary"}'` : `'canary'`)).join(', ');
      await connection.query(`SET sql_mode = ''`);
      await connection.query(`INSERT INTO ${name} (${names}) VALUES (${canaries})`);
      await connection.query(`SET sql_mode = 'STRICT_ALL_TABLES'`);
      const masks = own.flatMap(({ column, decided }) =>
        decided && decided.decision.kind !== 'keep'
          ? [`${quoteName(column.name)} = ${renderMask(column, decided.decision)}`]
          : [],
      );
      await connection.query(`UPDATE ${name} SET ${masks.join(', ')}`);
      const left = await ask(`SELECT ${names} FROM ${name}`);
      expect([table, JSON.stringify(left).includes('canary')]).toEqual([table, false]);
    }
  });

  test('has expressions that the server takes, and that let nothing of the canary through', async () => {
    const { columns } = await loadOnce(pack);
    for (const { table, decided } of columns) {
      if (decided?.decision.kind !== 'sql') continue;
      const rows = await ask(`SELECT (${decided.decision.sql}) AS masked FROM \`${pack}\`.\`${table}\``);
      expect(rows.map(({ masked }) => String(masked)).filter((text) => text.includes('canary'))).toEqual([]);
    }
  });

  test('has no rule in vain, and none that a plan could not have', async () => {
    const { columns } = await loadOnce(pack);
    for (const { pattern, decision } of rules) {
      const parsed = parseColumnPattern(pattern);
      const isHit = columns.some(
        ({ database, table, column }) =>
          parsed && isColumnMatch(parsed, { database, table, column: column.name }),
      );
      expect([pattern, isHit]).toEqual([pattern, true]);
      expect(readMaskDecision(showDecision(decision))).toEqual({ decision });
    }
  });
});

test('keeps the settings of a person that WordPress needs, and empties the others', async () => {
  const { columns } = await loadOnce('wordpress');
  const decision = columns.find((one) => nameOf(one) === 'wp_usermeta.meta_value')?.decided?.decision;
  if (decision?.kind !== 'sql') throw new Error('no expression');
  const rows = await ask(`SELECT meta_key, (${decision.sql}) AS masked FROM wordpress.wp_usermeta`);
  expect(rows.map(({ meta_key, masked }) => [meta_key, masked])).toEqual([
    ['first_name', ''],
    ['billing_phone', ''],
    ['session_tokens', ''],
    [null, ''],
    ['locale', 'de_DE'],
    ['wp_2_capabilities', 'editor'],
    ['nickname', null],
  ]);
});

test('the schema of plans names the packs', () => {
  const schema = JSON.parse(readFileSync(join(ROOT, 'schemas', 'sync-plan.schema.json'), 'utf8')) as {
    readonly properties: {
      readonly mask: {
        readonly properties: { readonly rules: { readonly items: { readonly enum: readonly string[] } } };
      };
    };
  };
  expect(schema.properties.mask.properties.rules.items.enum).toEqual(NAMES);
});

test('the guide names the packs', () => {
  const guide = readFileSync(join(ROOT, 'docs', 'guides', 'masking.md'), 'utf8');
  expect(NAMES.filter((name) => !guide.includes(`\`${name}\``))).toEqual([]);
});

const cell = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;

const describePack = (name: PackName): string => {
  const { covers, rules, structureOnly }: MaskPack = PACKS[name];
  const rows = rules.map(
    ({ pattern, decision }) => `| ${cell(pattern)} | ${cell(describeDecision(decision))} |`,
  );
  return [
    `## ${name}`,
    `${covers}. Tables that a copy works without, for \`tables.structure_only\`: ${structureOnly.map(cell).join(', ')}.`,
    ['| columns | mask |', '| --- | --- |', ...rows].join('\n'),
  ].join('\n\n');
};

test('docs/reference/mask-packs.md lists what the packs decide', async () => {
  const page = [
    '# Packs of masks',
    'What `mask.rules` of a plan adds after its own `mask.columns`. A pack decides the columns in which an application itself keeps people and credentials; every other column, and what plugins and modules add, is for the plan or its lock file to decide. Masked hashes of passwords let nobody log in: give a column of passwords a hash that you know under `mask.columns`.',
    ...NAMES.map(describePack),
    '---',
    'This page is made from `src/core/mask/packs/` by `npx vitest run test/core/mask/packs.test.ts -u`.',
  ].join('\n\n');
  const path = join(ROOT, 'docs', 'reference', 'mask-packs.md');
  const options = await resolveConfig(path);
  await expect(await format(page, { ...options, filepath: path })).toMatchFileSnapshot(path);
});
