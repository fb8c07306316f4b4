import { expect, test } from 'vitest';
import { dropAddedConditions } from '../../../src/core/sql/intersect-conditions.js';

const X = '(`n`.`x` is not null)';
const Y = '((`n`.`y` + 1) is not null)';

test.each([
  [
    `select 1 from m intersect select 2 from n where (${X} and ${X})`,
    'select 1 from m intersect select 2 from n',
  ],
  [
    `select 1 from n where (${X} and ${Y} and ${X} and ${Y}) intersect select 2 from m`,
    'select 1 from n intersect select 2 from m',
  ],
  [
    `select 1 from m intersect (select max(x) from n where (((z > 1) or (x = 3)) and ${X} and ${X}) group by y having (${Y} and ${Y}) limit 2)`,
    'select 1 from m intersect (select max(x) from n where ((z > 1) or (x = 3)) group by y limit 2)',
  ],
  [
    `select 1 from m intersect select 2 from n where ((z > 1) and (y = 1) and ${X} and ${X} and ${X})`,
    `select 1 from m intersect select 2 from n where ((z > 1) and (y = 1) and ${X})`,
  ],
])('what MySQL adds to %s goes', (printed, wanted) => {
  expect(dropAddedConditions(printed)).toBe(wanted);
});

test.each([
  `select 1 from n where (${X} and ${X})`,
  `select 1 from m intersect select 2 from n where ((x = 1) and (x = 1))`,
  `select 1 from m intersect select 2 from n where (${X} and ${Y})`,
  `select 1 from m intersect select 'where (${X} and ${X})' from n where (x is not null)`,
  `select 1 from m intersect select 2 from n where exists(select 1 from m where (x = 1))`,
])('%s stays as it is', (printed) => {
  expect(dropAddedConditions(printed)).toBe(printed);
});
