import { isSameVendor } from '../../flavor.js';
import type { DatabaseChange, Hazard } from '../change-set.js';
import type { Inventory, ServerFacts } from '../../server/inventory.js';
import { alreadyExists } from './already-exists.js';
import { brokenView } from './broken-view.js';
import { converted } from './converted.js';
import { dataDirectory } from './data-directory.js';
import { databaseOptions } from './database-options.js';
import { definerRights, unknownRights } from './definer-rights.js';
import { definers } from './definers.js';
import { dumpBetweenVendors } from './dump-between-vendors.js';
import { eventsDisabled } from './events-disabled.js';
import { eventsOver } from './events-over.js';
import { eventsRun } from './events-run.js';
import { externalTable } from './external-table.js';
import { filteredSnapshot } from './filtered-snapshot.js';
import { floatInDump } from './float-in-dump.js';
import type { ResolvedOptions } from '../../plan/resolved-plan.js';
import { foldedNames } from './folded-names.js';
import { foreignKeyToExcluded } from './foreign-key-to-excluded.js';
import type { HazardRule, Situation } from './hazard-rule.js';
import { hookUnknownTable } from './hook-unknown-table.js';
import { historyNotPortable } from './history-not-portable.js';
import { outsideForeignKey } from './outside-foreign-key.js';
import { librariesLeft } from './libraries-left.js';
import { lostText } from './lost-text.js';
import { maskInDefinition, maskLeft, maskPrevious } from './mask-leftovers.js';
import { maskJsonTable } from './mask-json-table.js';
import { maskDecisions, maskInDump, maskWithoutDigest } from './masks.js';
import { missingPrivilege } from './missing-privilege.js';
import { missingSequence } from './missing-sequence.js';
import { nameInDump } from './name-in-dump.js';
import { negativeZeroInDump } from './negative-zero-in-dump.js';
import { notEnoughSpace } from './not-enough-space.js';
import { orphanedRows } from './orphaned-rows.js';
import { ownNames } from './own-names.js';
import { outsideSnapshot } from './outside-snapshot.js';
import { readEachOther } from './read-each-other.js';
import { jsonAsText } from './json-as-text.js';
import { refusedFilter } from './refused-filter.js';
import { reservedTable } from './reserved-table.js';
import { preserveColumns } from './preserve-columns.js';
import { preserveImpossible } from './preserve-impossible.js';
import { preserveRefused } from './preserve-refused.js';
import { preserveUnknownTable } from './preserve-unknown-table.js';
import { rowsElsewhere } from './rows-elsewhere.js';
import { sameDatabase } from './same-database.js';
import { serverSetting } from './server-setting.js';
import { textInDump } from './text-in-dump.js';
import { uncallableFunction } from './uncallable-function.js';
import { unknownDataType } from './unknown-data-type.js';
import { unknownStorageEngine } from './unknown-storage-engine.js';
import { unknownTimeZone } from './unknown-time-zone.js';
import { unmatchedName } from './unmatched-name.js';
import { unreadableTable } from './unreadable-table.js';
import { whereUnknownTable } from './where-unknown-table.js';
import { wideText } from './wide-text.js';
import { writersWait } from './writers-wait.js';

/** In the order in which they are shown; the first that blocks becomes the reason. */
const RULES: readonly HazardRule[] = [
  sameDatabase,
  alreadyExists,
  missingPrivilege,
  definers,
  uncallableFunction,
  definerRights,
  dumpBetweenVendors,
  converted,
  ownNames,
  outsideForeignKey,
  foreignKeyToExcluded,
  missingSequence,
  brokenView,
  readEachOther,
  unknownDataType,
  unknownTimeZone,
  unknownStorageEngine,
  serverSetting,
  databaseOptions,
  unreadableTable,
  librariesLeft,
  lostText,
  wideText,
  externalTable,
  dataDirectory,
  rowsElsewhere,
  historyNotPortable,
  foldedNames,
  unmatchedName,
  whereUnknownTable,
  refusedFilter,
  preserveUnknownTable,
  preserveImpossible,
  preserveRefused,
  preserveColumns,
  hookUnknownTable,
  maskInDump,
  maskWithoutDigest,
  maskDecisions,
  maskJsonTable,
  maskInDefinition,
  maskLeft,
  maskPrevious,
  reservedTable,
  outsideSnapshot,
  nameInDump,
  floatInDump,
  negativeZeroInDump,
  textInDump,
  jsonAsText,
  filteredSnapshot,
  orphanedRows,
  eventsDisabled,
  eventsOver,
  eventsRun,
  writersWait,
];

/** Between vendors the conversion has an answer of its own to each of these. */
const WITHIN_VENDOR: ReadonlySet<HazardRule> = new Set([
  unknownDataType,
  unknownStorageEngine,
  historyNotPortable,
]);

/** What could go wrong with one database, found before anything is written. */
export const findHazards = (situation: Situation): readonly Hazard[] =>
  RULES.filter(
    (rule) => isSameVendor(situation.sourceServer, situation.targetServer) || !WITHIN_VENDOR.has(rule),
  ).flatMap((rule) => rule(situation));

/** What concerns the target server as a whole, given what would be staged there. */
export const findServerHazards = (
  { server, rights }: Pick<Inventory, 'server' | 'rights'>,
  options: ResolvedOptions,
  databases: readonly DatabaseChange[],
): readonly Hazard[] => [
  ...targetReadOnly(server),
  ...notEnoughSpace(server, options, databases),
  ...unknownRights(server, rights, databases),
];

const targetReadOnly = (target: ServerFacts): readonly Hazard[] =>
  target.isReadOnly
    ? [
        {
          code: 'TARGET_READ_ONLY',
          severity: 'blocks',
          message: 'the target server is read-only (@@read_only), as replicas are',
          hint: 'Use the primary server as target.',
        },
      ]
    : [];
