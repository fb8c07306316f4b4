import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readContent } from '../support/content.js';
import { type Shops, dyingFlavors, startShops } from '../support/dying-refresh.js';
import { recoverAll, recoverRun, withTarget } from '../support/dying-run.js';

/**
 * A refresh goes on from the copy that a run before was killed in. Its process dies at every other step in turn, of each vendor
 * at those between the other's; then one more refresh goes on from what is left by then, and makes the target what the source is.
 */

const EVERY_STEP_MILLISECONDS = 900_000;

const WENT_ON = / started from a copy that was not finished/;

describe.each(dyingFlavors())('$id', (flavor) => {
  let shops: Shops;
  beforeAll(async () => {
    shops = await startShops(flavor);
  });
  afterAll(async () => {
    await Promise.all([shops.source.stop(), shops.target.stop()]);
  });

  test(
    'old or new after a death at any step of a refresh that goes on from an unfinished copy',
    async () => {
      const { source, target, refresh, change } = shops;
      const readTarget = () => readContent(target, 'shop');
      await change(1);
      await refresh(Infinity);
      const ends: string[] = [];
      let goneOn = 0;
      for (let step = flavor.id === 'mysql-9.7' ? 1 : 0; ; step += 2) {
        await change(2 * step + 2);
        expect(await refresh(Infinity, { before: 'setCounters' })).toMatchObject({
          hasDied: true,
          said: 'old',
        });
        await change(2 * step + 3);
        const [old, fresh] = [await readTarget(), await readContent(source, 'shop')];
        const { hasDied, said, notes } = await refresh(step);
        if (said !== 'unsure')
          expect([step, await readTarget()]).toEqual([step, said === 'old' ? old : fresh]);
        await withTarget(target, (server) => recoverAll(server, () => true));
        const now = JSON.stringify(await readTarget());
        const end = [old, fresh].findIndex((content) => JSON.stringify(content) === now);
        ends.push(['old', 'new'][end] ?? `neither after ${String(step)} changes: ${now}`);
        await change(step + 1000);
        const last = await refresh(Infinity);
        expect([step, last.said]).toEqual([step, 'new']);
        if (end === 0 && WENT_ON.test(last.notes.join())) goneOn += 1;
        expect([step, await readTarget()]).toEqual([step, await readContent(source, 'shop')]);
        expect([step, await recoverRun(target)]).toEqual([step, []]);
        if (hasDied) continue;
        expect(notes.join()).toMatch(WENT_ON);
        break;
      }
      expect(ends.filter((end) => end !== 'old' && end !== 'new')).toEqual([]);
      expect(ends.at(-1)).toBe('new');
      const olds = ends.filter((end) => end === 'old').length;
      expect(olds).toBeGreaterThan(5);
      // What a swap that was undone had is dropped.
      expect(goneOn).toBeGreaterThan(olds / 2);
      expect(ends.filter((end) => end === 'new').length).toBeGreaterThan(1);
    },
    EVERY_STEP_MILLISECONDS,
  );
});
