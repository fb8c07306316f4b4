import type { TableChange } from '../../core/change-set.js';
import type { TableName } from '../../core/names.js';
import { chooseDefiners } from '../choose-definers.js';
import { moveToCopy } from '../move-to-copy.js';
import type { DatabaseRun, StagedDatabase } from '../run-context.js';
import { verifyStructure } from './verify.js';

const isCopied = ({ action }: TableChange): boolean => action === 'create' || action === 'replace';

/**
 * Makes the staging database with every table of the copy, empty, and rehearses the programs there: the target
 * server compiles each one before any row moves, so that a missing definer or privilege is found now.
 */
export const stageDatabase = async (context: DatabaseRun): Promise<StagedDatabase> => {
  const { plan, change, inventory, source, target, journal } = context;
  const copied = new Set(change.tables.filter(isCopied).map(({ name }) => name));
  const tables = inventory.tables.filter(({ name }) => copied.has(name));
  await target.createDatabase(journal.staging, change.defaults);
  const definitions = await source.readTableDefinitions(change.from, [...copied]);
  const allowed = new Set(change.tables.filter(({ mayBeExternal }) => mayBeExternal).map(({ name }) => name));
  await target.createTables(
    journal.staging,
    definitions.map((table) => ({ ...table, mayBeExternal: allowed.has(table.name) })),
    change.from,
  );
  await verifyStructure(context, { tables });
  const incoming = new Set(
    change.programs
      .filter(({ action }) => action === 'create' || action === 'replace')
      .map(({ kind, name }) => `${kind} ${name}`),
  );
  const programs = chooseDefiners(
    moveToCopy(await source.readProgramDefinitions(change.from), change, source.facts).filter(
      ({ kind, name }) => incoming.has(`${kind} ${name}`),
    ),
    plan.options,
    target.facts.account,
  );
  await rehearsePrograms(context, { tables, programs });
  return { tables, programs };
};

/** Views may read tables that stay on the target, so those stand in the staging database while it is tried. */
const rehearsePrograms = async (
  { change, target, journal }: DatabaseRun,
  { programs }: StagedDatabase,
): Promise<void> => {
  if (programs.length === 0) return;
  const { staging } = journal;
  const kept: readonly TableName[] = change.tables
    .filter(({ action }) => action === 'keep')
    .map(({ name }) => name);
  const ownTables = await target.readTableDefinitions(change.to, kept);
  await target.createTables(
    staging,
    ownTables.map((table) => ({ ...table, mayBeExternal: true })),
    change.to,
  );
  await target.createPrograms(staging, programs, change.to, 'rehearsal');
  // Their text can be hidden from the account that made them, and without it no swap is checked or undone.
  await target.readProgramDefinitions(staging);
  await target.dropPrograms(staging, programs);
  await target.dropTables(staging, kept);
};
