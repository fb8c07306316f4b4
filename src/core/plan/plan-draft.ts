import type { Connection } from '../server/connection.js';
import type { ConnectionName, DatabaseName } from '../names.js';
import type { SelectionEntry } from './number-selection.js';
import type { OnExisting, PlanOptions } from './sync-plan.js';

/** What a new plan file says: everything is chosen. */
export interface PlanDraft {
  readonly source: DraftConnection;
  readonly target: DraftConnection;
  readonly databases: readonly SelectionEntry<DatabaseName>[];
  readonly onExisting: OnExisting;
  /** Empty: all of them as they are by default. */
  readonly options: PlanOptions;
}

/** A saved connection goes into the file by its name; one that is used once is written out, without its password. */
export type DraftConnection =
  | { readonly kind: 'saved'; readonly name: ConnectionName }
  | {
      readonly kind: 'used-once';
      readonly connection: Connection;
      /** Stands for the password; undefined when there is none. */
      readonly passwordVariable: string | undefined;
    };

export const nameOfDraftConnection = (written: DraftConnection): ConnectionName =>
  written.kind === 'saved' ? written.name : written.connection.name;
