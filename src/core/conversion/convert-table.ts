import { type Flavor, isAtLeast } from '../flavor.js';
import { convertCollation } from './collations.js';
import { findUnknownPiece } from './expression.js';
import type { FindingList } from './findings.js';
import { countKeyBytes } from './key-bytes.js';
import { knowsDescending, placeOfKey, sortAscending } from './key-order.js';
import { findUnknownPartition } from './partitions.js';
import type { CheckShape, ColumnShape, KeyShape, TableShape } from './table-shape.js';
import { type SeenToken, readTokens } from './token-cursor.js';

/** The server that a definition is converted for. */
export interface ConversionTarget {
  readonly flavor: Flavor;
  readonly collations: ReadonlySet<string>;
  readonly storageEngines: ReadonlySet<string>;
}

/** The same table on the other vendor's server; what cannot be the same there goes to `findings`. */
export const convertTable = (
  shape: TableShape,
  target: ConversionTarget,
  findings: FindingList,
): TableShape => {
  const converter = new TableConverter(shape, target, findings);
  return converter.convert();
};

const TYPES =
  /^(?:(?:tiny|small|medium|big)?int|decimal|float|double|bit|year|date|time|datetime|timestamp|(?:var)?(?:char|binary)|(?:tiny|medium|long)?(?:text|blob)|enum|set|json|geometry(?:collection)?|(?:multi)?(?:point|linestring|polygon))\b/;
export const FLOATING = /^(?:float|double)\b/;
const ENGINES = new Set(['innodb', 'myisam', 'memory', 'csv']);
const OPTIONS = new Set([
  ...['ROW_FORMAT', 'KEY_BLOCK_SIZE', 'STATS_PERSISTENT', 'STATS_AUTO_RECALC', 'STATS_SAMPLE_PAGES'],
  ...['AVG_ROW_LENGTH', 'MIN_ROWS', 'MAX_ROWS', 'CHECKSUM', 'PACK_KEYS', 'DELAY_KEY_WRITE'],
]);

const MYISAM_KEY_BYTES = 1000;

class TableConverter {
  readonly #shape: TableShape;
  readonly #target: ConversionTarget;
  readonly #findings: FindingList;
  readonly #columns: ReadonlySet<string>;

  constructor(shape: TableShape, target: ConversionTarget, findings: FindingList) {
    this.#shape = shape;
    this.#target = target;
    this.#findings = findings;
    this.#columns = new Set(shape.columns.map(({ name }) => name.toLowerCase()));
  }

  convert(): TableShape {
    const { name, engine, collation, keys, columns, checks, partitions } = this.#shape;
    const known = [...this.#target.storageEngines].map((one) => one.toLowerCase());
    if (!ENGINES.has(engine) || !known.includes(engine)) this.#findings.refuse(name, `ENGINE=${engine}`);
    const unknown = findUnknownPartition(partitions, this.#columns);
    if (unknown !== undefined) this.#findings.refuse(name, `${unknown} of its partitions`);
    if (partitions.length > 0 && engine !== 'innodb')
      this.#findings.refuse(name, `partitions of ENGINE=${engine}`);
    return {
      ...this.#shape,
      collation: this.#convertCollation(name, collation) ?? collation,
      options: this.#convertOptions(),
      columns: columns.map((column) => this.#convertColumn(column)),
      keys: keys.map((key) => this.#convertKey(key)),
      checks: [...checks.flatMap((check) => this.#convertCheck(check)), ...this.#listJsonChecks()],
    };
  }

  get #isMariaDb(): boolean {
    return this.#target.flavor.vendor === 'mariadb';
  }

  #isAtLeast(mariadb: readonly [number, number], mysql: readonly [number, number, number]): boolean {
    const { flavor } = this.#target;
    return this.#isMariaDb ? isAtLeast(flavor, 'mariadb', ...mariadb) : isAtLeast(flavor, 'mysql', ...mysql);
  }

  #convertOptions(): ReadonlyMap<string, string> {
    const options = [...this.#shape.options].filter(
      ([key, value]) => key !== 'ENCRYPTION' || value !== "'N'",
    );
    for (const [key, value] of options)
      if (!OPTIONS.has(key)) this.#findings.refuse(this.#shape.name, `${key}=${value}`);
    return new Map(options);
  }

  #convertCollation(place: string, collation: string): string | undefined {
    const { flavor, collations } = this.#target;
    const converted = convertCollation(collation, flavor.vendor, collations);
    if (converted === undefined) this.#findings.refuse(place, `collation ${collation}`);
    else if (converted !== collation) this.#findings.note(place, `collation ${collation}`, converted);
    return converted;
  }

  #convertColumn(column: ColumnShape): ColumnShape {
    const place = `${this.#shape.name}.${column.name}`;
    const refuse = (what: string): void => this.#findings.refuse(place, what);
    if (!TYPES.test(column.type)) refuse(`type ${column.type.replace(/\(.*/s, '')}`);
    this.#checkGenerated(column, refuse);
    this.#checkPreset(column, refuse);
    if (column.isInvisible && !this.#canHide(column)) refuse('INVISIBLE');
    const collation = this.#isOfTable(column)
      ? this.#convertQuietly(column)
      : this.#convertCollationOf(place, column);
    if (this.#isMariaDb && FLOATING.test(column.type) && !column.generated)
      this.#findings.note(place, '-0', '0, because MariaDB has no sign of zero');
    if (!this.#isJson(column)) return { ...column, collation };
    this.#findings.note(place, 'JSON', 'LONGTEXT with a CHECK by json_valid(), as MariaDB keeps JSON');
    return { ...column, type: 'longtext', collation: 'utf8mb4_bin' };
  }

  /** It is told once, of the table. */
  #isOfTable({ collation }: ColumnShape): boolean {
    return collation === this.#shape.collation;
  }

  #convertQuietly({ collation = '' }: ColumnShape): string | undefined {
    return convertCollation(collation, this.#target.flavor.vendor, this.#target.collations);
  }

  #convertCollationOf(place: string, { collation }: ColumnShape): string | undefined {
    return collation === undefined ? undefined : this.#convertCollation(place, collation);
  }

  #isJson({ type }: ColumnShape): boolean {
    return this.#isMariaDb && type === 'json';
  }

  #listJsonChecks(): readonly CheckShape[] {
    return this.#shape.columns
      .filter((column) => this.#isJson(column))
      .map(({ name }) => ({
        name: undefined,
        column: name,
        tokens: readTokens(`json_valid(\`${name.replaceAll('`', '``')}\`)`),
        isEnforced: true,
      }));
  }

  #checkGenerated({ type, generated, isNullable }: ColumnShape, refuse: (what: string) => void): void {
    if (!generated) return;
    this.#checkExpression('its expression', generated.tokens, refuse);
    if (this.#isMariaDb && !isNullable) refuse('NOT NULL of a generated column');
    if (this.#isMariaDb && type === 'json') refuse('a generated column of type JSON');
    if (!this.#isAtLeast([10, 2], [5, 7, 0])) refuse('a generated column');
  }

  #checkPreset({ type, preset }: ColumnShape, refuse: (what: string) => void): void {
    if (!preset) return;
    if (preset.kind === 'expression') this.#checkExpression('its default', preset.tokens, refuse);
    const isExpression = preset.kind === 'expression' || /text|blob|json|geom|point|line|polygon/.test(type);
    if (isExpression && !this.#isAtLeast([10, 2], [8, 0, 13])) refuse('an expression as default');
  }

  #checkExpression(what: string, tokens: readonly SeenToken[], refuse: (what: string) => void): void {
    const piece = findUnknownPiece(tokens, this.#columns, this.#target.flavor);
    if (piece !== undefined) refuse(`${piece} in ${what}`);
  }

  /** MariaDB wants a value for every hidden column. */
  #canHide({ isNullable, preset, isAutoIncrement, generated }: ColumnShape): boolean {
    const hasValue = isNullable || preset !== undefined || isAutoIncrement || generated !== undefined;
    return this.#isAtLeast([10, 3], [8, 0, 23]) && (hasValue || !this.#isMariaDb);
  }

  #convertKey(key: KeyShape): KeyShape {
    const { engine, name } = this.#shape;
    const place = placeOfKey(name, key);
    if (key.using === 'hash' && key.kind === 'unique' && engine === 'innodb' && !this.#isMariaDb)
      this.#findings.refuse(place, 'a unique key over a hash of long values');
    this.#checkLength(key, place);
    if (key.isUnused) this.#convertUnused(place);
    const isUsual = key.using === (engine === 'memory' ? 'hash' : 'btree') || engine === 'innodb';
    const ordered = knowsDescending(this.#target.flavor) ? key : sortAscending(name, key, this.#findings);
    return isUsual ? { ...ordered, using: undefined } : ordered;
  }

  /** MariaDB takes 2,000 bytes. */
  #checkLength(key: KeyShape, place: string): void {
    if (this.#shape.engine !== 'myisam' || this.#isMariaDb || key.kind === 'fulltext') return;
    const bytes = countKeyBytes(key, this.#shape);
    if (bytes > MYISAM_KEY_BYTES)
      this.#findings.refuse(
        place,
        `a MyISAM key of ${String(bytes)} bytes (more than ${String(MYISAM_KEY_BYTES)})`,
      );
  }

  #convertUnused(place: string): void {
    if (!this.#isAtLeast([10, 6], [8, 0, 0])) this.#findings.refuse(place, 'an index that is not used');
    else if (this.#isMariaDb) this.#findings.note(place, 'INVISIBLE', 'IGNORED');
    else this.#findings.note(place, 'IGNORED', 'INVISIBLE');
  }

  #convertCheck(check: CheckShape): readonly CheckShape[] {
    const { name: table } = this.#shape;
    const name = check.name ?? check.column ?? '';
    const place = check.column === undefined ? `${table}, check ${name}` : `${table}.${name}`;
    if (!check.isEnforced && this.#isMariaDb) {
      this.#findings.note(
        place,
        'CHECK ... NOT ENFORCED',
        'no check, because MariaDB has none that is not enforced',
      );
      return [];
    }
    this.#checkExpression('its CHECK', check.tokens, (what) => this.#findings.refuse(place, what));
    if (!this.#isAtLeast([10, 2], [8, 0, 16])) this.#findings.refuse(place, 'CHECK');
    return [check];
  }
}
