import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RowCounter } from '../../../src/adapters/dump/row-counter.js';

interface Counted {
  readonly rows: number;
  readonly newlines: number;
  readonly isComplete: boolean;
  /** What follows the statement. */
  readonly rest: string;
}

/** Counts over chunks that end at the given positions. */
const count = (text: string, cuts: readonly number[] = []): Counted => {
  const bytes = Buffer.from(text);
  const counter = new RowCounter();
  counter.begin();
  const edges = [0, ...[...cuts].map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  let end = bytes.length;
  for (const [index, from] of edges.slice(0, -1).entries()) {
    const chunk = bytes.subarray(from, edges[index + 1]);
    const position = counter.read(chunk, 0);
    if (!counter.isComplete) continue;
    end = from + position;
    break;
  }
  const { rows, newlines, isComplete } = counter;
  return { rows, newlines, isComplete, rest: bytes.toString('utf8', end) };
};

describe('rows of an INSERT', () => {
  test.each([
    ["one a line, MariaDB's shape", "\n(1,'a'),\n(2,'b'),\n(3,NULL);\n", 3, 3],
    ["all on one line, MySQL's shape", " (1,'a'),(2,'b'),(3,NULL);\n", 3, 0],
    ['no strings', ' (1),(2);', 2, 0],
    ['empty strings', " (''),('','');", 2, 0],
    ['forged rows in strings', " ('),('),('x;(');", 2, 0],
    ['escaped quotes', " ('it\\'s ),('),('\\\\'),('\\\\\\'),(');", 3, 0],
    ['doubled quotes', " ('it''s ),('),('''');", 2, 0],
    ['hexadecimal and _binary', " (0x2728,_binary '\\0\\'('),(0x);", 2, 0],
    ['a long string', ` ('${'('.repeat(1000)}\\'${')'.repeat(1000)}'),(2);`, 2, 0],
    ['long runs of backslashes', ` ('${'\\\\'.repeat(500)}'),('${'\\\\'.repeat(500)}\\''),(3);`, 3, 0],
  ])('%s', (_, text, rows, newlines) => {
    expect(count(text)).toEqual({
      rows,
      newlines,
      isComplete: true,
      rest: text.slice(text.lastIndexOf(';') + 1),
    });
  });

  test('a statement that is cut off is not complete', () => {
    for (const text of [' (1),(2)', " ('a;", " ('a\\';", " ('a\\"])
      expect(count(text).isComplete).toBe(false);
  });

  test('any values, in either shape, over any chunks', () => {
    const value = fc.oneof(
      fc.integer().map(String),
      fc.constant('NULL'),
      fc
        .array(
          fc.constantFrom('a', "'", '\\', '(', ')', ';', ',', '\n', 'é', 'x'.repeat(40), '\\'.repeat(31)),
          { maxLength: 12 },
        )
        .map((parts) => `'${escape(parts.join(''))}'`),
    );
    const row = fc.array(value, { minLength: 1, maxLength: 4 }).map((values) => `(${values.join(',')})`);
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 8 }),
        fc.constantFrom(',', ',\n'),
        fc.array(fc.nat(), { maxLength: 6 }),
        (rows, separator, cuts) => {
          const counted = count(`${rows.join(separator)};tail`, cuts);
          expect(counted).toMatchObject({ rows: rows.length, isComplete: true, rest: 'tail' });
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('a statement after another starts anew', () => {
    const counter = new RowCounter();
    counter.begin();
    counter.read(Buffer.from("\n('a\\"), 0);
    counter.begin();
    expect(counter.read(Buffer.from("('b'),(2);x"), 0)).toBe(10);
    expect(counter.rows).toBe(2);
    expect(counter.newlines).toBe(0);
  });
});

/** As mysql_real_escape_string does it. */
const escape = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n');
