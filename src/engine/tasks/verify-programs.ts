import { SyncError } from '../../core/errors.js';
import { isOver } from '../../core/change/event-state.js';
import { keyOfProgram } from '../../core/server/inventory.js';
import { chooseDescription } from '../describe-program.js';
import type { ProgramDefinition } from '../ports/server.js';
import type { DatabaseRun } from '../run-context.js';

/** Reads the live programs back: each must be there and be stored as it is on the source. */
export const verifyPrograms = async (
  context: DatabaseRun,
  programs: readonly ProgramDefinition[],
): Promise<void> => {
  const { change, source, target } = context;
  if (programs.length === 0) return;
  const describeProgram = chooseDescription(source.facts, target.facts);
  const now = new Map(
    (await target.readProgramDefinitions(change.to)).map((program) => [keyOfProgram(program), program]),
  );
  for (const program of programs) {
    const live = now.get(keyOfProgram(program));
    if (live && describeProgram(live, change.to) === describeProgram(program, change.to)) continue;
    if (await hasEnded(context, program)) continue;
    throw new SyncError('PROGRAMS_FAILED', {
      message: `${change.to}: ${keyOfProgram(program)} is not stored on the target as it is on the source`,
      hints: ['The swap was undone; the target is unchanged.'],
    });
  }
};

/** An event that runs its last time while it is looked at is dropped or switched off by the server. */
const hasEnded = async ({ inventory, target }: DatabaseRun, program: ProgramDefinition): Promise<boolean> => {
  const { event } = inventory.programs.find((one) => keyOfProgram(one) === keyOfProgram(program)) ?? {};
  return event !== undefined && isOver(event, await target.readClocks([event.timeZone]));
};
