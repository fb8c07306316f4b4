import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChangeSet, Hazard } from '../../src/core/change/change-set.js';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';

/** Every hazard, triggered on real servers and read from `plan --json`. Each database has one of them. */

interface Case {
  readonly code: string;
  /** Of the database; otherwise the code's. */
  readonly name?: string;
  readonly severity: Hazard['severity'];
  readonly message: RegExp;
  /** In the database on the source. */
  readonly source: string;
  /** In the database of that name on the target. */
  readonly target?: string;
  /** More keys of its entry in the plan. */
  readonly entry?: string;
  readonly engine?: 'native';
}

const T = 'CREATE TABLE t (id INT PRIMARY KEY)';

/** From MariaDB 10.11 to 10.5, which folds names. */
const OLDER: readonly Case[] = [
  {
    code: 'ALREADY_EXISTS',
    severity: 'blocks',
    message: /on_existing is fail$/,
    source: T,
    target: T,
    entry: 'on_existing: fail',
  },
  {
    code: 'WIDE_TEXT',
    severity: 'blocks',
    message:
      /would store a \? in place of four-byte characters in the expressions of t\.g and t, check named$/,
    source: `CREATE TABLE t (id INT PRIMARY KEY, n VARCHAR(9) DEFAULT '🙈', g VARCHAR(9) AS (CONCAT(n, '🙈')), CONSTRAINT named CHECK (n <> '🎉')) CHARACTER SET utf8mb4`,
  },
  {
    code: 'FILTERED_SNAPSHOT',
    severity: 'note',
    message: /tables\.where: t$/,
    source: T,
    entry: "tables: {where: {t: 'id > 1'}}",
  },
  {
    code: 'WHERE_UNKNOWN_TABLE',
    severity: 'blocks',
    message: /names x, which is not copied/,
    source: T,
    entry: "tables: {where: {x: 'id > 1'}}",
  },
  {
    code: 'WHERE_REFUSED',
    severity: 'blocks',
    message: /the condition of tables\.where for t: .*Unknown column 'ids'/,
    source: T,
    entry: "tables: {where: {t: 'ids > 1'}}",
  },
  {
    code: 'WHERE_REFUSED',
    name: 'placeholder',
    severity: 'blocks',
    message: /for t: a \? stands for a value there/,
    source: T,
    entry: "tables: {where: {t: 'id = ?'}}",
  },
  {
    code: 'WHERE_REFUSED',
    name: 'subquery',
    severity: 'blocks',
    message: /for t: No database selected/,
    source: T,
    entry: "tables: {where: {t: 'id IN (SELECT id FROM t)'}}",
  },
  {
    code: 'PRESERVE_UNKNOWN_TABLE',
    severity: 'blocks',
    message: /^tables\.preserve names custmers, which neither side has; did you mean "customers"\?$/,
    source: 'CREATE TABLE customers (id INT PRIMARY KEY)',
    entry: 'tables: {preserve: {custmers: all}}',
  },
  {
    code: 'PRESERVE_UNKNOWN_TABLE',
    name: 'preserve_excluded',
    severity: 'blocks',
    message: /^tables\.preserve names t, which the plan does not copy$/,
    source: `${T}; CREATE TABLE u (id INT PRIMARY KEY)`,
    target: T,
    entry: 'tables: {exclude: [t], preserve: {t: all}}',
  },
  {
    code: 'PRESERVE_UNKNOWN_TABLE',
    name: 'preserve_target_only',
    severity: 'blocks',
    message:
      /^tables\.preserve names only, which only the target has: preserve_target_only on the source does not$/,
    source: T,
    target: 'CREATE TABLE only (id INT PRIMARY KEY)',
    entry: 'tables: {preserve: {only: all}}',
  },
  {
    code: 'PRESERVE_REFUSED',
    severity: 'blocks',
    message: /^the condition of tables\.preserve for t is not taken: .*Unknown column 'ids'/,
    source: T,
    target: T,
    entry: "tables: {preserve: {t: 'ids > 1'}}",
  },
  {
    code: 'PRESERVE_REFUSED',
    name: 'preserve_function',
    severity: 'blocks',
    message: /for t is not taken: it calls F, a function of the database itself$/,
    source: T,
    target: `${T}; CREATE FUNCTION F(n INT) RETURNS INT DETERMINISTIC RETURN n`,
    entry: "tables: {preserve: {t: '`f`(id) > 1'}}",
  },
  {
    code: 'PRESERVE_REFUSED',
    name: 'preserve_view',
    severity: 'blocks',
    message: /for t is not taken: it reads v, a view, which may call functions$/,
    source: T,
    target: `${T}; CREATE VIEW v AS SELECT id FROM t`,
    entry: "tables: {preserve: {t: 'id IN (SELECT x.id FROM t AS x JOIN V ON x.id = V.id)'}}",
  },
  {
    code: 'PRESERVE_COLUMNS',
    severity: 'blocks',
    message:
      /^rows of t that tables\.preserve keeps have no value for n, which the copy does not take without one$/,
    source: 'CREATE TABLE t (id INT PRIMARY KEY, n INT NOT NULL)',
    target: T,
    entry: 'tables: {preserve: {t: all}}',
  },
  {
    code: 'PRESERVE_COLUMNS',
    name: 'preserve_types',
    severity: 'blocks',
    message:
      /^rows of t that tables\.preserve keeps would have other values in the types of the copy: a and b$/,
    source: 'CREATE TABLE t (id INT PRIMARY KEY, a DECIMAL(9,2), b DATETIME, c BIGINT, d INT DEFAULT 1)',
    target: 'CREATE TABLE t (id INT PRIMARY KEY, a DECIMAL(9,3), b DATETIME(3), c INT)',
    entry: 'tables: {preserve: {t: all}}',
  },
  {
    code: 'PRESERVE_COLUMNS',
    name: 'preserve_narrower',
    severity: 'note',
    message: /^rows of t that tables\.preserve keeps may not fit into the copy: a and b$/,
    source: 'CREATE TABLE t (id INT PRIMARY KEY, a SMALLINT, b INT NOT NULL)',
    target: 'CREATE TABLE t (id INT PRIMARY KEY, a INT, b INT)',
    entry: 'tables: {preserve: {t: all}}',
  },
  {
    code: 'PRESERVE_COLUMNS',
    name: 'preserve_lost',
    severity: 'note',
    message: /^rows of t that tables\.preserve keeps lose the values of b, which the copy does not store$/,
    source: 'CREATE TABLE t (id INT PRIMARY KEY, A INT)',
    target: 'CREATE TABLE t (b INT, a INT, id INT PRIMARY KEY)',
    entry: 'tables: {preserve: {t: all}}',
  },
  {
    code: 'PRESERVE_IMPOSSIBLE',
    severity: 'blocks',
    message: /^tables\.preserve cannot keep rows of t: it has no primary key/,
    source: 'CREATE TABLE t (id INT)',
    target: 'CREATE TABLE t (id INT)',
    entry: 'tables: {preserve: {t: all}}',
  },
  {
    code: 'PRESERVE_IMPOSSIBLE',
    name: 'preserve_history',
    severity: 'blocks',
    message: /cannot keep rows of t: it is a table with a history$/,
    source: `${T} WITH SYSTEM VERSIONING`,
    target: T,
    entry: 'tables: {structure_only: [t], preserve: {t: all}}',
  },
  {
    code: 'PRESERVE_IMPOSSIBLE',
    name: 'preserve_external',
    severity: 'blocks',
    message: /cannot keep rows of t: it opens data that is kept elsewhere \(MRG_MyISAM\)$/,
    source: T,
    target: 'CREATE TABLE t (id INT PRIMARY KEY) ENGINE = MERGE',
    entry: 'tables: {preserve: {t: all}}',
  },
  {
    code: 'UNKNOWN_NAME',
    severity: 'blocks',
    message: /^tables\.structure_only names "custmers", which is not there; did you mean "customers"\?$/,
    source: 'CREATE TABLE customers (id INT PRIMARY KEY)',
    entry: 'tables: {structure_only: [custmers]}',
  },
  {
    code: 'UNMATCHED_GLOB',
    severity: 'note',
    message: /match nothing: "old_\*" \(tables\.exclude\) and "v_\*" \(programs\.exclude\)$/,
    source: T,
    entry: "tables: {exclude: ['old_*']}, programs: {exclude: ['v_*']}",
  },
  {
    code: 'ORPHANED_ROWS',
    severity: 'note',
    message: /^1 foreign key to tables of which not all rows are copied: t\.fk to users \(structure only\)$/,
    source:
      'CREATE TABLE users (id INT PRIMARY KEY); CREATE TABLE t (u INT, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users (id))',
    entry: 'tables: {structure_only: [users]}',
  },
  {
    code: 'FLOAT_IN_DUMP',
    severity: 'note',
    message: /six digits: t\.f$/,
    source: 'CREATE TABLE t (f FLOAT)',
  },
  {
    code: 'NEGATIVE_ZERO_IN_DUMP',
    severity: 'note',
    message: /-0 becomes 0 in a dump: t\.d$/,
    source: 'CREATE TABLE t (d DOUBLE)',
  },
  {
    code: 'TEXT_IN_DUMP',
    severity: 'note',
    message: /t\.c \(cp932\)$/,
    source: 'CREATE TABLE t (c TEXT CHARACTER SET cp932)',
  },
  {
    code: 'EXTERNAL_TABLE',
    severity: 'blocks',
    message: /kept elsewhere for m \(MRG_MyISAM\)$/,
    source: 'CREATE TABLE t (id INT) ENGINE = MyISAM; CREATE TABLE m (id INT) ENGINE = MERGE UNION = (t)',
    entry: 'tables: {structure_only: [m]}',
  },
  {
    code: 'FOLDED_NAMES',
    severity: 'blocks',
    message: /would change Orders$/,
    source: 'CREATE TABLE Orders (id INT)',
  },
  {
    code: 'FOREIGN_KEY_TO_EXCLUDED',
    severity: 'blocks',
    message: /leaves out: t\.fk to users$/,
    source:
      'CREATE TABLE users (id INT PRIMARY KEY); CREATE TABLE t (u INT, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users (id))',
    entry: 'tables: {exclude: [users]}',
  },
  {
    code: 'INCOMING_FOREIGN_KEY',
    severity: 'blocks',
    message: /copy does not have: outside\.c \(fk\) to gone$/,
    source: T,
    target: `CREATE TABLE gone (id INT PRIMARY KEY); CREATE DATABASE outside;
      CREATE TABLE outside.c (g INT, CONSTRAINT fk FOREIGN KEY (g) REFERENCES incoming_foreign_key.gone (id))`,
  },
  {
    code: 'HISTORY_NOT_PORTABLE',
    severity: 'blocks',
    message: /^t \(system-versioned\): MariaDB 10\.5\.\d+ cannot be given/,
    source: 'CREATE TABLE t (id INT) WITH SYSTEM VERSIONING',
  },
  {
    code: 'OUTSIDE_SNAPSHOT',
    severity: 'note',
    message: /: t \(MyISAM\)$/,
    source: 'CREATE TABLE t (id INT) ENGINE = MyISAM',
  },
  {
    code: 'RESERVED_TABLE',
    severity: 'blocks',
    message: /called mysql_sync_journal,/,
    source: 'CREATE TABLE mysql_sync_journal (id INT)',
  },
  {
    code: 'ROWS_ELSEWHERE',
    severity: 'blocks',
    message: /leaves out the rows of m \(MRG_MyISAM\)/,
    source: 'CREATE TABLE t (id INT) ENGINE = MyISAM; CREATE TABLE m (id INT) ENGINE = MERGE UNION = (t)',
    entry: 'tables: {external: [m]}',
  },
  {
    code: 'NO_EQUIVALENT',
    severity: 'blocks',
    message: /^t\.c: collation utf8mb4_uca1400_as_ci has no equivalent in MariaDB 10\.5/,
    source: 'CREATE TABLE t (c TEXT COLLATE utf8mb4_uca1400_as_ci)',
  },
  {
    code: 'CONVERTED',
    severity: 'note',
    message: /^collation utf8mb4_uca1400_ai_ci becomes utf8mb4_unicode_520_ci: t\.c$/,
    source: 'CREATE TABLE t (c TEXT COLLATE utf8mb4_uca1400_ai_ci) COLLATE utf8mb4_general_ci',
  },
  {
    code: 'UNKNOWN_DATA_TYPE',
    severity: 'blocks',
    message: /^t\.u \(uuid\): data type unknown to MariaDB 10\.5/,
    source: 'CREATE TABLE t (u UUID)',
  },
  {
    code: 'UNKNOWN_STORAGE_ENGINE',
    severity: 'blocks',
    message: /^t \(BLACKHOLE\): storage engine unknown/,
    source: 'CREATE TABLE t (id INT) ENGINE = BLACKHOLE',
  },
  {
    code: 'MISSING_SEQUENCE',
    severity: 'blocks',
    message: /: only_here\.ids \(table t\)$/,
    source:
      'CREATE DATABASE only_here; CREATE SEQUENCE only_here.ids; CREATE TABLE t (id BIGINT DEFAULT (NEXT VALUE FOR only_here.ids) PRIMARY KEY)',
  },
  {
    code: 'BROKEN_VIEW',
    severity: 'blocks',
    message: /^view v cannot be made on the target: there is no only_there\.t$/,
    source:
      'CREATE DATABASE only_there; CREATE TABLE only_there.t (id INT); CREATE VIEW v AS SELECT id FROM only_there.t',
  },
  {
    code: 'UNCALLABLE_FUNCTION',
    severity: 'blocks',
    message: /^view v calls function f, whose definer caller@% does not exist on the target$/,
    source:
      'CREATE USER caller; GRANT EXECUTE ON uncallable_function.* TO caller; CREATE DEFINER = caller FUNCTION f() RETURNS INT RETURN 1; CREATE VIEW v AS SELECT f() AS x',
  },
  { code: 'UNREADABLE_TABLE', severity: 'blocks', message: /cannot open t$/, source: T },
];

const NEWER: readonly Case[] = [
  {
    code: 'HISTORY_MARK',
    severity: 'note',
    message: /current rows get the mark of MariaDB 11\.8/,
    source: 'CREATE TABLE t (id INT) WITH SYSTEM VERSIONING',
    engine: 'native',
  },
  {
    code: 'EVENTS_WAIT',
    severity: 'note',
    message: /when it is switched on, these events run: e$/,
    source: 'CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DO 1',
  },
];

const MYSQL: readonly Case[] = [
  {
    code: 'OWN_NAME_UNCLEAR',
    severity: 'blocks',
    message: /^procedure p names own_name_unclear, and it is not clear/,
    source: 'CREATE PROCEDURE p() SHOW TABLES FROM own_name_unclear',
    entry: 'as: renamed',
  },
  {
    code: 'SERVER_SETTING',
    severity: 'blocks',
    message: /\(disabled_storage_engines\): t \(MyISAM\)$/,
    source: 'CREATE TABLE t (id INT) ENGINE = MyISAM',
  },
  {
    code: 'DATABASE_READ_ONLY',
    severity: 'blocks',
    message: /^database_read_only is READ ONLY on the target$/,
    source: T,
    target: `${T}; ALTER DATABASE database_read_only READ ONLY = 1`,
  },
  {
    code: 'READ_ONLY_NOT_COPIED',
    severity: 'note',
    message: /^read_only_not_copied is READ ONLY on the source, and its copy is not$/,
    source: `${T}; ALTER DATABASE read_only_not_copied READ ONLY = 1`,
  },
  {
    code: 'LIBRARIES_LEFT',
    severity: 'note',
    message: /^libraries are not copied: sums$/,
    source: `${T}; CREATE LIBRARY sums LANGUAGE JAVASCRIPT AS 'export function f(n) { return n + 1; }'`,
  },
  {
    code: 'ENCRYPTED_BY_DEFAULT',
    severity: 'note',
    message: /of encrypted_by_default are encrypted unless they say otherwise .* on the target too$/,
    source: `ALTER DATABASE encrypted_by_default DEFAULT ENCRYPTION = 'Y'`,
  },
  {
    code: 'JSON_AS_TEXT',
    severity: 'note',
    message: /decimals, times or bytes: t\.j$/,
    source: 'CREATE TABLE t (j JSON)',
  },
  {
    code: 'NAME_IN_DUMP',
    name: 'é'.repeat(58),
    severity: 'blocks',
    message: /: é{64}$/,
    source: `CREATE TABLE ${'é'.repeat(64)} (id INT); CREATE TABLE ${'é'.repeat(63)} (id INT)`,
  },
];

const nameOf = ({ code, name = code.toLowerCase() }: Case): string => name;

const flavorOf = (id: string) => availableFlavors().find((flavor) => flavor.id === id);

const OPTIONS = {
  'mariadb-10.5': ['--lower-case-table-names=1'],
  'mariadb-11.8': [],
  'mysql-9.7': ['--disabled-storage-engines=MyISAM'],
} as const;

const PAIRS = [
  ['mariadb-10.11', 'mariadb-10.5', OLDER],
  ['mariadb-10.11', 'mariadb-11.8', NEWER],
  ['mysql-9.7', 'mysql-9.7', MYSQL],
] as const;

describe.each(PAIRS.filter(([source, target]) => flavorOf(source) && flavorOf(target)))(
  'from %s to %s',
  (source, target, cases) => {
    let rig: Rig;
    let planned: ChangeSet;
    beforeAll(async () => {
      const [flavor, targetFlavor] = [flavorOf(source), flavorOf(target)];
      rig = await startRig({
        ...(flavor && { flavor }),
        ...(targetFlavor && { targetFlavor }),
        targetOptions: OPTIONS[target],
      });
      if (cases === OLDER) await rig.source.query("INSTALL SONAME 'ha_blackhole'");
      for (const one of cases) {
        await rig.source.query(`CREATE DATABASE ${nameOf(one)}; USE ${nameOf(one)}; ${one.source}`);
        if (one.target !== undefined)
          await rig.target.query(`CREATE DATABASE ${nameOf(one)}; USE ${nameOf(one)}; ${one.target}`);
      }
      if (cases === OLDER) {
        await rig.source.query('FLUSH TABLES');
        writeFileSync(join(rig.source.folder, 'data', 'unreadable_table', 't.frm'), 'garbage');
      }
      const entries = cases.map((one) => `  - {name: ${nameOf(one)}, ${one.entry ?? ''}}`);
      const plan = rig.writePlan(
        `databases:\n${entries.join('\n')}\noptions: {engine: ${cases[0]?.engine ?? 'dump'}}`,
      );
      const { code, stdout } = await rig.run(['plan', plan, '--json']);
      // A script must not take what is blocked for a plan that can be applied.
      expect(code).toBe(cases.some(({ severity }) => severity === 'blocks') ? 9 : 0);
      planned = JSON.parse(stdout) as ChangeSet;
    });
    afterAll(async () => rig.stop());

    test.each(cases.map((one) => [one.code, one] as const))('%s', (_, one) => {
      const { hazards = [], action } = planned.databases.find(({ from }) => from === nameOf(one)) ?? {};
      const [found, ...others] = hazards.filter(
        ({ severity }) => severity !== 'note' || one.severity === 'note',
      );
      expect(found).toMatchObject({
        code: one.code,
        severity: one.severity,
        message: expect.stringMatching(one.message) as string,
        hint: expect.stringMatching(/./) as string,
      });
      expect(others).toEqual([]);
      const done = one.target === undefined ? 'create' : 'overwrite';
      expect(action).toBe(one.severity === 'blocks' ? 'blocked' : done);
    });
  },
);

/** A table of cases is named with its ending. */
const readTests = (file: string): string =>
  readFileSync(join(import.meta.dirname, file.endsWith('.ts') ? file : `${file}.test.ts`), 'utf8');

/** Codes whose tests on real servers need more than a plan. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  DATA_DIRECTORY: 'data-directory',
  DEFINER_CHANGED: 'definers',
  DEFINER_MISSING: 'definers',
  DEFINER_NOT_ALLOWED: 'definers',
  MASK_CHANGED: 'mask',
  MASK_CONFLICT: 'mask-hazards',
  MASK_IN_DEFINITION: 'mask-hazards',
  MASK_IN_DUMP: 'mask-hazards',
  MASK_LEFT: 'mask-hazards',
  MASK_NAMESAKE: 'mask-hazards',
  MASK_NEW: 'mask-hazards',
  MASK_NO_LOCK: 'mask',
  MASK_PREVIOUS: 'mask-hazards',
  MASK_REFUSED: 'mask',
  MASK_UNDECIDED: 'mask',
  MASK_UNFIT: 'mask-hazards',
  MASK_UNMATCHED: 'mask',
  MASK_UNVERIFIED: 'mask-hazards',
  MASK_WEAKER: 'mask',
  DEFINER_RIGHTS: '../security/programs',
  DEFINER_RIGHTS_UNKNOWN: '../security/programs',
  EVENTS_DISABLED: 'events-disabled',
  EVENTS_OVER: 'copied-events',
  EVENTS_RUN: '../security/programs',
  HOOK_UNKNOWN_TABLE: 'hooks',
  LOST_TEXT: '../security/printed-sql',
  NOT_ENCRYPTED: '../security/passwords',
  NOT_ENOUGH_SPACE: 'space',
  OWN_NAME_CHANGED: '../core/hazards',
  OWN_NAME_IN_TEXT: '../core/hazards',
  PRIVILEGE_MISSING: 'bad-input',
  READ_EACH_OTHER: '../cases/cases.ts',
  SAME_DATABASE: 'bad-input',
  TARGET_READ_ONLY: 'bad-input',
  UNKNOWN_TIME_ZONE: 'copied-events',
  WRITERS_WAIT: 'refresh-strict',
};

test('every hazard of the code has its test here, or where it is said', () => {
  const folder = resolve(import.meta.dirname, '../../src/core/change/hazards');
  // Between vendors: test/fidelity.
  const files = readdirSync(folder).filter((file) => file !== 'dump-between-vendors.ts');
  const codes = files.flatMap((file) =>
    [
      ...readFileSync(join(folder, file), 'utf8').matchAll(/(?:code: |(?:block|note|told)\(\s*)'([A-Z_]+)'/g),
    ].map(([, code = '']) => code),
  );
  const here = new Set([...OLDER, ...NEWER, ...MYSQL].map(({ code }) => code));
  expect([...new Set(codes)].sort()).toEqual([...here, ...Object.keys(ELSEWHERE)].sort());
  for (const [code, file] of Object.entries(ELSEWHERE))
    expect([code, readTests(file).includes(code)]).toEqual([code, true]);
});
