import { type DatabaseName, type RunId, parseRunId, toDatabaseName } from '../names.js';

/** What is written down on the target of a database of a saved plan once it is applied. */
export interface AppliedRecord {
  /** As `provenanceKey` spells it. */
  readonly live: DatabaseName;
  readonly run: RunId;
}

/** Undefined where this is nothing that mysql-sync writes. */
export const parseAppliedRecord = (live: string, run: string): AppliedRecord | undefined => {
  const id = parseRunId(run);
  return id === undefined ? undefined : { live: toDatabaseName(live), run: id };
};
