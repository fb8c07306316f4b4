import type { TableChange } from '../../core/change/change-set.js';
import { SyncError } from '../../core/errors.js';
import { writeEventState } from '../../core/sql/event-text.js';
import { keyOfProgram } from '../../core/server/inventory.js';
import type { TableName } from '../../core/names.js';
import { chooseDefiners } from '../choose-definers.js';
import { chooseDescription } from '../describe-program.js';
import { moveToCopy } from '../move-to-copy.js';
import type { ProgramDefinition } from '../ports/server.js';
import type { DatabaseRun, StagedDatabase } from '../run-context.js';
import { adoptTables } from './adopt-tables.js';
import { verifyStructure } from './verify.js';

const isCopied = ({ action }: TableChange): boolean => action === 'create' || action === 'replace';

/**
 * Makes the staging database with every table of the copy, empty where no earlier rows can be had, and rehearses the programs there: the target
 * server compiles each one before any row moves, so that a missing definer or privilege is found now.
 */
export const stageDatabase = async (context: DatabaseRun): Promise<StagedDatabase> => {
  const { plan, change, inventory, source, target, journal } = context;
  const copied = new Set(change.tables.filter(isCopied).map(({ name }) => name));
  const tables = inventory.tables.filter(({ name }) => copied.has(name));
  const [definitions, found] = await Promise.all([
    source.readTableDefinitions(change.from, [...copied]),
    source.readProgramDefinitions(change.from),
    target.createDatabase(journal.staging, change.defaults),
  ]);
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
    moveToCopy(found, change, source.facts).filter(({ kind, name }) => incoming.has(`${kind} ${name}`)),
    plan.options,
    target.facts.account,
  );
  await rehearsePrograms(context, programs);
  return { tables, programs, ...(await adoptTables(context, tables)) };
};

/**
 * Views may read tables that stay on the target, so those stand in the staging database while it is tried. Views of a
 * unit read what is not there before its swap, which is undone when one of them fails.
 */
const rehearsePrograms = async (context: DatabaseRun, all: readonly ProgramDefinition[]): Promise<void> => {
  const { change, target, journal } = context;
  const programs = all.filter(({ kind }) => kind !== 'view' || journal.together === undefined);
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
  compareRehearsed(context, programs, await target.readProgramDefinitions(staging));
  await target.dropPrograms(staging, programs);
  await target.dropTables(staging, kept);
};

/** Each is stored as it is on the source, but for what a rehearsal changes: the definer, and whether an event runs. */
const compareRehearsed = (
  { change, source, target, journal }: DatabaseRun,
  programs: readonly ProgramDefinition[],
  found: readonly ProgramDefinition[],
): void => {
  const describe = chooseDescription(source.facts, target.facts);
  const spell = (program: ProgramDefinition): string =>
    describe(
      program.kind === 'event' ? { ...program, statement: writeEventState(program, 'disabled') } : program,
      journal.staging,
    );
  const makeOwn = (all: readonly ProgramDefinition[]): readonly ProgramDefinition[] =>
    chooseDefiners(all, { definers: 'current_user' }, target.facts.account);
  const stored = new Map(makeOwn(found).map((program) => [keyOfProgram(program), spell(program)]));
  const moved = moveToCopy(makeOwn(programs), { from: change.to, to: journal.staging }, target.facts);
  const odd = moved.find((program) => stored.get(keyOfProgram(program)) !== spell(program));
  if (odd)
    throw new SyncError('PROGRAMS_FAILED', {
      message: `${change.to}: the target does not store ${keyOfProgram(odd)} as it is on the source`,
      hints: ['It was tried before any row moved. Leave it out (programs.exclude), or copy it by hand.'],
    });
};
