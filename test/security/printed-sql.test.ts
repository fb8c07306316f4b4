import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DatabaseContent } from '../support/content.js';
import {
  type StatementProxy,
  type Lie,
  type TextRow,
  startStatementProxy,
} from '../support/statement-proxy.js';
import type { CliResult } from '../support/cli.js';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';
import { ROOT } from '../support/servers.js';

/** A source that prints other SQL than it should, and a target with a database that is none of its business. */

type Print = (statement: string) => string;

interface Attack {
  /** What the server prints of table `t`, with this attack alone in a database of its own. */
  readonly print: Print;
  readonly reason: RegExp;
  readonly code?: string;
}

const STRAY = /where none belongs|ends too early/;

const ATTACKS: Readonly<Record<string, Attack>> = {
  'ends its statement and begins another': {
    print: (s) => `${s}; DROP DATABASE victim`,
    reason: /it has ";" where/,
  },
  'hides another statement in a version comment': {
    print: (s) => `${s} /*!50000 ; DROP DATABASE victim */`,
    reason: /it has ";" where/,
  },
  'is another statement altogether': {
    print: () => 'DROP DATABASE victim',
    reason: /it is not a CREATE TABLE/,
  },
  'is made of a query': { print: (s) => `${s} SELECT id FROM victim.t`, reason: STRAY },
  'is made of a query in a version comment': {
    print: (s) => `${s} /*!50000 AS SELECT id FROM victim.t */`,
    reason: STRAY,
  },
  'is made of a query in parentheses': {
    print: () => 'CREATE TABLE `t` (SELECT id FROM victim.t)',
    reason: /it has "SELECT" where/,
  },
  'is made of a table statement': { print: (s) => `${s} TABLE victim.t`, reason: STRAY },
  'is made of a table statement in parentheses': {
    print: (s) => `${s} PARTITION BY HASH (id) PARTITIONS 1 (TABLE victim.t)`,
    reason: /it has "TABLE" where/,
  },
  'is made like another table': { print: () => 'CREATE TABLE `t` LIKE victim.t', reason: STRAY },
  'is made like another table in parentheses': {
    print: () => 'CREATE TABLE `t` (LIKE victim.t)',
    reason: /it has "LIKE" where/,
  },
  'is of another database': {
    print: (s) => s.replace('`t`', '`victim`.`evil`'),
    reason: /it has another name/,
  },
  'begins with its name and goes on to another one': {
    print: (s) => s.replace('`t`', '`t`.`evil`'),
    reason: /it names a database/,
  },
  'has another name': { print: (s) => s.replace('`t`', '`evil`'), reason: /it has another name/ },
  'replaces what is there': {
    print: (s) => s.replace('CREATE', 'CREATE OR REPLACE'),
    reason: /it is not a CREATE TABLE/,
  },
  'opens another server': {
    print: (s) => s.replace(/ENGINE=\w+/, "ENGINE=FEDERATED CONNECTION='mysql://u:secret-7@h/d/t'"),
    reason: /opens data .*ENGINE=FEDERATED/,
  },
  'opens tables of another database': {
    print: (s) => s.replace(/ENGINE=\w+/, 'ENGINE=MRG_MyISAM UNION=(`victim`.`t`)'),
    reason: /opens data .*ENGINE=MRG_MyISAM/,
  },
  'opens another folder': {
    print: (s) => `${s} DATA DIRECTORY='/tmp'`,
    reason: /opens data .*DATA DIRECTORY/,
  },
  'opens another folder for a partition': {
    print: (s) => `${s} PARTITION BY HASH (id) (PARTITION p0 DATA DIRECTORY = '/tmp')`,
    reason: /opens data .*DATA DIRECTORY/,
  },
  'has a foreign key that the catalog does not tell': {
    print: (s) =>
      s.replace(
        'PRIMARY KEY',
        'CONSTRAINT `k` FOREIGN KEY (`id`) REFERENCES `victim`.`t` (`id`), PRIMARY KEY',
      ),
    reason: /table t/,
    code: 'VERIFY_DIFFERENT',
  },
};

const NAMES = Object.keys(ATTACKS).map((_, index) => `shop${index}`);

interface Outcome {
  readonly from: string;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** What the server prints of a procedure, a view, a trigger and an event, in the column of SHOW CREATE that has it. */
const PROGRAM_ATTACKS: Readonly<Record<string, Attack & { readonly kind: keyof typeof PROGRAMS }>> = {
  'procedure that is another statement': {
    kind: 'PROCEDURE',
    print: () => 'DROP DATABASE victim',
    reason: /is not a CREATE PROCEDURE/,
  },
  'procedure of another database': {
    kind: 'PROCEDURE',
    print: (s) => s.replace('`x`', '`victim`.`x`'),
    reason: /is one of another database/,
  },
  'view of another name': {
    kind: 'VIEW',
    print: (s) => s.replace('VIEW `x`', 'VIEW `y`'),
    reason: /is not of view x/,
  },
  'procedure that is an event': {
    kind: 'PROCEDURE',
    print: () => 'CREATE EVENT `x` ON SCHEDULE EVERY 1 SECOND DO DROP DATABASE victim',
    reason: /is not a CREATE PROCEDURE/,
  },
  'view that is a table': {
    kind: 'VIEW',
    print: () => 'CREATE TABLE `x` AS SELECT * FROM victim.t',
    reason: /is not a CREATE VIEW/,
  },
  'view that replaces another': {
    kind: 'VIEW',
    print: () => 'CREATE OR REPLACE VIEW `victim`.`t` AS SELECT 1',
    reason: /is not a CREATE VIEW/,
  },
  'trigger that is another statement': {
    kind: 'TRIGGER',
    print: () => 'GRANT ALL ON *.* TO somebody',
    reason: /is not a CREATE TRIGGER/,
  },
  'event of another database': {
    kind: 'EVENT',
    print: (s) => s.replace('`x`', '`victim`.`x`'),
    reason: /is one of another database/,
  },
};

const PROGRAMS = {
  PROCEDURE: { sql: 'PROCEDURE x() SELECT 1', cell: 2 },
  VIEW: { sql: 'VIEW x AS SELECT id FROM t', cell: 1 },
  TRIGGER: { sql: 'TRIGGER x BEFORE INSERT ON t FOR EACH ROW SET NEW.id = 1', cell: 2 },
  EVENT: { sql: 'EVENT x ON SCHEDULE EVERY 1 DAY DISABLE DO DO 1', cell: 3 },
} as const;

const flavors = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');

describe.each(flavors)('$id', (flavor) => {
  let rig: Rig;
  let proxy: StatementProxy;

  beforeAll(async () => {
    rig = await startRig({ flavor });
    for (const name of NAMES) {
      await rig.source.query(
        `CREATE DATABASE ${name}; CREATE TABLE ${name}.t (id INT PRIMARY KEY, v VARCHAR(20) DEFAULT 'x') COMMENT 'new'; INSERT INTO ${name}.t VALUES (1, 'new')`,
      );
      await rig.target.query(
        `CREATE DATABASE ${name}; CREATE TABLE ${name}.t (id INT PRIMARY KEY, gone INT)`,
      );
    }
    await rig.target.query(
      'CREATE DATABASE victim; CREATE TABLE victim.t (id INT PRIMARY KEY); INSERT INTO victim.t VALUES (7)',
    );
    proxy = await startStatementProxy(rig.source.port);
  });
  afterAll(async () => {
    await proxy.stop();
    await rig.stop();
  });

  const apply = (engine: 'native' | 'dump', names: readonly string[]): Promise<CliResult> =>
    rig.run([
      'apply',
      rig.writePlan(
        `databases:\n${names.map((name) => `  - name: ${name}`).join('\n')}\noptions: {engine: ${engine}}`,
        {
          source: `{name: prod, host: 127.0.0.1, port: ${String(proxy.port)}, user: ${ROOT.user}, password: "\${DB_PASSWORD}", tls: {mode: disabled}}`,
        },
      ),
      ...['--confirm-target', 'staging', '--no-input', '--json'],
    ]);

  describe('members that are printed as ?, and told in no other way (LOST_TEXT)', () => {
    beforeAll(async () => {
      await rig.source.query(
        "CREATE DATABASE members; CREATE TABLE members.t (id INT PRIMARY KEY, e ENUM('🚀','b') CHARACTER SET utf8mb4, d ENUM('?') CHARACTER SET latin1)",
      );
    });
    afterAll(async () => {
      proxy.tell();
      await rig.source.query('DROP DATABASE members');
    });

    test.each([
      ['nothing', null],
      ['SQL', "b00'), x INT, y ENUM('a"],
    ])(
      'a server that prints ? for members of an ENUM and tells %s for them: the plan refuses the table by name',
      async (_, cell) => {
        proxy.tell({ about: /WITH RECURSIVE m/, tell: ([position = null]) => [position, cell] });
        const { stdout } = await apply('native', ['members']);
        expect(proxy.told).toBeGreaterThan(0);
        expect(stdout).toMatch(/DATABASE_BLOCKED[^]*may be stored, in the definitions of t\.e"/);
        expect(await rig.contentOf('target', 'members')).toBeUndefined();
      },
    );
  });

  /** The second cell of SHOW CREATE is the statement. */
  const printing = (about: RegExp, print: Print): Lie => ({
    about,
    tell: ([name = null, statement = null, ...others]) => [name, print(statement ?? ''), ...others],
  });
  const readTarget = (): Promise<readonly (DatabaseContent | undefined)[]> =>
    Promise.all(['victim', ...NAMES].map((name) => rig.contentOf('target', name)));

  describe('programs', () => {
    const names = Object.keys(PROGRAM_ATTACKS).map((_, index) => `made${index}`);
    let outcomes: readonly Outcome[];
    let before: readonly (DatabaseContent | undefined)[];
    const read = (): Promise<readonly (DatabaseContent | undefined)[]> =>
      Promise.all(['victim', ...names].map((name) => rig.contentOf('target', name)));
    beforeAll(async () => {
      for (const [index, { kind }] of Object.values(PROGRAM_ATTACKS).entries())
        await rig.source.query(
          `CREATE DATABASE made${index}; USE made${index}; CREATE TABLE t (id INT PRIMARY KEY); CREATE ${PROGRAMS[kind].sql}`,
        );
      before = await read();
      proxy.tell(
        ...Object.values(PROGRAM_ATTACKS).map(({ kind, print }, index) => ({
          about: new RegExp(`^SHOW CREATE ${kind} \`made${index}\``),
          tell: (row: TextRow) =>
            row.map((cell, at) => (at === PROGRAMS[kind].cell ? print(cell ?? '') : cell)),
        })),
      );
      const result = await apply('native', names);
      proxy.tell();
      ({ outcomes } = JSON.parse(result.stdout) as { readonly outcomes: readonly Outcome[] });
    });

    test.each(
      Object.entries(PROGRAM_ATTACKS).map(([name, { reason }], index) => [name, index, reason] as const),
    )('%s: it is not run', async (_, index, reason) => {
      expect(outcomes.find(({ from }) => from === `made${index}`)?.error).toMatchObject({
        code: 'DEFINITION_REFUSED',
        message: expect.stringMatching(reason) as string,
      });
      expect(await read()).toEqual(before);
    });
  });

  describe.each(['native', 'dump'] as const)('%s engine: a table that', (engine) => {
    let before: readonly (DatabaseContent | undefined)[];
    let after: readonly (DatabaseContent | undefined)[];
    let result: CliResult;
    let outcomes: readonly Outcome[];
    beforeAll(async () => {
      before = await readTarget();
      proxy.tell(
        ...Object.values(ATTACKS).map(({ print }, index) =>
          printing(new RegExp(`^SHOW CREATE TABLE \`shop${index}\``), print),
        ),
      );
      result = await apply(engine, NAMES);
      proxy.tell();
      ({ outcomes } = JSON.parse(result.stdout) as { readonly outcomes: readonly Outcome[] });
      after = await readTarget();
    });

    test.each(Object.entries(ATTACKS).map(([name, attack], index) => [name, index, attack] as const))(
      '%s: none of it is run, and the target is as it was',
      (_, index, { reason, code = 'DEFINITION_REFUSED' }) => {
        const error = outcomes.find(({ from }) => from === `shop${index}`)?.error;
        expect(error?.code).toBe(code);
        expect(error?.message).toMatch(reason);
        expect([after[0], after[index + 1]]).toEqual([before[0], before[index + 1]]);
      },
    );

    test('was refused leaves nothing behind and tells no password', async () => {
      expect(result.code).toBe(3);
      expect(await rig.scratchDatabases()).toEqual([]);
      expect(`${result.stdout}${result.stderr}`).not.toContain('secret-7');
    });
  });
});

test('a FEDERATED table that the plan allows: its password is in no output, also when the target refuses it', async () => {
  const rig = await startRig();
  try {
    for (const server of [rig.source, rig.target]) await server.query("INSTALL SONAME 'ha_federatedx'");
    // The other server is the source itself; the target has another one of that port: none.
    await rig.source.query(
      `CREATE DATABASE shop; CREATE TABLE shop.t (id INT PRIMARY KEY);
       CREATE USER linked@'127.0.0.1' IDENTIFIED BY 'secret-7'; GRANT ALL ON shop.* TO linked@'127.0.0.1';
       CREATE TABLE shop.far (id INT PRIMARY KEY) ENGINE=FEDERATED CONNECTION='mysql://linked:secret-7@127.0.0.1:${String(rig.source.port)}/shop/t'`,
    );
    const blocked = await rig.run(['plan', rig.writePlan('databases:\n  - name: shop'), '--json']);
    expect(blocked.stdout).toContain('EXTERNAL_TABLE');
    expect(blocked.stdout).toContain('far (FEDERATED)');
    const plan = rig.writePlan('databases:\n  - {name: shop, tables: {external: [far]}}');
    const apply = () =>
      rig.run(['apply', plan, '--confirm-target', 'staging', '--auto-approve', '--no-input']);
    const copied = await apply();
    expect(copied.code).toBe(0);
    await rig.source.query("ALTER USER linked@'127.0.0.1' IDENTIFIED BY 'another'");
    await rig.source.query('FLUSH TABLES');
    const refused = await apply();
    expect(refused.code).not.toBe(0);
    for (const { stdout, stderr } of [blocked, copied, refused])
      expect(`${stdout}${stderr}`).not.toContain('secret-7');
  } finally {
    await rig.stop();
  }
});
