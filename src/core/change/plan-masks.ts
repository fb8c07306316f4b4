import { keyFingerprint } from '../mask/key-fingerprint.js';
import type { MaskRule } from '../mask/mask-rule.js';
import type { ResolvedMask } from '../mask/resolved-mask.js';
import type { TableMasks } from '../mask/table-masks.js';
import type { DatabaseName, TableName } from '../names.js';
import { isTableLeftOut } from '../plan/left-out.js';
import { isAnyMatch } from '../plan/pattern.js';
import type { ResolvedPlan, SelectionRules } from '../plan/resolved-plan.js';
import type { DatabaseInventory } from '../server/inventory.js';
import type { MaskCounts, MaskPins, TableChange } from './change-set.js';
import type { ClassifiedColumn, FilledTable } from './classified-column.js';
import { type MaskClassification, unlessOf } from './classify-masks.js';

/** An expression or a condition of the plan's masks, which the source is asked about. */
export interface MaskSql {
  readonly database: DatabaseName;
  readonly table: TableName;
  /** As in the plan, for example `mask.unless` or `the mask of users.vat_id`. */
  readonly what: string;
  /** SQL that is true or false. */
  readonly condition: string;
}

/** The masks of a plan, over the columns that the source has. */
export interface PlannedMasks extends MaskClassification {
  readonly mask: ResolvedMask;
  /** What the source does not take, and why. */
  readonly refused: readonly (MaskSql & { readonly reason: string })[];
  /** Whether all databases of the plan were looked at. */
  readonly ofPlan: 'all' | 'some';
}

/** The source tables of these databases that get their rows. */
export const listFilledTables = (
  coming: readonly { readonly from: DatabaseName; readonly rules: SelectionRules }[],
  sources: readonly DatabaseInventory[],
): readonly FilledTable[] => {
  const filled = new Map<string, FilledTable>();
  for (const selected of coming)
    for (const { name, tables } of sources.filter((source) => source.name === selected.from))
      for (const table of tables) {
        const { tables: rules } = selected.rules;
        if (table.kind === 'sequence') continue;
        if (isTableLeftOut(rules, table.name) || isAnyMatch(rules.structure_only, table.name)) continue;
        filled.set(JSON.stringify([name, table.name]), { database: name, table });
      }
  return [...filled.values()];
};

/** What the source has to take of the masks. */
export const listMaskSql = (
  { columns }: MaskClassification,
  mask: ResolvedMask,
  tables: readonly FilledTable[],
): readonly MaskSql[] => [
  ...columns.flatMap(({ database, table, column, decided }) =>
    decided?.decision.kind === 'sql'
      ? [
          {
            database,
            table,
            what: `the mask of ${table}.${column.name}`,
            condition: `(${decided.decision.sql}) IS NULL`,
          },
        ]
      : [],
  ),
  ...tables.flatMap(({ database, table }) => {
    const condition = unlessOf(mask, database, table.name);
    return condition === null ? [] : [{ database, table: table.name, what: 'mask.unless', condition }];
  }),
];

/** What is said of one database: asked table by table, the columns of all would be gone through each time. */
export const limitToDatabase = (planned: PlannedMasks, from: DatabaseName): PlannedMasks => ({
  ...planned,
  columns: planned.columns.filter(({ database }) => database === from),
});

/** The masks of one table; undefined where none of its columns has one. */
export const masksOfTable = (
  { columns, mask }: PlannedMasks,
  database: DatabaseName,
  table: TableName,
): TableMasks | undefined => {
  const masked = columns
    .filter((column) => column.database === database && column.table === table)
    .flatMap(({ column, decided }) => {
      const rule = ruleOf(decided?.decision);
      return rule ? [{ column: column.name, rule }] : [];
    });
  return masked.length === 0 ? undefined : { columns: masked, unless: unlessOf(mask, database, table) };
};

/** The other columns of a table that gets rows. */
export const listUnmasked = (
  { columns }: Pick<PlannedMasks, 'columns'>,
  database: DatabaseName,
  table: TableName,
): Pick<TableChange, 'keeps' | 'undecided'> => {
  const own = columns.filter((one) => one.database === database && one.table === table);
  const pick = (isSuch: (decided: ClassifiedColumn['decided']) => boolean): readonly string[] =>
    own.filter(({ decided }) => isSuch(decided)).map(({ column }) => column.name);
  const keeps = pick((decided) => decided?.decision.kind === 'keep');
  const undecided = pick((decided) => decided === undefined);
  return { ...(keeps.length > 0 && { keeps }), ...(undecided.length > 0 && { undecided }) };
};

const ruleOf = (decision: MaskRule | { readonly kind: 'keep' } | undefined): MaskRule | undefined =>
  decision === undefined || decision.kind === 'keep' ? undefined : decision;

/** Of a change, the tables that get rows. */
export const listFilledNames = (tables: readonly TableChange[]): readonly TableName[] =>
  tables.filter(({ content }) => content !== 'none').map(({ name }) => name);

export const countMasks = (columns: readonly ClassifiedColumn[]): MaskCounts => {
  const kept = columns.filter(({ decided }) => decided?.decision.kind === 'keep').length;
  const undecided = columns.filter(({ decided }) => decided === undefined).length;
  return { masked: columns.length - kept - undecided, kept, undecided };
};

/** The masks of one copy. */
export interface DatabaseMasks extends Pick<PlannedMasks, 'mask' | 'conflicts' | 'refused' | 'namesakes'> {
  /** Those that get values. */
  readonly columns: readonly ClassifiedColumn[];
  /** As the person named it. */
  readonly planPath: string;
}

/** `filled`: its tables that get rows. */
export const describeMasks = (
  { path }: Pick<ResolvedPlan, 'path'>,
  planned: PlannedMasks,
  from: DatabaseName,
  filled: readonly TableName[],
): DatabaseMasks => {
  const isHere = ({ database, table }: Pick<ClassifiedColumn, 'database' | 'table'>): boolean =>
    database === from && filled.includes(table);
  return {
    mask: planned.mask,
    columns: planned.columns.filter(isHere),
    conflicts: planned.conflicts.filter(({ database }) => database === from),
    namesakes: planned.namesakes.filter(({ kept }) => isHere(kept)),
    refused: planned.refused.filter(isHere),
    planPath: path,
  };
};

/** What a saved plan is good for: this key, and this lock file. */
export const pinMask = ({ key, lock }: ResolvedMask): MaskPins => ({
  key: keyFingerprint(key),
  lock: lock?.digest ?? null,
});
