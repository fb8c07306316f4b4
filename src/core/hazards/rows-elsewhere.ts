import { type HazardRule, filledTables, listNames } from './hazard-rule.js';

/** Storage engines whose tables show rows that are kept elsewhere. Dump clients of both vendors leave them out without a word. */
const ENGINES: ReadonlySet<string> = new Set([
  'MRG_MYISAM',
  'FEDERATED',
  'CONNECT',
  'OQGRAPH',
  'SPIDER',
  'VP',
  'S3',
]);

/** The native engine makes such a table and counts what it shows; the rows come with the tables that have them. */
export const rowsElsewhere: HazardRule = (situation) => {
  if (situation.options.engine === 'native') return [];
  const left = filledTables(situation).filter(({ engine }) => ENGINES.has(engine?.toUpperCase() ?? ''));
  if (left.length === 0) return [];
  return [
    {
      code: 'ROWS_ELSEWHERE',
      severity: 'blocks',
      message: `a dump leaves out the rows of ${listNames(left.map(({ name, engine }) => `${name} (${engine ?? ''})`))}, which are kept elsewhere`,
      hint: 'Copy with engine: native, or without those rows (tables.structure_only).',
    },
  ];
};
