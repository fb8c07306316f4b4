import type { DatabaseChange } from '../core/change/change-set.js';
import { formatPlural } from '../core/plural.js';
import { makePrintable } from '../core/printable.js';

/** What a refresh of each table starts from: how many may stay, and why others are copied in any case. */
export const listRefresh = ({ tables }: DatabaseChange, form: 'short' | 'full'): readonly string[] => {
  const live = tables.filter(({ refresh }) => refresh?.base === 'live');
  const reasons = new Map<string, string[]>();
  for (const { name, refresh } of tables)
    if (refresh?.base === 'none') reasons.set(refresh.reason, [...(reasons.get(refresh.reason) ?? []), name]);
  const list = (names: readonly string[]): string =>
    form === 'full' ? names.map(makePrintable).join(', ') : formatPlural(names.length, 'table');
  return [
    ...(live.length > 0
      ? [`compared first, and left as they are if equal: ${list(live.map(({ name }) => name))}`]
      : []),
    ...[...reasons].map(([reason, names]) => `copied in any case: ${list(names)} (${makePrintable(reason)})`),
  ];
};
