import type { Hook } from '@oclif/core';
import type { ErrorReport } from '../core/errors.js';
import { exitCodeOf } from '../core/exit-codes.js';
import { findNearest } from '../core/nearest.js';
import { quoteShellWord } from '../core/shell-word.js';
import { renderError } from '../render/error.js';
import { lookOf, readEnvironment } from './environment.js';

/** Names the nearest command and runs nothing: a guess must not write to databases. */
export const explainUnknownCommand: Hook.CommandNotFound = ({ id, argv = [], config }) => {
  const word = id.replaceAll(':', ' ');
  const commands = config.commands
    .filter(({ hidden }) => !hidden)
    .map((command) => command.id.replaceAll(':', ' '));
  const message = `there is no command "${word}"`;
  const hints = suggestCommands(word, commands);
  const exitCode = exitCodeOf('usage');
  process.exitCode = exitCode;
  if (argv.includes('--json')) {
    const error = { code: 'USAGE', message, hints, exit_code: exitCode, diagnostics: [] };
    process.stdout.write(
      `${JSON.stringify({ format_version: '1.0', kind: 'error', ok: false, error }, undefined, 2)}\n`,
    );
  } else {
    const { variables } = readEnvironment();
    const look = lookOf(process.stderr, variables, argv.includes('--no-color') ? 'never' : 'auto');
    process.stderr.write(
      `${renderError({ code: 'USAGE', message, hints } as unknown as ErrorReport, look).join('\n')}\n`,
    );
  }
  return Promise.resolve();
};

const suggestCommands = (word: string, commands: readonly string[]): readonly string[] => {
  const nearest = /\.ya?ml$/.test(word) ? [`plan ${quoteShellWord(word)}`] : findNearest(word, commands);
  return [
    ...nearest.map((command) => `Did you mean:  mysql-sync ${command}`),
    'All commands:  mysql-sync --help',
  ];
};
