import { isOfFamily } from './column-types.js';

/** Of `enum('a','it''s')` or a set, as information_schema prints it. */
const listMembers = (columnType: string): readonly string[] =>
  [...columnType.matchAll(/'((?:[^']|'')*)'/g)].map(([, member = '']) => member.replaceAll("''", "'"));

/** Letters are told apart by case and accents in some collations only, and spaces at the end in fewer. */
const fold = (member: string): string =>
  member.normalize('NFKD').replaceAll(/\p{M}/gu, '').toUpperCase().replaceAll('SS', 'S').trimEnd();

/**
 * An ENUM or SET has members that a server may take for one another, as lax sessions make them: its text does not tell
 * which of them a row has.
 */
export const hasLookalikes = (columnType: string): boolean => {
  if (!isOfFamily(columnType, 'members')) return false;
  const members = listMembers(columnType);
  return new Set(members.map(fold)).size < members.length;
};
