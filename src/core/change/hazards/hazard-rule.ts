import type { Hazard, ProgramChange, Severity, TableChange } from '../change-set.js';
import type { Clocks } from '../../server/inventory.js';
import {
  type DatabaseInventory,
  type Grants,
  type ProgramInventory,
  type ServerFacts,
  type TableInventory,
  keyOfProgram,
} from '../../server/inventory.js';
import type { DatabaseName, TableName } from '../../names.js';
import type { ResolvedOptions, SelectionRules } from '../../plan/resolved-plan.js';
import type { DatabaseMasks } from '../plan-masks.js';
import { type PreservedTable, listPreserved } from '../preserve.js';
import type { UnmatchedName } from '../unmatched-names.js';
import { showAccount } from '../wanted-grants.js';

/** All that is known about one selected database before anything is written. */
export interface Situation {
  readonly from: DatabaseName;
  readonly to: DatabaseName;
  readonly rules: SelectionRules;
  readonly options: ResolvedOptions;
  readonly tables: readonly TableChange[];
  readonly programs: readonly ProgramChange[];
  readonly source: DatabaseInventory;
  readonly sourceServer: ServerFacts;
  /** Undefined when the target has no such database. */
  readonly target: DatabaseInventory | undefined;
  readonly targetServer: ServerFacts;
  /** `user@host` of every account there; undefined when not known. */
  readonly targetAccounts: ReadonlySet<string> | undefined;
  readonly targetClocks: Clocks;
  /** What the target has, or gets by the same plan, of the tables of other databases that views and defaults name. */
  readonly targetTablesElsewhere: ReadonlyMap<DatabaseName, ReadonlySet<TableName>>;
  /** Accounts there that certainly may not execute what the database gets. */
  readonly targetUnableToExecute: ReadonlySet<string>;
  /** In the rules of its entry, and nowhere in the databases that the entry selects. What is no error is told of the first. */
  readonly unmatchedNames: readonly UnmatchedName[];
  /** Why the source refuses a condition of `tables.where`, by table. */
  readonly refusedFilters: ReadonlyMap<TableName, string>;
  /** Why the target refuses a condition of `tables.preserve`, by table. */
  readonly refusedPreserves: ReadonlyMap<TableName, string>;
  /** Other databases of the batch that are swapped in by the same rename. */
  readonly together: ReadonlyMap<DatabaseName, Pick<Situation, 'rules' | 'target'>>;
  /** Of the definers that exist there; undefined when the account may not see them. */
  readonly targetRights: ReadonlyMap<string, Grants> | undefined;
  /** Absent where the plan masks nothing. */
  readonly masks?: DatabaseMasks;
  /** No record says that the target's content is a masked copy; known where the plan masks. */
  readonly isTargetUnmasked: boolean;
}

/** Pure: the same situation gives the same hazards. One rule a file. */
export type HazardRule = (situation: Situation) => readonly Hazard[];

/** The source tables that would be copied, with or without rows. */
export const copiedTables = ({ source, tables }: Situation): readonly TableInventory[] => {
  const copied = new Set(
    tables.filter(({ action }) => action === 'create' || action === 'replace').map(({ name }) => name),
  );
  return source.tables.filter(({ name }) => copied.has(name));
};

/** The tables of which the plan keeps rows. */
export const preservedTables = (situation: Situation): readonly PreservedTable[] =>
  listPreserved(
    situation.rules,
    copiedTables(situation),
    situation.target?.tables ?? [],
    situation.targetServer,
  );

/** The source programs that would be copied. */
export const copiedPrograms = ({ source, programs }: Situation): readonly ProgramInventory[] => {
  const copied = new Set(
    programs.filter(({ action }) => action === 'create' || action === 'replace').map(keyOfProgram),
  );
  return source.programs.filter((program) => copied.has(keyOfProgram(program)));
};

/** The target's programs that are replaced or dropped. They are made again when the swap fails, or is rolled back. */
export const leavingPrograms = ({ programs, target }: Situation): readonly ProgramInventory[] => {
  const leaving = new Set(
    programs.filter(({ action }) => action === 'replace' || action === 'drop').map(keyOfProgram),
  );
  return (target?.programs ?? []).filter((program) => leaving.has(keyOfProgram(program)));
};

/** Those of the copied tables that get their rows. */
export const filledTables = (situation: Situation): readonly TableInventory[] => {
  const filled = new Set(
    situation.tables.filter(({ content }) => content !== 'none').map(({ name }) => name),
  );
  return copiedTables(situation).filter(({ name }) => filled.has(name));
};

/** Values that the copy may change: digests find each of them before anything goes live, and counts find none. */
export const severityOfDamage = ({ options }: Situation): Severity =>
  options.verify === 'digest' ? 'note' : 'blocks';

/** `a, b and c`; after five names `and 7 more`. */
export const listNames = (names: readonly string[]): string => {
  const shown = names.length > 6 ? [...names.slice(0, 5), `${String(names.length - 5)} more`] : names;
  const last = shown.at(-1) ?? '';
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
};

/** `app@% (view v and trigger t)` */
export const listByDefiner = (programs: readonly ProgramInventory[]): string => {
  const named = [...new Set(programs.map(({ definer }) => definer))].map((definer) => {
    const own = programs.filter((program) => program.definer === definer);
    return `${showAccount(definer)} (${listNames(own.map(({ kind, name }) => `${kind} ${name}`))})`;
  });
  return listNames(named);
};
