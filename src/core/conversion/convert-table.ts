import { type Feature, supports } from '../server/features.js';
import { columnTypeOf, isOfFamily, knowsType } from '../sql/column-types.js';
import type { ConversionTarget } from './conversion-target.js';
import { convertCollation } from './collations.js';
import { convertStorage } from './convert-storage.js';
import { convertType } from './convert-type.js';
import { findUnknownPiece } from './expression.js';
import { noteDifferences } from './find-foreign-syntax.js';
import type { FindingList } from '../server/findings.js';
import { countKeyBytes } from './key-bytes.js';
import { placeOfKey, sortAscending } from './key-order.js';
import { listNotNullChecks, losesNotNull } from './not-null-checks.js';
import { DIALECTS } from './print-table.js';
import { quoteName } from '../sql/quote-name.js';
import type { CheckShape, ColumnShape, KeyPart, KeyShape, TableShape } from './table-shape.js';
import { type SeenToken, readTokens, writeTokens } from '../sql/token-cursor.js';

/** The same table on the other vendor's server; what cannot be the same there goes to `findings`. */
export const convertTable = (
  shape: TableShape,
  target: ConversionTarget,
  findings: FindingList,
): TableShape => {
  const converter = new TableConverter(shape, target, findings);
  return converter.convert();
};

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
    const { name, collation, keys, columns, checks } = this.#shape;
    const storage = convertStorage(this.#shape, this.#target, this.#findings);
    return {
      ...this.#shape,
      ...storage,
      collation: this.#convertCollation(name, collation) ?? collation,
      columns: columns.map((column) => this.#convertColumn(column)),
      keys: keys.map((key) => this.#convertKey(key, storage.engine)),
      checks: [
        ...checks.flatMap((check) => this.#convertCheck(check)),
        ...this.#listJsonChecks(),
        ...listNotNullChecks(this.#shape, this.#target, this.#findings),
      ],
    };
  }

  #supports(feature: Feature): boolean {
    return supports(this.#target.flavor, feature);
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
    this.#checkGenerated(column, refuse);
    this.#checkPreset(column, refuse);
    if (column.isInvisible && !this.#canHide(column)) refuse('INVISIBLE');
    const collation = this.#isOfTable(column)
      ? this.#convertQuietly(column)
      : this.#convertCollationOf(place, column);
    const isNullable = column.isNullable || losesNotNull(column, this.#target);
    return convertType({ ...column, collation, isNullable }, this.#target, place, this.#findings);
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

  #becomesText({ type }: ColumnShape): boolean {
    return isOfFamily(type, 'json') && !knowsType(this.#target.flavor, type);
  }

  #listJsonChecks(): readonly CheckShape[] {
    return this.#shape.columns
      .filter((column) => this.#becomesText(column))
      .map(({ name }) => ({
        name: undefined,
        column: name,
        tokens: readTokens(`json_valid(${quoteName(name)})`),
        isEnforced: true,
      }));
  }

  #checkGenerated(column: ColumnShape, refuse: (what: string) => void): void {
    if (!column.generated) return;
    this.#checkExpression('its expression', column.generated.tokens, refuse);
    if (this.#becomesText(column)) refuse('a generated column of type JSON');
    if (!this.#supports('generatedColumns')) refuse('a generated column');
  }

  #checkPreset({ type, preset }: ColumnShape, refuse: (what: string) => void): void {
    if (!preset) return;
    if (preset.kind === 'expression') this.#checkExpression('its default', preset.tokens, refuse);
    const isExpression = preset.kind === 'expression' || columnTypeOf(type)?.isLong === true;
    if (isExpression && !this.#supports('expressionDefaults')) refuse('an expression as default');
  }

  #checkExpression(what: string, tokens: readonly SeenToken[], refuse: (what: string) => void): void {
    const piece = findUnknownPiece(tokens, this.#columns, this.#target.flavor);
    noteDifferences(tokens, this.#shape.name, this.#findings);
    if (piece !== undefined) refuse(`${piece} in ${what}`);
  }

  /** MariaDB wants a value for every hidden column. */
  #canHide({ isNullable, preset, isAutoIncrement, generated }: ColumnShape): boolean {
    const hasValue = isNullable || preset !== undefined || isAutoIncrement || generated !== undefined;
    return this.#supports(hasValue ? 'invisibleColumns' : 'invisibleColumnsWithoutValue');
  }

  #convertKey(key: KeyShape, engine: string): KeyShape {
    const { name } = this.#shape;
    const place = placeOfKey(name, key);
    for (const { expression } of key.parts)
      if (expression) this.#findings.refuse(place, `(${writeTokens(expression)})`);
    if (
      key.kind === 'primary' &&
      !this.#supports('generatedPrimaryKeys') &&
      key.parts.some((part) => this.#isGenerated(part))
    )
      this.#findings.refuse(place, 'a primary key over a generated column');
    if (
      key.using === 'hash' &&
      key.kind === 'unique' &&
      engine === 'innodb' &&
      !this.#supports('uniqueHashes')
    )
      this.#findings.refuse(place, 'a unique key over a hash of long values');
    this.#checkLength(key, place);
    if (key.isUnused) this.#convertUnused(place);
    const isUsual = key.using === (engine === 'memory' ? 'hash' : 'btree') || engine === 'innodb';
    const ordered = this.#supports('descendingKeys') ? key : sortAscending(name, key, this.#findings);
    return isUsual ? { ...ordered, using: undefined } : ordered;
  }

  /** MariaDB takes 2,000 bytes. */
  #checkLength(key: KeyShape, place: string): void {
    if (this.#shape.engine !== 'myisam' || this.#supports('longMyisamKeys') || key.kind === 'fulltext')
      return;
    const bytes = countKeyBytes(key, this.#shape);
    if (bytes > MYISAM_KEY_BYTES)
      this.#findings.refuse(
        place,
        `a MyISAM key of ${String(bytes)} bytes (more than ${String(MYISAM_KEY_BYTES)})`,
      );
  }

  #isGenerated({ column }: KeyPart): boolean {
    return this.#shape.columns.some(({ name, generated }) => name === column && generated !== undefined);
  }

  #convertUnused(place: string): void {
    const { vendor } = this.#target.flavor;
    const source = vendor === 'mysql' ? 'mariadb' : 'mysql';
    if (!this.#supports('unusedIndexes')) this.#findings.refuse(place, 'an index that is not used');
    else this.#findings.note(place, DIALECTS[source].unusedIndex, DIALECTS[vendor].unusedIndex);
  }

  #convertCheck(check: CheckShape): readonly CheckShape[] {
    const { name: table } = this.#shape;
    const name = check.name ?? check.column ?? '';
    const place = check.column === undefined ? `${table}, check ${name}` : `${table}.${name}`;
    if (!check.isEnforced && !this.#supports('unenforcedChecks')) {
      this.#findings.note(
        place,
        'CHECK ... NOT ENFORCED',
        'no check, because MariaDB has none that is not enforced',
      );
      return [];
    }
    this.#checkExpression('its CHECK', check.tokens, (what) => this.#findings.refuse(place, what));
    if (!this.#supports('checks')) this.#findings.refuse(place, 'CHECK');
    return [check];
  }
}
