import { suggestNearest } from '../../nearest.js';
import type { PlannedHook } from '../../plan/resolved-plan.js';
import { shortenSql } from '../../sql/shorten-sql.js';
import { listHookTables } from '../../sql/hook-tables.js';
import { findHookTable, isHookOf } from '../hooks.js';
import { type HazardRule, type Situation, copiedTables } from './hazard-rule.js';

/** A hook would fail after all rows were copied. */
export const hookUnknownTable: HazardRule = (situation) =>
  situation.rules.hooks
    .filter((hook) => isHookOf(hook, situation.from))
    .flatMap((hook) => {
      const copied = copiedTables(situation);
      const missing = listHookTables(hook.sql).named.filter(
        (name) => !findHookTable(name, copied, situation.targetServer),
      );
      return missing.map((name) => ({
        code: 'HOOK_UNKNOWN_TABLE',
        severity: 'blocks' as const,
        message: `the hook "${shortenSql(hook.sql)}" names ${name}, ${explain(name, situation)}`,
        hint: hintAt(hook),
      }));
    });

const explain = (name: string, situation: Situation): string => {
  const { source, from } = situation;
  if (source.programs.some((program) => program.kind === 'view' && program.name === name))
    return 'a view, and views are made after the hooks';
  if (source.tables.some((table) => table.name === name)) return 'which the plan does not copy';
  const suggestion = suggestNearest(
    name,
    copiedTables(situation).map((table) => table.name),
  );
  return `which ${from} does not have${suggestion === undefined ? '' : `; ${suggestion}`}`;
};

const hintAt = (hook: PlannedHook): string =>
  hook.in === undefined
    ? 'Correct the hook, or name the databases that it is for:  {in: DATABASE, run: SQL}'
    : 'Correct the hook.';
