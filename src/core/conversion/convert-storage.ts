import { supports } from '../server/features.js';
import { isWord } from '../sql/sql-text.js';
import type { ConversionTarget } from './conversion-target.js';
import type { FindingList } from '../server/findings.js';
import { findUnknownPartition } from './partitions.js';
import type { TableShape } from './table-shape.js';

const ENGINES = new Set(['innodb', 'myisam', 'memory', 'csv']);
const OPTIONS = new Set([
  ...['ROW_FORMAT', 'KEY_BLOCK_SIZE', 'STATS_PERSISTENT', 'STATS_AUTO_RECALC', 'STATS_SAMPLE_PAGES'],
  ...['AVG_ROW_LENGTH', 'MIN_ROWS', 'MAX_ROWS', 'CHECKSUM', 'PACK_KEYS', 'DELAY_KEY_WRITE'],
]);
/** They say how a server keeps rows in its files, and nothing about the rows. */
const OF_FILES = new Set([
  ...['COMPRESSION', 'PAGE_COMPRESSED', 'PAGE_COMPRESSION_LEVEL', 'AUTOEXTEND_SIZE'],
  ...['PAGE_CHECKSUM', 'TRANSACTIONAL'],
]);
/** What Aria means by these is its own. */
const OF_ARIA = new Set([
  ...['PAGE_CHECKSUM', 'TRANSACTIONAL', 'ROW_FORMAT', 'KEY_BLOCK_SIZE', 'CHECKSUM'],
  ...['PACK_KEYS', 'DELAY_KEY_WRITE'],
]);

/** Where and how the rows are kept on the other vendor's server. */
export const convertStorage = (
  shape: TableShape,
  { flavor, storageEngines }: ConversionTarget,
  findings: FindingList,
): Pick<TableShape, 'engine' | 'options' | 'partitions'> => {
  const { name, columns } = shape;
  const isAria = shape.engine === 'aria' && !supports(flavor, 'aria');
  if (isAria) findings.note(name, 'ENGINE=Aria', 'ENGINE=InnoDB');
  if (isAria && hasCounterWithin(shape))
    findings.refuse(name, 'an AUTO_INCREMENT column that no key of an Aria table begins with');
  const engine = isAria ? 'innodb' : shape.engine;
  const known = [...storageEngines].map((one) => one.toLowerCase());
  if (!ENGINES.has(engine) || !known.includes(engine)) findings.refuse(name, `ENGINE=${engine}`);
  const partitions = isAria ? shape.partitions.map(nameInnoDb) : shape.partitions;
  const unknown = findUnknownPartition(partitions, new Set(columns.map((one) => one.name.toLowerCase())));
  if (unknown !== undefined) findings.refuse(name, `${unknown} of its partitions`);
  if (partitions.length > 0 && engine !== 'innodb') findings.refuse(name, `partitions of ENGINE=${engine}`);
  return { engine, partitions, options: convertOptions(shape, isAria, findings) };
};

const hasCounterWithin = ({ columns, keys }: TableShape): boolean =>
  columns.some(
    ({ name, isAutoIncrement }) => isAutoIncrement && !keys.some(({ parts }) => parts[0]?.column === name),
  );

const nameInnoDb = <Token extends Parameters<typeof isWord>[0] & object>(token: Token): Token =>
  isWord(token, 'ARIA') ? { ...token, text: 'InnoDB' } : token;

const convertOptions = (
  { name, options }: TableShape,
  isAria: boolean,
  findings: FindingList,
): ReadonlyMap<string, string> => {
  const kept = [...options].filter(([key, value]) => {
    if ((key === 'ENCRYPTION' && value === "'N'") || (isAria && OF_ARIA.has(key))) return false;
    if (OF_FILES.has(key)) findings.note(name, `${key}=${value}`, 'nothing, because it changes no rows');
    else if (!OPTIONS.has(key)) findings.refuse(name, `${key}=${value}`);
    return !OF_FILES.has(key);
  });
  return new Map(kept);
};
