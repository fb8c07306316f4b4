import { type HookKind, refuseHook } from '../../core/sql/hook-statement.js';
import { isRecord } from '../../core/strict-json.js';
import { readPath } from './interpolate-values.js';
import type { PlacedComplaint } from './locate.js';

/** Hooks of a plan, of any shape, that are not run. */
export const findBrokenHooks = (plan: Readonly<Record<string, unknown>>): readonly PlacedComplaint[] =>
  listStatements(plan).flatMap(({ path, kind, sql }) => {
    const refusal = refuseHook(sql, kind);
    return refusal ? [{ code: 'PLAN_SCHEMA', path, mark: 'value', ...refusal } as const] : [];
  });

interface Statement {
  readonly path: readonly string[];
  readonly kind: HookKind;
  readonly sql: string;
}

const listStatements = (plan: Readonly<Record<string, unknown>>): readonly Statement[] => {
  const { databases } = plan;
  const entries = Array.isArray(databases) ? databases.map((_, index) => ['databases', String(index)]) : [];
  return [[], ...entries].flatMap((place) =>
    (['staged', 'assert'] as const).flatMap((kind) => {
      const path = [...place, 'hooks', kind];
      const hooks = readPath(plan, path);
      if (!Array.isArray(hooks)) return [];
      return hooks.flatMap((hook: unknown, index) => listTexts(hook, [...path, String(index)], kind));
    }),
  );
};

const listTexts = (hook: unknown, path: readonly string[], kind: HookKind): readonly Statement[] => {
  if (typeof hook === 'string') return [{ path, kind, sql: hook }];
  if (!isRecord(hook)) return [];
  return ['run', 'none'].flatMap((key) => {
    const sql = hook[key];
    return typeof sql === 'string' ? [{ path: [...path, key], kind, sql }] : [];
  });
};
