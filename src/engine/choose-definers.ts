import { replaceDefiner } from '../core/sql/program-text.js';
import type { ResolvedOptions } from '../core/plan/resolved-plan.js';
import type { ProgramDefinition } from './ports/server.js';

/** The source's programs as the target is to have them. `account` is the one that applies, as the target matched it. */
export const chooseDefiners = (
  programs: readonly ProgramDefinition[],
  { definers }: Pick<ResolvedOptions, 'definers'>,
  account: string,
): readonly ProgramDefinition[] =>
  definers === 'current_user'
    ? programs.map((program) => ({
        ...program,
        statement: replaceDefiner(program.statement, account, program.sqlMode),
      }))
    : programs;
