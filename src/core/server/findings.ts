import type { ProgramKind } from '../program-kind.js';
import type { TableName } from '../names.js';

/** What a finding is about: with its table or program it is copied, or left out. */
export type Owner =
  | { readonly kind: 'database' }
  | { readonly kind: 'table'; readonly name: TableName }
  | { readonly kind: ProgramKind; readonly name: string };

/** What the copy has instead of what the source has, because it means the same there or nearly so. */
export interface ConversionNote {
  readonly owner: Owner;
  /** `orders.doc`, `orders`, `view totals` */
  readonly place: string;
  readonly before: string;
  readonly after: string;
}

/** What the other vendor's servers have nothing for. */
export interface ConversionRefusal {
  readonly owner: Owner;
  readonly place: string;
  readonly what: string;
}

export interface Conversion {
  readonly notes: readonly ConversionNote[];
  readonly refusals: readonly ConversionRefusal[];
}

/** Collects findings about one owner. */
export class FindingList {
  readonly notes: ConversionNote[] = [];
  readonly refusals: ConversionRefusal[] = [];
  readonly #owner: Owner;

  constructor(owner: Owner) {
    this.#owner = owner;
  }

  note(place: string, before: string, after: string): void {
    this.notes.push({ owner: this.#owner, place, before, after });
  }

  refuse(place: string, what: string): void {
    this.refusals.push({ owner: this.#owner, place, what });
  }
}
