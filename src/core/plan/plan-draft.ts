import type { Connection } from '../server/connection.js';
import type { ConnectionName } from '../names.js';
import type {
  MatchedDatabaseEntry,
  NamedDatabaseEntry,
  OnExisting,
  PlanOptions,
  TableRules,
} from './sync-plan.js';

/** What a new plan file says: everything is chosen. */
export interface PlanDraft {
  readonly source: DraftConnection;
  readonly target: DraftConnection;
  readonly databases: readonly DraftEntry[];
  readonly onExisting: OnExisting;
  /** Empty: all of them as they are by default. */
  readonly options: PlanOptions;
}

/** As much of an entry of a plan as a new plan can have. */
export type DraftEntry = { readonly tables?: Pick<TableRules, 'only' | 'where'> } & (
  Pick<NamedDatabaseEntry, 'name' | 'as'> | Pick<MatchedDatabaseEntry, 'match' | 'exclude'>
);

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
