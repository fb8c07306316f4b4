import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readContent } from '../support/content.js';
import { type Shops, dyingFlavors, startShops } from '../support/dying-refresh.js';
import { recoverRun } from '../support/dying-run.js';

/**
 * A refresh starts from what the run before kept for a rollback. Its process dies at every step in turn; then the next
 * run recovers, and one more refresh makes the target what the source is.
 */

const EVERY_STEP_MILLISECONDS = process.env['MYSQL_SYNC_TEST_LINK'] ? 900_000 : 300_000;

const STARTED = expect.stringContaining('2 tables started from what was kept for a rollback') as string;

describe.each(dyingFlavors())('$id', (flavor) => {
  let shops: Shops;
  beforeAll(async () => {
    shops = await startShops(flavor);
  });
  afterAll(async () => {
    await Promise.all([shops.source.stop(), shops.target.stop()]);
  });

  test(
    'old or new after a death at any step of a refresh that starts from what was kept',
    async () => {
      const { source, target, refresh, change } = shops;
      const readTarget = () => readContent(target, 'shop');
      await change(1);
      await refresh(Infinity);
      const ends: string[] = [];
      for (let step = 0; ; step += 1) {
        await change(step + 2);
        const [old, fresh] = [await readTarget(), await readContent(source, 'shop')];
        const { hasDied, said } = await refresh(step);
        if (said !== 'unsure')
          expect([step, await readTarget()]).toEqual([step, said === 'old' ? old : fresh]);
        expect([step, await recoverRun(target)]).toEqual([step, []]);
        const now = JSON.stringify(await readTarget());
        const end = [old, fresh].findIndex((content) => JSON.stringify(content) === now);
        ends.push(['old', 'new'][end] ?? `neither after ${String(step)} changes: ${now}`);
        // So that there is something to start from at the next step.
        await change(step + 1000);
        const last = await refresh(Infinity);
        expect([step, last.said]).toEqual([step, 'new']);
        if (end === 1) expect([step, last.notes.join()]).toEqual([step, STARTED]);
        expect([step, await readTarget()]).toEqual([step, await readContent(source, 'shop')]);
        if (!hasDied) break;
      }
      expect(ends.filter((end) => end !== 'old' && end !== 'new')).toEqual([]);
      expect(ends.at(-1)).toBe('new');
      expect(ends.filter((end) => end === 'old').length).toBeGreaterThan(10);
      expect(ends.filter((end) => end === 'new').length).toBeGreaterThan(3);
    },
    EVERY_STEP_MILLISECONDS,
  );
});
