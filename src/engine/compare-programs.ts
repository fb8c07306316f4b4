import type { DatabaseChange } from '../core/change/change-set.js';
import { diffPrograms } from '../core/change/program-lines.js';
import type { ResolvedOptions } from '../core/plan/resolved-plan.js';
import { type ProgramInventory, keyOfProgram } from '../core/server/inventory.js';
import { chooseDefiners } from './choose-definers.js';
import { chooseEvents } from './choose-events.js';
import { chooseDescription } from './describe-program.js';
import { moveToCopy } from './move-to-copy.js';
import type { OpenServers } from './open-servers.js';
import type { ProgramDefinition } from './ports/server.js';

export interface ProgramSides {
  readonly servers: OpenServers;
  readonly options: Pick<ResolvedOptions, 'definers' | 'events'>;
  readonly change: Pick<DatabaseChange, 'from' | 'to'>;
  /** Of the source, as the plan was computed from it. */
  readonly inventory: readonly ProgramInventory[];
  /** Of the target, where both inventories are of this moment: then nothing is listed once more. */
  readonly live?: readonly ProgramInventory[] | undefined;
}

export interface ComparedPrograms {
  /** Of the programs that both sides have and that differ, by `keyOfProgram`: what the target's lose and get. */
  readonly diffs: ReadonlyMap<string, readonly string[]>;
  /** As the source prints them. */
  readonly source: readonly ProgramDefinition[];
}

/** Compares the programs of a live database with those that the plan would make of the source's. Reads only. */
export const comparePrograms = async ({
  servers: { source, target },
  options,
  change,
  inventory,
  live,
}: ProgramSides): Promise<ComparedPrograms> => {
  const [here, there] = await Promise.all([
    source.readProgramDefinitions(change.from, live && inventory),
    target.readProgramDefinitions(change.to, live),
  ]);
  const moved = moveToCopy(chooseDefiners(here, options, target.facts.account), change, source.facts);
  const { programs: wanted } = await chooseEvents(moved, {
    options,
    source: inventory,
    live: there,
    target,
  });
  const describeProgram = chooseDescription(source.facts, target.facts);
  const coming = new Map(wanted.map((program) => [keyOfProgram(program), program]));
  const diffs = new Map<string, readonly string[]>();
  for (const now of there) {
    const made = coming.get(keyOfProgram(now));
    if (made && describeProgram(now, change.to) !== describeProgram(made, change.to))
      diffs.set(keyOfProgram(now), diffPrograms(now, made));
  }
  return { diffs, source: here };
};
