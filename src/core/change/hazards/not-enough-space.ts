import { type DatabaseChange, type Hazard, type PreserveChange, isPending } from '../change-set.js';
import type { ServerFacts } from '../../server/inventory.js';
import type { ResolvedOptions } from '../../plan/resolved-plan.js';

const inGibibytes = (bytes: number): string => `${(bytes / 1024 ** 3).toFixed(1)} GiB`;

/** The copies stand beside the live tables, so their size must be free. What the plan declares wins over what the server says. */
export const notEnoughSpace = (
  target: ServerFacts,
  { declaredFreeBytes }: ResolvedOptions,
  databases: readonly DatabaseChange[],
): readonly Hazard[] => {
  const free = declaredFreeBytes ?? target.freeBytes;
  const needed = databases
    .filter(isPending)
    .reduce((sum, { source, preserve = [] }) => sum + source.bytes + sumPreserved(preserve), 0);
  if (free === undefined || needed <= free) return [];
  return [
    {
      code: 'NOT_ENOUGH_SPACE',
      severity: 'blocks',
      message: `the copies need about ${inGibibytes(needed)} beside the live tables, and ${inGibibytes(free)} ${declaredFreeBytes === undefined ? 'are free' : 'are declared free (options.free_space_gib)'}`,
      hint: 'Make room, or apply fewer databases at a time with --only.',
    },
  ];
};

/** They are in the copy and, until their foreign keys are checked, beside it. */
const sumPreserved = (preserve: readonly PreserveChange[]): number =>
  preserve.reduce((sum, { bytes }) => sum + 2 * (bytes ?? 0), 0);
