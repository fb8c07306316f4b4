/** Replacements that need nothing but the value and the key. */
export const PLAIN_MASKS = [
  'email',
  'token',
  'text',
  'phone',
  'digits',
  'first-name',
  'last-name',
  'name',
  'company',
  'street',
  'city',
  'ip',
  'uuid',
  'id',
  'date',
  'number',
] as const;
export type PlainMask = (typeof PLAIN_MASKS)[number];

/**
 * What becomes of the values of one column. NULL stays NULL, but for `default` and `sql`; '' and zero dates stay too, but
 * for those, `null` and `value`. `digits` leaves what is no digit.
 */
export type MaskRule =
  | { readonly kind: PlainMask }
  /** The column's own default. */
  | { readonly kind: 'null' | 'default' }
  | { readonly kind: 'value'; readonly value: string | number | boolean }
  /** The first day of the value's year or month, time of day 0. */
  | { readonly kind: 'date-to'; readonly unit: 'year' | 'month' }
  /** Keeps so many characters at the end, and replaces the others. */
  | { readonly kind: 'ends'; readonly keep: number }
  /** An expression over the row, of the plan's author. */
  | { readonly kind: 'sql'; readonly sql: string }
  /** Paths as JSON_SET takes them, and with `[*]`; what is not there stays away. */
  | { readonly kind: 'json'; readonly paths: readonly { readonly path: string; readonly rule: MaskRule }[] };

/** `keep` is a decision as well. */
export type MaskDecision = { readonly kind: 'keep' } | MaskRule;

/** The mask of another column, `TABLE.COLUMN` or `DATABASE.TABLE.COLUMN`, as if a foreign key referred to it. */
export interface Following {
  readonly kind: 'follows';
  readonly column: string;
}
