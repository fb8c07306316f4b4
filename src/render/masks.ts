import type { MaskReport } from '../core/run/outcome.js';
import { formatBytes, formatPlural } from './units.js';

/** `masked 12 columns; no personal data found in 40 others (1,204 rows, 2 MiB)` */
export const describeMasks = ({
  columns,
  scan,
  scannedColumns,
  scannedRows,
  scannedBytes,
}: MaskReport): string => {
  const masked = `masked ${formatPlural(columns, 'column')}`;
  if (scan === 'off') return `${masked}; the others were not searched for personal data`;
  const extent = `${formatPlural(scannedRows, 'row')}, ${formatBytes(scannedBytes)}`;
  const sample = scan === 'sample' ? ', a sample' : '';
  return `${masked}; no personal data found in ${formatPlural(scannedColumns, 'other')} (${extent}${sample})`;
};
