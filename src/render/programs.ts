import type { ProgramChange } from '../core/change/change-set.js';
import type { ProgramKind } from '../core/program-kind.js';
import { makePrintable } from '../core/printable.js';
import { showAccount } from '../core/change/wanted-grants.js';
import { formatPlural } from './units.js';

const PLURALS: Partial<Record<ProgramKind, string>> = { 'package body': 'package bodies' };

const MOST_NAMES = 6;

/** The programs that come: how many of each kind, and names as far as there is room; or each on a line of its own. */
export const renderPrograms = (
  programs: readonly ProgramChange[],
  detail: 'count' | 'list',
): readonly string[] => {
  const incoming = programs.filter(({ action }) => action === 'create' || action === 'replace');
  if (incoming.length === 0) return [];
  const kinds = [...new Set(incoming.map(({ kind }) => kind))];
  const counts = kinds.map((kind) => {
    const count = incoming.filter((program) => program.kind === kind).length;
    return formatPlural(count, kind, PLURALS[kind]);
  });
  const title = `programs: ${counts.join(', ')}`;
  if (detail === 'list') return [title, ...incoming.map((program) => `  ${describeProgram(program)}`)];
  const names = incoming.slice(0, MOST_NAMES).map(({ kind, name }) => `${kind} ${makePrintable(name)}`);
  const rest = incoming.length - names.length;
  return [
    `${title} (${names.join(', ')}${rest > 0 ? ` and ${String(rest)} more, --show-programs lists them` : ''})`,
  ];
};

const describeProgram = ({ kind, name, action, definer, event }: ProgramChange): string =>
  makePrintable(
    [
      `${action === 'create' ? '+' : '-/+'} ${kind} ${name}`,
      ...(definer === undefined ? [] : [`as ${showAccount(definer)}`]),
      ...(event === undefined ? [] : [`${event.schedule} (${event.timeZone})`, event.state]),
    ].join(', '),
  );
