import type { Flavor } from '../flavor.js';
import { supports } from '../server/features.js';
import type { FindingList } from '../server/findings.js';
import type { CheckShape, TableShape } from './table-shape.js';

interface Named {
  readonly shape: TableShape;
  readonly findings: FindingList;
}

/** The name that MariaDB gives to a check without one, in every table anew. */
const GIVEN = /^CONSTRAINT_\d+$/i;

/** MySQL wants names of checks and foreign keys once in a database; those that are not get the one that it would give. */
export const nameConstraints = (tables: readonly Named[], flavor: Flavor): readonly TableShape[] => {
  if (supports(flavor, 'sameConstraintNames')) return tables.map(({ shape }) => shape);
  const checks = countNames(tables.flatMap(({ shape }) => shape.checks.map(({ name }) => name)));
  const keys = countNames(tables.flatMap(({ shape }) => shape.foreignKeys.map(({ name }) => name)));
  return tables.map(({ shape, findings }) => ({
    ...shape,
    checks: shape.checks.map((check, at) => {
      const name = check.name ?? '';
      const isKept = name !== '' && !GIVEN.test(name) && checks.get(name.toLowerCase()) === 1;
      if (!isKept)
        findings.note(placeOf(shape, check), describeName('check', name), `<table>_chk_<n>${ONCE}`);
      return { ...check, name: isKept ? name : nameAfter(shape.name, 'chk', at), column: undefined };
    }),
    foreignKeys: shape.foreignKeys.map((key, at) => {
      if (keys.get(key.name.toLowerCase()) === 1) return key;
      findings.note(shape.name, describeName('foreign key', key.name), `<table>_ibfk_<n>${ONCE}`);
      return { ...key, name: nameAfter(shape.name, 'ibfk', at) };
    }),
  }));
};

const ONCE = ', because MySQL wants every name once in a database';

const describeName = (kind: string, name: string): string =>
  name === '' ? `${kind} without a name` : `${kind} ${name}`;

const placeOf = ({ name }: TableShape, { column }: CheckShape): string =>
  column === undefined ? name : `${name}.${column}`;

const countNames = (names: readonly (string | undefined)[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const name of names) {
    const key = (name ?? '').toLowerCase();
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
};

const LONGEST_NAME = 64;

const nameAfter = (table: string, kind: string, at: number): string => {
  const end = `_${kind}_${String(at + 1)}`;
  return `${table.slice(0, LONGEST_NAME - end.length)}${end}`;
};
