import type { FindingList } from '../server/findings.js';
import type { KeyShape } from './table-shape.js';

export const placeOfKey = (table: string, { name }: KeyShape): string => `${table}, key ${name || 'PRIMARY'}`;

/** The key as a server that does not know DESC has it. */
export const sortAscending = (table: string, key: KeyShape, findings: FindingList): KeyShape => {
  if (!key.parts.some(({ isDescending }) => isDescending)) return key;
  findings.note(placeOfKey(table, key), 'a descending column of a key', 'an ascending one');
  return { ...key, parts: key.parts.map((part) => ({ ...part, isDescending: false })) };
};
