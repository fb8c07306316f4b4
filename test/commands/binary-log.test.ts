import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';

const PLAIN = `
  CREATE DATABASE plain; USE plain;
  CREATE TABLE orders (id INT PRIMARY KEY AUTO_INCREMENT, v TEXT); INSERT INTO orders VALUES (1, 'a'), (2, NULL);
  CREATE TABLE keyless (v DOUBLE); INSERT INTO keyless VALUES (1.5), (1.5);
  CREATE TABLE tape (v INT) ENGINE=MyISAM; INSERT INTO tape VALUES (1);
  CREATE TABLE kept (id INT PRIMARY KEY, v INT) WITH SYSTEM VERSIONING; INSERT INTO kept VALUES (1, 1); UPDATE kept SET v = 2;`;
const COUNTED = `
  CREATE DATABASE counted; USE counted; CREATE SEQUENCE ids;
  CREATE TABLE t (id BIGINT NOT NULL DEFAULT (NEXT VALUE FOR ids) PRIMARY KEY, v INT); INSERT INTO t (v) VALUES (1), (2);`;
const PRIVILEGES =
  'SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, REFERENCES, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, EXECUTE, EVENT, TRIGGER, LOCK TABLES, RELOAD, PROCESS';
const MILLISECONDS = 240_000;

describe.each(availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mariadb-11.8'))(
  'a target on $id',
  (flavor) => {
    let rig: Rig;
    beforeAll(async () => {
      const targetOptions = ['--log-bin', '--server-id=2', '--binlog-format=STATEMENT', '--local-infile=1'];
      rig = await startRig({ flavor, targetOptions });
      await rig.source.query(PLAIN);
      await rig.source.query(COUNTED);
      await rig.target.query(
        `CREATE USER poor@127.0.0.1 IDENTIFIED BY 'pw-of-poor'; GRANT ${PRIVILEGES} ON *.* TO poor@127.0.0.1`,
      );
    });
    afterAll(async () => rig.stop());
    beforeEach(async () => {
      for (const name of ['plain', 'counted', ...(await rig.scratchDatabases())])
        await rig.target.query(`DROP DATABASE IF EXISTS \`${name}\``);
    });

    const write = (database: string, engine: string, user = ''): string =>
      rig.writePlan(
        `databases:\n  - name: ${database}\noptions: {engine: ${engine}}`,
        user === ''
          ? {}
          : {
              target: `{name: staging, host: 127.0.0.1, port: ${String(rig.target.port)}, user: ${user}, password: "\${POOR_PASSWORD}", access: read-write}`,
            },
      );
    const apply = (plan: string) => rig.run(['apply', plan, '--auto-approve', '--confirm-target', 'staging']);

    test.each(['native', 'dump'])(
      'whose binary log is of statements takes rows, sequences and history: %s engine',
      async (engine) => {
        for (const database of ['plain', 'counted']) {
          const plan = write(database, engine);
          for (const round of ['create', 'overwrite']) {
            const { code, stdout, stderr } = await apply(plan);
            expect(code, `${round} ${stdout}${stderr}`).toBe(0);
          }
          expect(await rig.contentOf('target', database)).toEqual(await rig.contentOf('source', database));
          expect((await rig.run(['verify', plan])).code).toBe(0);
        }
      },
      MILLISECONDS,
    );

    test(
      'and whose account may not choose the format gets its rows in another way, and sequences are named in the plan',
      async () => {
        const copied = await apply(write('plain', 'native', 'poor'));
        expect(copied.code, `${copied.stdout}${copied.stderr}`).toBe(0);
        expect(copied.stderr).toContain('written by LOAD DATA');
        const refused = await apply(write('counted', 'native', 'poor'));
        expect(refused.stdout + refused.stderr).toMatch(/binlog_format is STATEMENT: ids/);
        expect(refused.code).not.toBe(0);
        expect(await rig.contentOf('target', 'counted')).toBeUndefined();
      },
      MILLISECONDS,
    );
  },
);
