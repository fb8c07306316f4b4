import { expect, test } from 'vitest';
import { readMaskDecision } from '../../../src/core/mask/read-mask-decision.js';
import { readColumnRule } from '../../../src/core/plan/column-rule.js';
import { refuseExpression } from '../../../src/core/mask/refuse-expression.js';

test.each([
  ['email', { kind: 'email' }],
  ['keep', { kind: 'keep' }],
  ['default', { kind: 'default' }],
  [null, { kind: 'null' }],
  ['null', { kind: 'null' }],
  [{ value: '' }, { kind: 'value', value: '' }],
  [{ value: 0 }, { kind: 'value', value: 0 }],
  [{ date: 'month' }, { kind: 'date-to', unit: 'month' }],
  [{ ends: 4 }, { kind: 'ends', keep: 4 }],
  [{ sql: "CONCAT(LEFT(a, 2), '?@;--')" }, { kind: 'sql', sql: "CONCAT(LEFT(a, 2), '?@;--')" }],
  [
    { json: { '$.a[*].b': 'email', '$.a[*].c[0]': 'text' } },
    {
      kind: 'json',
      paths: [
        { path: '$.a[*].b', rule: { kind: 'email' } },
        { path: '$.a[*].c[0]', rule: { kind: 'text' } },
      ],
    },
  ],
  [
    { json: { '$.a."b*"[0]': 'email', '$.c': null } },
    {
      kind: 'json',
      paths: [
        { path: '$.a."b*"[0]', rule: { kind: 'email' } },
        { path: '$.c', rule: { kind: 'null' } },
      ],
    },
  ],
])('reads %j', (written, decision) => {
  expect(readMaskDecision(written)).toEqual({ decision });
});

test.each<[unknown, string]>([
  ['emial', 'there is no mask "emial"'],
  ['toString', 'there is no mask "toString"'],
  ['ends', 'the mask ends needs a setting'],
  [{ toString: 1 }, 'is no mask with a setting'],
  [{ email: 1 }, 'the mask email has no setting'],
  [{}, 'one key'],
  [{ ends: 1, date: 'year' }, 'one key'],
  [{ ends: 1.5 }, 'ends keeps'],
  [{ value: Number.POSITIVE_INFINITY }, 'a value is'],
  [{ json: { $: 'email' } }, 'no path into JSON'],
  [{ json: { '$.a.*': 'email' } }, 'of wildcards only [*]'],
  [{ json: { '$.**.email': 'email' } }, 'of wildcards only [*]'],
  [{ json: { '$.a[0].b': 'email', '$.a[*].c': 'email' } }, 'name elements of one array in two ways'],
  [{ json: { '$.a[00].b': 'email', '$."a"[*].c': 'email' } }, 'name elements of one array in two ways'],
  [{ json: { '$.a[0].b[*].c': 'email', '$.a.b[*].d': 'email' } }, 'name elements of one array in two ways'],
  [{ json: { '$."\\q"': 'email' } }, 'no path into JSON'],
  [{ json: { '$.a': 'keep' } }, 'the mask keep is for whole columns'],
  [{ json: { '$.a': { json: { '$.b': 'email' } } } }, 'the mask json is for whole columns'],
  [{ follows: 'a.b' }, 'only columns of a plan follow others'],
  [{ json: { '$.a': 'emial' } }, 'there is no mask "emial"'],
  [7, 'this is no mask'],
])('refuses %j', (written, message) => {
  const reading = readMaskDecision(written);
  expect('problem' in reading ? reading.problem.message : reading).toContain(message);
});

test.each([
  ["IF(a = '@x', UPPER(`now`), now)", undefined],
  ['(a)) OR ((b)', 'parentheses'],
  ['(a', 'parentheses'],
  ['a, @mysql_sync_mask', 'variables'],
  ['@@version', 'variables'],
  ['@`x`', 'variables'],
  ['a = ?', 'a ? stands'],
  ['a; SELECT 1', 'semicolon'],
  ['a -- b', 'comments'],
  ['a # b', 'comments'],
  ['a /* b */', 'comments'],
  ['a /*! + 1 */', 'comments'],
  ["LOAD_FILE('/etc/passwd')", 'files of the server'],
  ["'open", 'has no end'],
  ['a\0', 'NUL'],
  [' ', 'no expression'],
  ['rand()', 'RAND gives another value'],
  ['CURRENT_TIMESTAMP', 'another value'],
  ['(SELECT a INTO b)', 'INTO'],
  ['NEXTVAL(s)', 'NEXTVAL does more than read rows'],
  ['(SELECT id FROM shop.users LIMIT 1 FOR UPDATE)', 'FOR UPDATE does more than read rows'],
])('an expression %j: %s', (sql, message) => {
  const refusal = refuseExpression(sql);
  if (message === undefined) expect(refusal).toBeUndefined();
  else expect(refusal?.message).toContain(message);
});

test.each<[unknown, string | undefined]>([
  [{ follows: 'customers.id' }, undefined],
  [{ follows: 'shop.customers.id' }, undefined],
  [{ follows: 'id' }, 'one column is followed'],
  [{ follows: '*.id' }, 'one column is followed'],
  [{ follows: 7 }, 'one column is followed'],
  [{ follows: 'customers.id', value: 1 }, 'no mask of its own'],
  ['follows', 'the mask follows needs a setting'],
])('a column follows: %j', (written, message) => {
  const reading = readColumnRule(written);
  if (message === undefined)
    expect(reading).toEqual({
      decision: { kind: 'follows', column: (written as { follows: string }).follows },
    });
  else expect('problem' in reading ? reading.problem.message : reading).toContain(message);
});
