import type { MaskRule, PlainMask } from '../mask-rule.js';

/**
 * What is known of the tables of one application: which of its columns hold people or credentials, and what becomes of
 * them. Written from the application's own schema; what plugins and modules add is for the plan to decide.
 */
export interface MaskPack {
  /** The application and the versions whose tables it was written from. */
  readonly covers: string;
  /** In the order in which they are tried. */
  readonly rules: readonly PackRule[];
  /** Globs of tables of sessions, tokens, caches and logs, that a copy works without: best under `tables.structure_only`. */
  readonly structureOnly: readonly string[];
}

export interface PackRule {
  readonly pattern: string;
  readonly decision: MaskRule;
}

/** Column to what becomes of it, by table: globs, for sites name their tables with prefixes of their own. */
type PackTables = Readonly<Record<string, Readonly<Record<string, PlainMask | MaskRule>>>>;

export const listRules = (tables: PackTables): readonly PackRule[] =>
  Object.entries(tables).flatMap(([table, columns]) =>
    Object.entries(columns).map(([column, rule]) => ({
      pattern: `${table}.${column}`,
      decision: typeof rule === 'string' ? { kind: rule } : rule,
    })),
  );

/** For values that only their owner may have, where the column takes no NULL. */
export const EMPTY: MaskRule = { kind: 'value', value: '' };
export const NOTHING: MaskRule = { kind: 'null' };
/** The year that somebody was born in says little. */
export const YEAR: MaskRule = { kind: 'date-to', unit: 'year' };

export const sql = (expression: string): MaskRule => ({ kind: 'sql', sql: expression });
