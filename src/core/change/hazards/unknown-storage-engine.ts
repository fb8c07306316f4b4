import { describeFlavor } from '../../flavor.js';
import { type HazardRule, copiedTables, listNames } from './hazard-rule.js';

/** A server that does not have an engine may silently use InnoDB in its place. */
export const unknownStorageEngine: HazardRule = (situation) => {
  const known = new Set([...situation.targetServer.storageEngines].map((name) => name.toLowerCase()));
  const missing = copiedTables(situation).filter(
    ({ engine }) => engine !== undefined && !known.has(engine.toLowerCase()),
  );
  if (missing.length === 0) return [];
  return [
    {
      code: 'UNKNOWN_STORAGE_ENGINE',
      severity: 'blocks',
      message: `${listNames(missing.map(({ name, engine }) => `${name} (${engine ?? ''})`))}: storage engine unknown to ${describeFlavor(situation.targetServer.flavor)}`,
      hint: 'Exclude the tables (tables.exclude), or install the engine on the target.',
    },
  ];
};
