import type { ProgramInventory } from './inventory.js';

/** The functions that a view calls. Their names are the same in any case. */
export const listCalledBy = (
  { calls = [] }: ProgramInventory,
  programs: readonly ProgramInventory[],
): readonly ProgramInventory[] => {
  const called = new Set(calls.map((name) => name.toLowerCase()));
  return programs.filter(({ kind, name }) => kind === 'function' && called.has(name.toLowerCase()));
};

/** The functions that any of their views call. */
export const listCalledFunctions = (programs: readonly ProgramInventory[]): readonly ProgramInventory[] =>
  programs.flatMap((program) => listCalledBy(program, programs));
