import type { ConversionTarget } from './conversion-target.js';
import type { FindingList } from '../server/findings.js';
import type { ColumnShape } from './table-shape.js';

const TYPES =
  /^(?:(?:tiny|small|medium|big)?int|decimal|float|double|bit|year|date|time|datetime|timestamp|(?:var)?(?:char|binary)|(?:tiny|medium|long)?(?:text|blob)|enum|set|json|geometry(?:collection)?|(?:multi)?(?:point|linestring|polygon))\b/;
export const FLOATING = /^(?:float|double)\b/;

/** Types of MariaDB, and what holds the text that they are read as. Upper and lower case are the same in them too. */
const AS_TEXT: Readonly<Record<string, string>> = {
  uuid: 'char(36)',
  inet4: 'varchar(15)',
  inet6: 'varchar(39)',
};
const COLLATION_OF_TEXT = 'ascii_general_ci';

/** The column with a type that the server has; `place` is told what changes. */
export const convertType = (
  column: ColumnShape,
  { flavor }: ConversionTarget,
  place: string,
  findings: FindingList,
): ColumnShape => {
  const { type, isCompressed, generated } = column;
  const isToMariaDb = flavor.vendor === 'mariadb';
  if (isCompressed && !isToMariaDb)
    findings.note(place, 'COMPRESSED', 'nothing, because it changes no values');
  if (isToMariaDb && type === 'json') {
    findings.note(place, 'JSON', 'LONGTEXT with a CHECK by json_valid(), as MariaDB keeps JSON');
    return { ...column, type: 'longtext', collation: 'utf8mb4_bin' };
  }
  const text = isToMariaDb ? undefined : AS_TEXT[type];
  if (text !== undefined) {
    findings.note(
      place,
      type.toUpperCase(),
      `${text.toUpperCase()} with the same text, which MySQL sorts as text`,
    );
    return { ...column, type: text, collation: COLLATION_OF_TEXT };
  }
  if (!TYPES.test(type)) findings.refuse(place, `type ${type.replace(/\(.*/s, '')}`);
  if (isToMariaDb && FLOATING.test(type) && !generated)
    findings.note(place, '-0', '0, because MariaDB has no sign of zero');
  return column;
};
