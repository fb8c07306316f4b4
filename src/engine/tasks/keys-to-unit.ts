import type { DatabaseName } from '../../core/names.js';
import type { OutsideKey, TargetServer } from '../ports/target-server.js';
import type { DatabaseContent, Swap } from './swap-definition.js';

/**
 * The members of a unit with the foreign keys between their databases. A key whose own table moves too is no outside key:
 * the table that has its name after the rename is another one.
 */
export const withKeysToUnit = async <Member extends { readonly swap: Swap }>(
  target: TargetServer,
  members: readonly Member[],
): Promise<readonly Member[]> => {
  if (members.length < 2) return members;
  const isMoving = ({ database, table }: OutsideKey): boolean =>
    members.some(({ swap }) => swap.live === database && swap.outgoing?.tables.includes(table));
  const described: Member[] = [];
  for (const member of members) {
    const { live, staging, incoming, outgoing, outsideKeys } = member.swap;
    const parents = members.map(({ swap }) => swap.live).filter((name) => name !== live);
    const describe = async (
      content: DatabaseContent | null,
      place: DatabaseName,
    ): Promise<DatabaseContent | null> => {
      // The keys of what an earlier run kept followed their parents, and its journal tells what they were.
      if (content === null || content.keysToUnit !== undefined) return content;
      const keys = await target.readKeysOf(place, parents);
      const own = keys.filter(({ table }) => content.tables.includes(table));
      return { ...content, keysToUnit: own.map((key) => ({ ...key, database: live })) };
    };
    const swap: Swap = {
      ...member.swap,
      incoming: await describe(incoming, staging),
      outgoing: await describe(outgoing, live),
      outsideKeys: outsideKeys.filter((key) => !isMoving(key)),
    };
    described.push({ ...member, swap });
  }
  return described;
};
