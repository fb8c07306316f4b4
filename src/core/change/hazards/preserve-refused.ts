import type { ProgramKind } from '../../program-kind.js';
import { listCalls, listReadTables } from '../../sql/preserve-condition.js';
import { type HazardRule, preservedTables } from './hazard-rule.js';

/** Prepared on the target, which runs nothing. A function of the database could do anything, also write, and a view may call one. */
export const preserveRefused: HazardRule = (situation) => {
  const { target, refusedPreserves } = situation;
  const find = (names: ReadonlySet<string>, ...kinds: readonly ProgramKind[]): string | undefined =>
    target?.programs.find(({ kind, name }) => kinds.includes(kind) && names.has(name.toLowerCase()))?.name;
  return preservedTables(situation).flatMap(({ live, where }) => {
    if (!live || where === null) return [];
    const called = find(listCalls(where), 'function', 'package');
    const view = find(listReadTables(where), 'view');
    const reason =
      refusedPreserves.get(live.name) ??
      (called === undefined ? undefined : `it calls ${called}, a function of the database itself`) ??
      (view === undefined ? undefined : `it reads ${view}, a view, which may call functions`);
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
