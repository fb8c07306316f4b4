import { suggestNearest } from '../../nearest.js';
import { type HazardRule, copiedTables, listNames } from './hazard-rule.js';

/** A condition for a table that is not copied is a typing error that would copy rows nobody meant to copy. */
export const whereUnknownTable: HazardRule = (situation) => {
  const copied = new Set<string>(copiedTables(situation).map(({ name }) => name));
  const unknown = Object.keys(situation.rules.tables.where).filter((name) => !copied.has(name));
  if (unknown.length === 0) return [];
  const suggestions = unknown.flatMap((name) => suggestNearest(name, [...copied]) ?? []);
  return [
    {
      code: 'WHERE_UNKNOWN_TABLE',
      severity: 'blocks',
      message: `tables.where names ${listNames(unknown)}, which ${unknown.length === 1 ? 'is' : 'are'} not copied from ${situation.from}${suggestions.map((text) => `; ${text}`).join('')}`,
      hint: 'Correct the names under tables.where, or remove them.',
    },
  ];
};
