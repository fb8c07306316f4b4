import type { DatabaseChange } from '../core/change/change-set.js';
import type { ServerFacts } from '../core/server/inventory.js';
import { moveProgram } from '../core/sql/move-program.js';
import { describeOwn } from '../core/sql/own-names.js';
import type { ProgramDefinition } from './ports/server.js';

/** The source's programs as those of its copy, which may have another name. `source` printed them. */
export const moveToCopy = (
  programs: readonly ProgramDefinition[],
  { from, to }: Pick<DatabaseChange, 'from' | 'to'>,
  source: Pick<ServerFacts, 'lowerCaseTableNames'>,
): readonly ProgramDefinition[] => {
  const own = describeOwn(from, source, programs);
  return programs.map((program) => moveProgram(program, own, to));
};
