import { listCalls } from '../../sql/preserve-condition.js';
import { type HazardRule, preservedTables } from './hazard-rule.js';

/** Prepared on the target, which runs nothing. A function of the database could do anything, also write. */
export const preserveRefused: HazardRule = (situation) => {
  const functions = new Set(
    (situation.target?.programs ?? [])
      .filter(({ kind }) => kind === 'function' || kind === 'package')
      .map(({ name }) => name.toLowerCase()),
  );
  return preservedTables(situation).flatMap(({ live, where }) => {
    if (!live || where === null) return [];
    const called = [...listCalls(where)].find((name) => functions.has(name));
    const reason =
      situation.refusedPreserves.get(live.name) ??
      (called === undefined ? undefined : `it calls ${called}, a function of the database itself`);
    if (reason === undefined) return [];
    return [
      {
        code: 'PRESERVE_REFUSED',
        severity: 'blocks' as const,
        message: `the condition of tables.preserve for ${live.name} is not taken: ${reason}`,
        hint: 'Correct the condition: it is SQL as after WHERE, over the columns of the live table on the target.',
      },
    ];
  });
};
