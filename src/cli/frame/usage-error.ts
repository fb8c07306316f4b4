import { stripVTControlCharacters } from 'node:util';
import type { Command } from '@oclif/core';
import { suggestNearest } from '../../core/nearest.js';
import { suggestCommand } from '../../core/shell-word.js';

type Flags = (typeof Command)['flags'];

/** What is wrong with a command line: the framework's own words, said as all other messages are. */
export interface UsageProblem {
  readonly message: string;
  readonly hints: readonly string[];
}

/** `command` is what comes after `mysql-sync`; `flags` are all that it takes. */
export const describeUsageError = (thrown: string, command: string, flags: Flags): UsageProblem => {
  const text = stripVTControlCharacters(thrown)
    .replaceAll(/^.*See more help with --help.*$/gm, '')
    .replaceAll(/\s*\n\s*/g, '\n')
    .trim();
  const help = `Help:  ${suggestCommand`${command.split(' ')} --help`}`;
  for (const { pattern, say } of FORMS) {
    const found = pattern.exec(text);
    if (found) return { message: say(found.slice(1), flags), hints: [help] };
  }
  return { message: text.replaceAll('\n', ' '), hints: [help] };
};

interface Form {
  readonly pattern: RegExp;
  readonly say: (parts: readonly string[], flags: Flags) => string;
}

const FORMS: readonly Form[] = [
  {
    pattern: /^Nonexistent flags?: (.*)$/,
    say: ([words = ''], flags) =>
      words
        .split(', ')
        .map((word) => sayUnknownFlag(word.replace(/=.*/s, ''), flags))
        .join('; '),
  },
  {
    pattern: /^Missing \d+ required args?:\n(\S+) +(.*)/,
    say: ([name = '', meaning = '']) => `${name.toUpperCase()} is missing: ${meaning.replace(/\.$/, '')}`,
  },
  {
    pattern: /^Unexpected arguments?: (.*)$/s,
    say: ([words = '']) => `unexpected argument: ${words}`,
  },
  {
    pattern: /^Parsing (--\S+)\nExpected an integer(?: (.*))? but received: (.*)$/s,
    say: ([flag = '', range = '', value = '']) =>
      `${flag} cannot be "${value}": it takes a whole number${range === '' ? '' : ` ${range}`}`,
  },
  { pattern: /^Parsing (--\S+)\n(.*)$/s, say: ([flag = '', reason = '']) => `${flag}: ${reason}` },
  {
    pattern: /^Expected (--[\w-]+)=(.*) to be one of: (.*)$/s,
    say: ([flag = '', value = '', choices = '']) =>
      `${flag} cannot be "${value}": it takes one of ${choices}`,
  },
  {
    pattern: /^Flag (--(\S+)) expects a value$/,
    say: ([flag = '', name = ''], flags) => `${flag} needs a value: ${flag} ${valueOf(name, flags)}`,
  },
  {
    pattern: /^The following errors? occurred:\n(.*)$/s,
    say: ([reasons = '']) =>
      reasons
        .replaceAll(/All of the following must be provided when using (--\S+): (.*)/g, '$1 needs $2')
        .replaceAll('\n', '; '),
  },
];

const sayUnknownFlag = (word: string, flags: Flags): string => {
  const known = [
    '--help',
    ...Object.entries(flags).flatMap(([name, flag]) => [
      `--${name}`,
      ...(flag.type === 'boolean' && flag.allowNo ? [`--no-${name}`] : []),
    ]),
  ];
  const suggestion = suggestNearest(word, known);
  return `there is no flag ${word}${suggestion === undefined ? '' : `, ${suggestion}`}`;
};

const valueOf = (name: string, flags: Flags): string => {
  const flag = flags[name];
  if (flag?.type !== 'option') return 'VALUE';
  return flag.options?.join('|') ?? String(flag.helpValue ?? 'VALUE');
};
