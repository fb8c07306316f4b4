import type { DatabaseChange } from '../../core/change/change-set.js';
import type { TableName } from '../../core/names.js';
import type { TableInventory } from '../../core/server/inventory.js';
import type { CopyProgress } from '../../core/run/run-event.js';
import type { CopyTable } from '../ports/rows.js';
import { whileServersAnswer } from '../while-servers-answer.js';
import type { CopiedDatabase, DatabaseRun, StagedDatabase } from '../run-context.js';

/** Fills the staged tables. Sequences carry their state in their definition and tables without content stay empty. */
export const copyRows = async (
  context: DatabaseRun,
  { tables, adopted, loading }: StagedDatabase,
): Promise<CopiedDatabase> => {
  const { change, plan, source, target, ports, pace } = context;
  let last: CopyProgress | undefined;
  let position: string | undefined;
  const all = [...adopted];
  const job = {
    source: plan.source,
    target: plan.target,
    sourceFacts: source.facts,
    targetFacts: target.facts,
    from: change.from,
    live: change.to,
    into: context.journal.staging,
    tables: tablesToFill(change, tables).map((entry) => withBase(entry, adopted)),
    ...(loading && {
      unfinished: {
        databases: loading.databases,
        tables: loading.counters.map(({ table }) => table),
        onTaken: async (names: readonly TableName[]) => {
          const taken = loading.counters.filter(({ table }) => names.includes(table));
          all.push(...taken.map((counter) => ({ ...counter, base: 'unfinished' as const })));
          await loading.drop();
        },
      },
    }),
    ...(plan.mask && { maskKey: plan.mask.key }),
    ...(plan.mask && plan.mask.scan !== 'off' && { scan: plan.mask.scan }),
    pace,
    onSnapshot: (found: string) => {
      position = found;
    },
  };
  const report = (progress: CopyProgress): void => {
    last = progress;
    ports.events({ type: 'progress', database: change.to, progress });
  };
  const copied = await whileServersAnswer(
    context,
    () => last?.bytes ?? 0,
    (signal) => ports.rowEngine.copy(job, report, signal),
  );
  return {
    tables: copied,
    rows: copied.reduce((sum, { rows }) => sum + rows, 0),
    bytes: last?.bytes ?? 0,
    adopted: all,
    ...(position === undefined ? {} : { position: { kind: 'file', text: position, isExact: true } }),
  };
};

const withBase = (entry: CopyTable, adopted: StagedDatabase['adopted']): CopyTable => {
  const base = adopted.find(({ table }) => table === entry.table.name)?.base;
  if (base === undefined) return entry;
  return { ...entry, isFilled: true, isUnfinished: base === 'unfinished' };
};

/** The tables whose rows travel, each with the condition of the plan. */
export const tablesToFill = (
  change: DatabaseChange,
  tables: readonly TableInventory[],
): readonly CopyTable[] => {
  const rules = new Map(change.tables.map((table) => [table.name, table]));
  return tables.flatMap((table) => {
    const rule = rules.get(table.name);
    if (!rule || rule.content === 'none' || table.kind === 'sequence') return [];
    return [{ table, where: rule.where, ...(rule.masks && { masks: rule.masks }) }];
  });
};
