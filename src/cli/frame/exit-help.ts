import { EXIT_CODES, type ExitName } from '../../core/exit-codes.js';

/** How a command can end; `true` takes the words of the table. */
type Exits = Partial<Readonly<Record<ExitName, string | true>>>;

/** The last paragraph of a command's help: its exit codes, in the order in which they are given. */
export const describeExits = (exits: Exits): string => {
  const entries = Object.entries(exits) as [ExitName, string | true][];
  const described = entries.map(([name, words]) => {
    const { code, brief } = EXIT_CODES[name];
    return `${code} ${words === true ? brief : words}`;
  });
  return `\n\nExit codes: ${described.join(', ')}.`;
};
