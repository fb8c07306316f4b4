import { describe, expect, test } from 'vitest';
import { listCalls, listReadTables, refuseCondition } from '../../../src/core/sql/preserve-condition.js';

test.each([
  "email LIKE '%@qa.example.com'",
  "users.email = ';) OR (1 = 1' AND `id` > 0",
  'id IN (SELECT user_id FROM testers t WHERE t.is_on)',
  'EXISTS (SELECT 1 FROM notes WHERE notes.user_id = users.id) # all of them',
  'created_at > NOW() - INTERVAL 1 DAY',
])('%s: is taken', (sql) => {
  expect(refuseCondition(sql, 'users')).toBeUndefined();
});

describe('is refused', () => {
  test.each([
    ['', 'there is no condition'],
    ['-- nothing', 'there is no condition'],
    ['id = 1; DELETE FROM users', 'a semicolon'],
    ['id = 1) OR (1 = 1', 'parentheses do not fit'],
    ['(id = 1', 'parentheses do not fit'],
    ['id = 1 /*! OR 1 */', 'comments that servers run'],
    ["id = 'open", 'has no end'],
    ['id = ?', 'a ? stands for a value'],
    ['id = 1\0', 'a NUL'],
    ['id IN (SELECT id FROM other.users)', 'names the database "other"'],
    ['other.id = 1', 'names the database "other"'],
    ['other.f(id)', 'names the database "other"'],
    ["LENGTH(LOAD_FILE('/etc/passwd')) = id", 'files of the server'],
    ['id IN (SELECT id INTO @x FROM users)', 'INTO'],
    ['NEXTVAL(s) > 1', 'NEXTVAL does more than read'],
    ['NEXT VALUE FOR s > 1', 'NEXT VALUE FOR does more than read'],
    ['id IN (SELECT id FROM users FOR UPDATE)', 'FOR UPDATE does more than read'],
    ['id IN (SELECT id FROM users LOCK IN SHARE MODE)', 'LOCK IN SHARE does more than read'],
  ])('%s', (sql, why) => {
    expect(refuseCondition(sql, 'users')?.message).toContain(why);
  });
});

test('functions are found in any spelling', () => {
  expect([...listCalls('F (id) > 1 AND `g``h`(id) AND id IN (1)')]).toEqual(['f', 'g`h', 'in']);
});

test('tables of subqueries are found, and columns are none', () => {
  const sql =
    'v.id = 1 AND x IN (SELECT a FROM `V``w`, t JOIN u ON u.a = t.a WHERE a IN (SELECT v FROM deep))';
  const found = listReadTables(sql);
  const asked = ['v`w', 't', 'u', 'deep', 'v', 'id', 'x', 'a'];
  expect(asked.filter((name) => found.has(name))).toEqual(['v`w', 't', 'u', 'deep']);
});
