/**
 * Runs `work` over the items, at most `limit` at once, in their order. Rejects with the first error, after the work
 * in flight has ended, so that nothing runs on behind the caller's back.
 */
export const forEachConcurrently = <Item>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<void>,
): Promise<void> => forEachWithin(items, limit, () => 1, work);

/**
 * Starts `work` over the items in their order, each as soon as what runs leaves room for it: `costOf` an item is its
 * part of `capacity`. Rejects as above.
 */
export const forEachWithin = async <Item>(
  items: readonly Item[],
  capacity: number,
  costOf: (item: Item) => number,
  work: (item: Item) => Promise<void>,
): Promise<void> => {
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let free = capacity;
  for (const item of items) {
    const cost = Math.min(costOf(item), capacity);
    while (free < cost) await Promise.race(running);
    if (failures.length > 0) break;
    free -= cost;
    const end = work(item)
      .catch((error: unknown) => failures.push(error))
      .then(() => {
        free += cost;
        running.delete(end);
      });
    running.add(end);
  }
  await Promise.all(running);
  if (failures.length > 0) throw failures[0] as Error;
};
