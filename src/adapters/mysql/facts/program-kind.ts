import { SyncError } from '../../../core/errors.js';
import { PROGRAM_KINDS, type ProgramKind } from '../../../core/program-kind.js';

/** What a server calls a program, in any case. Newer servers may have kinds that are not known yet. */
export const toProgramKind = (text: string, name: string): ProgramKind => {
  const kind = PROGRAM_KINDS.find((known) => known === text.toLowerCase());
  if (kind !== undefined) return kind;
  throw new SyncError('PROGRAMS_FAILED', {
    message: `${text} ${name} is of a kind that mysql-sync does not know`,
    hints: ['Drop it on the source, or copy the tables by hand.'],
  });
};
