import { isSameVendor } from '../core/flavor.js';
import type { DatabaseName, TableName } from '../core/names.js';
import { describeDifference } from '../core/change/structure-difference.js';
import type { Server } from './ports.js';

/** A clause about a table that the target has otherwise than the source. */
export const explainStructure = async (
  { source, target }: { readonly source: Server; readonly target: Server },
  { name, from, to }: { readonly name: TableName; readonly from: DatabaseName; readonly to: DatabaseName },
): Promise<string> => {
  const [[here], [there]] = await Promise.all([
    source.readTableDefinitions(from, [name]),
    target.readTableDefinitions(to, [name]),
  ]);
  const isOneVendor = isSameVendor(source.facts, target.facts);
  return `has a different structure: ${describeDifference(here?.statement ?? '', there?.statement ?? '', isOneVendor ? 'one-vendor' : 'two-vendors')}`;
};
