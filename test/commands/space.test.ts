import { expect, test } from 'vitest';
import { availableFlavors } from '../support/flavors.js';
import { startRig } from '../support/rig.js';

const flavors = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');

test.each(flavors)('$id: what does not fit into the space that is declared is refused', async (flavor) => {
  const rig = await startRig({ flavor });
  try {
    // What the server believes of a table without rows: 1.5 GiB in pages of 16 KiB.
    await rig.source.query(
      `CREATE DATABASE shop; CREATE TABLE shop.t (id INT PRIMARY KEY) ENGINE = InnoDB STATS_AUTO_RECALC = 0 STATS_PERSISTENT = 1;
       ANALYZE TABLE shop.t; UPDATE mysql.innodb_table_stats SET clustered_index_size = 98304 WHERE database_name = 'shop'`,
    );
    await rig.source.restart();
    const plan = rig.writePlan('databases: [{name: shop}]\noptions: {free_space_gib: 1}');
    const planned = await rig.run(['plan', plan, '--json']);
    expect(JSON.parse(planned.stdout)).toMatchObject({
      hazards: [{ code: 'NOT_ENOUGH_SPACE', severity: 'blocks' }],
    });
    const { code, stderr } = await rig.run(['apply', plan, '--auto-approve']);
    expect(stderr).toMatch(/error\[DATABASE_BLOCKED\] .*need about 1\.5 GiB .* 1\.0 GiB are declared free/);
    expect(code).toBe(9);
    expect(await rig.contentOf('target', 'shop')).toBeUndefined();
    expect(await rig.scratchDatabases()).toEqual([]);
    const enough = rig.writePlan('databases: [{name: shop}]\noptions: {free_space_gib: 2}');
    expect((await rig.run(['apply', enough, '--auto-approve'])).code).toBe(0);
  } finally {
    await rig.stop();
  }
});
