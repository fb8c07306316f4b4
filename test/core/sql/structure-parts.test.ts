import { expect, test } from 'vitest';
import {
  type StructurePart,
  describeChangedParts,
  markParts,
} from '../../../src/core/sql/structure-parts.js';

const part = (kind: StructurePart['kind'], name: string, facts: unknown = name): StructurePart => ({
  kind,
  name,
  facts,
});
const TABLE = [part('option', 'comment', ''), part('column', 'id'), part('column', 'v'), part('index', 'k')];

test.each([
  ['nothing', TABLE, ''],
  ['a column altered', [...TABLE.slice(0, 2), part('column', 'v', 'text'), ...TABLE.slice(3)], 'column v'],
  ['a column less', TABLE.filter(({ name }) => name !== 'v'), 'a lost column'],
  ['an option', [part('option', 'comment', 'new'), ...TABLE.slice(1)], 'its comment'],
  ['the order', [...TABLE].reverse(), 'the order of its parts'],
  [
    'much',
    [...['a', 'b', 'c', 'd', 'e'].map((name) => part('check', name)), ...TABLE],
    'check a, check b, check c, check d and 1 more',
  ],
])('what changed: %s', (_, now, told) => {
  expect(describeChangedParts(markParts(TABLE), now)).toBe(told);
});
