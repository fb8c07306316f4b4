import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Vendor } from '../../src/core/flavor.js';
import { availableFlavors } from '../support/flavors.js';
import { type Rig, startRig } from '../support/rig.js';

/** Events: what they are on the target, and that they stay so. */

const flavors = availableFlavors().filter(({ id }) => id === 'mariadb-10.11' || id === 'mysql-9.7');
const PAIRS = flavors.flatMap((source) => flavors.map((target) => ({ source, target })));

const statesOf = async (rig: Rig, database = 'shop'): Promise<Readonly<Record<string, string>>> => {
  const rows = await rig.target.query(
    `SELECT EVENT_NAME AS name, STATUS AS state FROM information_schema.EVENTS WHERE EVENT_SCHEMA = '${database}'`,
  );
  return Object.fromEntries(rows.map((row) => [String(row['name']), String(row['state'])]));
};

describe.each(PAIRS)('$source.id to $target.id', ({ source, target }) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ flavor: source, targetFlavor: target });
    await rig.source.query('CREATE DATABASE shop');
  });
  afterAll(async () => rig.stop());

  test('an event that a replica got stays off: the word that each server has for it is written and compared', async () => {
    await rig.source.query(
      'CREATE EVENT shop.replicated ON SCHEDULE EVERY 1 DAY DISABLE ON SLAVE DO DO 1; CREATE EVENT shop.off ON SCHEDULE EVERY 1 DAY DISABLE DO DO 1',
    );
    const plan = rig.writePlan('databases:\n  - name: shop');
    const { code, stdout, stderr } = await rig.run(['apply', plan, '--confirm-target', 'staging']);
    expect(`${stdout}${stderr}`).not.toContain('error[');
    expect(code).toBe(0);
    const word: Readonly<Record<Vendor, string>> = {
      mariadb: 'SLAVESIDE_DISABLED',
      mysql: 'REPLICA_SIDE_DISABLED',
    };
    expect(await statesOf(rig)).toEqual({ replicated: word[target.vendor], off: 'DISABLED' });
    expect((await rig.run(['verify', plan])).code).toBe(0);
  });
});
