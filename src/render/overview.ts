import { renderDefinitions } from './definition-list.js';
import { fitLines } from './fit-lines.js';
import type { Look } from './paint.js';

const SENTENCE =
  'mysql-sync copies whole databases between MySQL and MariaDB servers: a plan in a file, a diff before, an atomic swap after.';

const COMMANDS = [
  ['init', 'asks what to copy from where to where, and writes the plan'],
  ['validate', 'checks the plan, without a server'],
  ['plan', 'shows what would change, and changes nothing'],
  ['apply', 'shows it, asks, copies, verifies and swaps'],
  ['verify', 'compares source and target, and changes nothing'],
  ['rollback', 'swaps back what an apply replaced'],
  ['status', 'what on a target is a copy of what, and what a rollback brings back'],
  ['history', 'what was applied, and how it ended'],
  ['connections', 'the servers that it knows by name'],
] as const;

/** What a person sees who types `mysql-sync` alone: what it is, and the commands in the order of their use. */
export const renderOverview = (readmePath: string, look: Look): readonly string[] => [
  ...fitLines([SENTENCE], look),
  '',
  ...renderDefinitions(
    undefined,
    COMMANDS.map(([name, text]) => [`  mysql-sync ${name}`, text]),
    look.isTerminal ? look : { ...look, isTerminal: true, columns: 100 },
  ),
  '',
  'All commands:  mysql-sync --help',
  'One of them:   mysql-sync plan --help',
  `Documentation: ${readmePath}`,
];
