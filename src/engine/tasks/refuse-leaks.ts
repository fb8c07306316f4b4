import { keyOfColumn } from '../../core/change/classified-column.js';
import { fingerprintOfMasks } from '../../core/change/mask-fingerprint.js';
import { SyncError } from '../../core/errors.js';
import { DETECTED, DETECTORS } from '../../core/mask/detector.js';
import { MOST_PROBES } from '../../core/mask/leak-probe.js';
import type { LeakKind, TableLeak } from '../../core/mask/leaks.js';
import type { MaskReport } from '../../core/run/outcome.js';
import { formatCount, formatPlural } from '../../core/plural.js';
import { makePrintable } from '../../core/printable.js';
import type { CopiedDatabase, DatabaseRun } from '../run-context.js';
import { type ProbedLeaks, probeLeaks } from './probe-leaks.js';

/** So many are told one by one. */
const MOST_TOLD = 10;
const MOST_COLUMNS = 3;

/**
 * What was looked at of a masked copy. Undefined where the plan masks nothing.
 * @throws SyncError MASK_LEAK where personal data was found that nobody has accepted; what is live has not changed then
 */
export const refuseLeaks = async (
  context: Pick<DatabaseRun, 'plan' | 'change' | 'source' | 'inventory' | 'ports' | 'kept'>,
  { tables, adopted }: Pick<CopiedDatabase, 'tables' | 'adopted'>,
): Promise<MaskReport | undefined> => {
  const { plan, change } = context;
  if (!plan.mask) return undefined;
  const { lock } = plan.mask;
  const isAllowed = ({ table, column, kind }: TableLeak): boolean =>
    kind !== 'unmasked' &&
    (lock?.columns.get(keyOfColumn(change.from, table, column))?.allow?.includes(kind) ?? false);
  const leaks = tables
    .flatMap(({ name, scan }) => (scan?.leaks ?? []).map((leak): TableLeak => ({ table: name, ...leak })))
    .filter((leak) => !isAllowed(leak));
  if (leaks.length > 0) throw explainLeaks(change.to, leaks, await probeLeaks(context, leaks));
  const scans = tables.flatMap(({ scan }) => scan ?? []);
  const sum = (part: 'columns' | 'rows' | 'bytes'): number =>
    scans.reduce((total, scan) => total + scan[part], 0);
  return {
    columns: change.tables.reduce((total, { masks }) => total + (masks?.columns.length ?? 0), 0),
    fingerprint: fingerprintOfMasks(change, plan.mask) ?? null,
    scan: plan.mask.scan,
    scannedColumns: sum('columns'),
    scannedRows: sum('rows'),
    scannedBytes: sum('bytes'),
    ...(plan.mask.scan !== 'off' && countStayed(context, { tables, adopted })),
  };
};

const countStayed = (
  { kept }: Pick<DatabaseRun, 'kept'>,
  { tables, adopted }: Pick<CopiedDatabase, 'tables' | 'adopted'>,
): Pick<MaskReport, 'stayed'> => {
  // What stays of an unfinished copy is searched by this run.
  const begun = new Set(adopted.flatMap(({ table, base }) => (base === 'unfinished' ? [table] : [])));
  const searched = tables.filter(({ name }) => !begun.has(name));
  const rows = searched.reduce((sum, table) => sum + table.rows - (table.replaced ?? table.rows), 0);
  return kept.length + rows === 0 ? {} : { stayed: { tables: kept.length, rows } };
};

const explainLeaks = (database: string, leaks: readonly TableLeak[], probed: ProbedLeaks): SyncError => {
  const rest = leaks.length - MOST_TOLD;
  return new SyncError('MASK_LEAK', {
    message: `${database}: the copy would hold what looks like personal data`,
    hints: [
      ...leaks
        .slice(0, MOST_TOLD)
        .map((leak, index) =>
          makePrintable(
            `${index === 0 ? 'Found:' : '      '}  ${describeLeak(leak)}${describeOwners(leak, probed)}`,
          ),
        ),
      ...(rest > 0 ? [`        and ${formatCount(rest)} more`] : []),
      `Mask these columns in the plan.${explainAllowing(leaks)}`,
      'The copy was dropped before the swap; the target is unchanged.',
    ],
  });
};

/** What its own expression leaves is not to be allowed, but written otherwise. */
const explainAllowing = (leaks: readonly TableLeak[]): string => {
  const kinds = DETECTORS.filter((detector) => leaks.some(({ kind }) => kind === detector));
  return kinds.length === 0
    ? ''
    : ` Where that is nobody's data, say so in their lines of the lock file:  "allow": ${JSON.stringify(kinds)}`;
};

const describeLeak = ({ table, column, kind, rows }: TableLeak): string =>
  `${table}.${column}: ${describeKind(kind)} in ${formatPlural(rows, 'row')}`;

/** `; 12 of 13 different ones are those of masked people: shop.users.email` */
const describeOwners = ({ probes = [] }: TableLeak, probed: ProbedLeaks): string => {
  const owned = probes.filter((probe) => probed.has(probe));
  if (owned.length === 0) return '';
  const columns = [...new Set(owned.flatMap((probe) => probed.get(probe) ?? []))];
  const rest = columns.length - MOST_COLUMNS;
  const named = `${columns.slice(0, MOST_COLUMNS).join(', ')}${rest > 0 ? ` and ${formatPlural(rest, 'column')} more` : ''}`;
  const all = probes.length === MOST_PROBES ? `the first ${String(MOST_PROBES)}` : String(probes.length);
  return probes.length === 1
    ? `; it is a masked person's own: ${named}`
    : `; of ${all} different ones ${formatCount(owned.length)} ${owned.length === 1 ? 'is' : 'are'} a masked person's own: ${named}`;
};

const describeKind = (kind: LeakKind): string =>
  kind === 'unmasked' ? 'its mask changes nothing' : DETECTED[kind];
