import { SAMPLED_ROWS } from '../core/mask/leaks.js';
import type { MaskReport } from '../core/run/outcome.js';
import { formatBytes, formatCount, formatPlural } from './units.js';

/** `masked 12 columns; 40 that are kept were searched (1,204 rows, 2 MiB), and held nothing that the lock does not allow` */
export const describeMasks = ({
  columns,
  scan,
  scannedColumns,
  scannedRows,
  scannedBytes,
  stayed,
}: MaskReport): string => {
  const masked = `masked ${formatPlural(columns, 'column')}`;
  if (scan === 'off') return `${masked}; the others were not searched for personal data`;
  const extent = `${formatPlural(scannedRows, 'row')}, ${formatBytes(scannedBytes)}`;
  const sample = scan === 'sample' ? `, a sample: one row of ${String(SAMPLED_ROWS)}` : '';
  const searched =
    scannedColumns === 1
      ? '1 that is kept was searched'
      : `${formatCount(scannedColumns)} that are kept were searched`;
  const now = `${masked}; ${searched} (${extent}${sample}), and held nothing that the lock does not allow`;
  return stayed ? `${now}; ${describeStayed(stayed)} stayed, which an earlier run has searched` : now;
};

const describeStayed = ({ tables, rows }: NonNullable<MaskReport['stayed']>): string =>
  [
    ...(tables > 0 ? [formatPlural(tables, 'table')] : []),
    ...(rows > 0 ? [`${formatPlural(rows, 'row')}${tables > 0 ? ' of others' : ''}`] : []),
  ].join(' and ');
