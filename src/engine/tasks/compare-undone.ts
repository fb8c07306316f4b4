import { SyncError } from '../../core/errors.js';
import { mayEnd } from '../../core/sql/event-text.js';
import { keyOfProgram } from '../../core/server/inventory.js';
import { describeChangedParts } from '../../core/sql/structure-parts.js';
import type { ProgramDefinition } from '../ports/server.js';
import type { TargetServer } from '../ports/target-server.js';
import type { Swap } from './swap-definition.js';

/**
 * What of the live programs has to go and what has to be made, to be as before. Triggers are made all or none: the
 * order in which they were made is the order in which they fire.
 */
export const findWrongPrograms = (
  { incoming, outgoing }: Pick<Swap, 'incoming' | 'outgoing'>,
  live: readonly ProgramDefinition[],
): { readonly surplus: readonly ProgramDefinition[]; readonly missing: readonly ProgramDefinition[] } => {
  const before = outgoing?.programs ?? [];
  const now = new Map(live.map((program) => [keyOfProgram(program), JSON.stringify(program)]));
  const isAsBefore = (program: ProgramDefinition): boolean =>
    now.get(keyOfProgram(program)) === JSON.stringify(program);
  const areTriggersWhole = before.filter(({ kind }) => kind === 'trigger').every(isAsBefore);
  const missing = before.filter(
    (program) => !isAsBefore(program) || (program.kind === 'trigger' && !areTriggersWhole),
  );
  const wanted = new Set(before.map(keyOfProgram));
  const came = (incoming?.programs ?? []).filter((program) => !wanted.has(keyOfProgram(program)));
  return { surplus: [...came, ...missing].filter((program) => now.has(keyOfProgram(program))), missing };
};

/**
 * Nothing may be called unchanged that is not: looks at all that the undo had to bring back.
 * @throws SyncError SWAP_UNSETTLED naming what differs
 */
export const refuseDifferent = async (target: TargetServer, swap: Swap): Promise<void> => {
  const { live, retired } = swap;
  const differences = await listDifferences(target, swap);
  if (differences.length === 0) return;
  throw new SyncError('SWAP_UNSETTLED', {
    message: `${live}: the swap was undone, but this is not as it was before: ${differences.join(', ')}`,
    hints: [
      'Restore it on the target; the next apply or rollback looks again.',
      `If it was changed on purpose, drop database ${retired} there; it holds nothing but the journal of the swap.`,
    ],
  });
};

const listDifferences = async (target: TargetServer, swap: Swap): Promise<readonly string[]> => {
  const { live, before, outgoing } = swap;
  const now = new Map((await target.readStructures(live)).map((table) => [table.name, table]));
  const [database] = await target.inspectDatabases([live]);
  const { surplus, missing } = findWrongPrograms(swap, await target.readProgramDefinitions(live));
  const areDefaultsSame =
    database?.charset === outgoing?.defaults.charset &&
    database?.collation === outgoing?.defaults.collation &&
    database?.isEncrypted === outgoing?.defaults.isEncrypted;
  return [
    ...before.flatMap(({ name, fingerprint, marks = '' }) => {
      const found = now.get(name);
      if (found === undefined) return [`table ${name} is missing`];
      if (found.fingerprint === fingerprint) return [];
      const what = marks === '' ? '' : describeChangedParts(marks, found.parts);
      return [`table ${name} has a different structure${what === '' ? '' : `: ${what}`}`];
    }),
    // The server itself drops or switches off events whose time has passed.
    ...new Set(
      [...surplus, ...missing]
        .filter((program) => program.kind !== 'event' || !mayEnd(program))
        .map(keyOfProgram),
    ),
    ...(areDefaultsSame ? [] : ['the default character set or encryption']),
  ];
};
