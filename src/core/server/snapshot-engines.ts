import type { TableInventory } from './inventory.js';

const TRANSACTIONAL = new Set(['innodb', 'rocksdb', 'sequence']);

/** Only transactional engines take part in a snapshot; other tables are read as they are at that moment. */
export const isInSnapshot = ({ engine, kind }: Pick<TableInventory, 'engine' | 'kind'>): boolean =>
  kind === 'sequence' || engine === undefined || TRANSACTIONAL.has(engine.toLowerCase());
