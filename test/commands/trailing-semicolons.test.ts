import { expect, test } from 'vitest';
import { availableFlavors } from '../support/flavors.js';
import { startRig } from '../support/rig.js';

/** MySQL keeps the semicolon behind a body of one statement, where others followed it in the same query. */
test.each(availableFlavors())(
  'programs made by a query of several statements are copied on $id',
  async (flavor) => {
    const rig = await startRig({ flavor });
    try {
      await rig.source.query(
        `CREATE DATABASE shop; USE shop; CREATE TABLE t (a INT PRIMARY KEY);
       CREATE FUNCTION first_one() RETURNS INT DETERMINISTIC RETURN 1;
       CREATE PROCEDURE second_one() SELECT 2 ;
       CREATE TRIGGER third_one BEFORE INSERT ON t FOR EACH ROW SET NEW.a = NEW.a + 1;
       CREATE EVENT fourth_one ON SCHEDULE EVERY 1 DAY STARTS '2035-01-01' DO DELETE FROM t;
       CREATE VIEW fifth_one AS SELECT first_one();
       INSERT INTO t VALUES (1)`,
      );
      const plan = rig.writePlan('databases:\n  - name: shop');
      const applied = await rig.run(['apply', plan, '--auto-approve']);
      expect(applied.code, applied.stdout + applied.stderr).toBe(0);
      const verified = await rig.run(['verify', plan]);
      expect(verified.code, verified.stdout + verified.stderr).toBe(0);
      const planned = await rig.run(['plan', plan, '--rows', '--json']);
      expect(planned.stdout).toMatch(/"verdict": ?"same"/);
    } finally {
      await rig.stop();
    }
  },
);
