import type { Hook, Interfaces } from '@oclif/core';
import type { ErrorReport } from '../../core/errors.js';
import { exitCodeOf } from '../../core/exit-codes.js';
import { findNearest } from '../../core/nearest.js';
import { renderError } from '../../render/error.js';
import { printLines } from '../../render/print-lines.js';
import { lookOf, readEnvironment } from './environment.js';
import { guardOutput, writeDocument, writeNotice } from './output.js';
import { suggestCommand } from '../../core/shell-word.js';

/** Names the nearest command and runs nothing: a guess must not write to databases. */
export const explainUnknownCommand: Hook.CommandNotFound = ({ id, config }) => {
  guardOutput();
  // Of a word with colons the framework makes several, and of the flags after it too.
  sayUnknownCommand(id.split(':'), process.argv.slice(2), config);
  return Promise.resolve();
};

/** The same for the words of a command that were asked about by `--help`. */
export const sayUnknownCommand = (
  words: readonly string[],
  argv: readonly string[],
  config: Interfaces.Config,
): void => {
  const commands = config.commands
    .filter(({ hidden }) => !hidden)
    .map((command) => command.id.replaceAll(':', ' '));
  const [first = ''] = words;
  const { message, hints } = first.startsWith('-')
    ? explainFlag(first)
    : explainWords(findCommand(words, commands), commands);
  const exitCode = exitCodeOf('usage');
  process.exitCode = exitCode;
  if (argv.includes('--json')) {
    const error = { code: 'USAGE', message, hints, exit_code: exitCode, diagnostics: [] };
    writeDocument({ kind: 'error', ok: false, error });
  } else {
    const { variables } = readEnvironment();
    const look = lookOf(process.stderr, variables, argv.includes('--no-color') ? 'never' : 'auto');
    const lines = renderError({ code: 'USAGE', message, hints } as unknown as ErrorReport, look);
    writeNotice(printLines(lines, look));
  }
};

interface Explanation {
  readonly message: string;
  readonly hints: readonly string[];
}

/** Those that stand without a command, and how they are suggested. */
const LONE_FLAGS = {
  '--help': 'Did you mean:  mysql-sync --help',
  '--version': 'Did you mean:  mysql-sync --version',
} as const;

const explainFlag = (flag: string): Explanation => ({
  message: `there is no flag ${flag} without a command`,
  hints: [
    ...findNearest(flag, Object.keys(LONE_FLAGS)).map((near) => LONE_FLAGS[near as keyof typeof LONE_FLAGS]),
    'All commands:  mysql-sync --help',
  ],
});

const explainWords = ({ word, nearest }: NearCommand, commands: readonly string[]): Explanation => {
  const [topic = '', second] = word.split(' ');
  const own = commands.filter((command) => command.startsWith(`${topic} `));
  const isUnknownOfTopic = second !== undefined && nearest.length === 0 && own.length > 0;
  return {
    message: `there is no command "${word}"`,
    hints: [
      ...nearest.map((command) => `Did you mean:  ${suggestCommand`${command}`}`),
      isUnknownOfTopic
        ? `What there is:  ${suggestCommand`${topic} --help`}`
        : 'All commands:  mysql-sync --help',
    ],
  };
};

interface NearCommand {
  /** What was taken for the command. */
  readonly word: string;
  /** The words of commands. */
  readonly nearest: readonly (readonly string[])[];
}

/** oclif hands over every word up to the first flag: what belongs to the command is a guess, two words or one. */
const findCommand = (words: readonly string[], commands: readonly string[]): NearCommand => {
  const [first = '', second] = words;
  if (/\.ya?ml$/.test(first)) return { word: first, nearest: [['plan', first]] };
  const own = commands.flatMap((command) => {
    const [topic, rest] = command.split(' ');
    return topic === first && rest !== undefined ? [rest] : [];
  });
  if (second !== undefined && own.length > 0)
    return {
      word: `${first} ${second}`,
      nearest: findNearest(second, own).map((rest) => [first, rest]),
    };
  const both = `${first} ${second ?? ''}`;
  const nearest =
    second === undefined
      ? []
      : findNearest(
          both,
          commands.filter((command) => command.includes(' ')),
        );
  return nearest.length > 0
    ? { word: both, nearest: nearest.map((command) => command.split(' ')) }
    : { word: first, nearest: findNearest(first, commands).map((command) => command.split(' ')) };
};
