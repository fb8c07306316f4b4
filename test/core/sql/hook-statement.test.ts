import { describe, expect, test } from 'vitest';
import { refuseHook } from '../../../src/core/sql/hook-statement.js';
import { listHookTables } from '../../../src/core/sql/hook-tables.js';

describe('hooks that run', () => {
  test.each([
    "UPDATE jobs SET status = 'cancelled' WHERE status IN ('queued', 'running')",
    "update `jobs` j join users as u on j.user = u.id set j.status = 'a;b', u.n = SLEEP(0);",
    "INSERT INTO settings (name, value) VALUES ('shop.users', 'a -- b') ON DUPLICATE KEY UPDATE value = VALUES(value)",
    'INSERT INTO a VALUES (1) AS new ON DUPLICATE KEY UPDATE n = new.n',
    'INSERT INTO a SELECT t.id FROM t JOIN u ON t.id = u.id ON DUPLICATE KEY UPDATE n = 1, a.m = u.n',
    'REPLACE LOW_PRIORITY INTO a SELECT * FROM b -- as every night',
    'DELETE t1.* FROM t1 LEFT JOIN t2 USING (id) WHERE t2.id IS NULL',
    'DELETE FROM a WHERE id IN (SELECT b.id FROM b WHERE b.a = a.id) /* orphans */',
    'WITH old AS (SELECT id FROM jobs) DELETE FROM jobs WHERE id IN (SELECT old.id FROM old)',
    'UPDATE a SET doc = JSON_SET(doc, \'$.url\', "x"), n = @@hostname',
  ])('%s', (sql) => {
    expect(refuseHook(sql, 'staged')).toBeUndefined();
  });
  test.each([
    "SELECT COUNT(*) = 0 FROM webhooks WHERE url NOT LIKE '%staging%'",
    '(SELECT 1 FROM a) UNION (SELECT a.n FROM a)',
    'WITH RECURSIVE n (i) AS (SELECT 1 UNION SELECT i + 1 FROM n WHERE i < 9) SELECT MAX(n.i) = 9 FROM n',
    'SELECT (SELECT COUNT(*) FROM a) = (SELECT COUNT(*) FROM b)',
  ])('assert %s', (sql) => {
    expect(refuseHook(sql, 'assert')).toBeUndefined();
  });
});

describe('what is refused, and why', () => {
  test.each<readonly [string, string]>([
    ['UPDATE a SET n = 1; DROP TABLE a', 'more than one statement'],
    ['UPDATE a SET n = 1 /*! , m = 2 */', 'comments that servers run'],
    ['UPDATE a SET n = 1 /*M!100100 , m = 2 */', 'comments that servers run'],
    ['UPDATE /*+ SET_VAR(foreign_key_checks=0) */ a SET n = 1', 'comments that servers run'],
    ["UPDATE a SET n = 'x", 'has no end'],
    ['UPDATE a SET n = 1 /* x', 'has no end'],
    ['UPDATE a SET n = 1\0', 'a NUL'],
    [' -- nothing\n ;', 'no statement'],
    ['SELECT 1', 'changes nothing'],
    ...[
      ...['TRUNCATE a', 'DROP TABLE a', 'ALTER TABLE a ADD b INT', 'CREATE TABLE b LIKE a', 'SET @a = 1'],
      ...['CALL p()', 'USE mysql', 'GRANT ALL ON a TO b', 'KILL 1', 'LOCK TABLES a WRITE', 'COMMIT', 'BEGIN'],
      ...[
        "LOAD DATA INFILE 'x' INTO TABLE a",
        "PREPARE s FROM 'DROP TABLE a'",
        'DO SLEEP(1)',
        'RENAME TABLE a TO b',
      ],
      ...["EXECUTE IMMEDIATE 'DROP TABLE a'", 'HANDLER a OPEN', 'FLUSH TABLES', 'XA START "a"', 'WITH x'],
    ].map((sql) => [sql, 'a hook is UPDATE, INSERT, DELETE or REPLACE'] as const),
    ['INSERT INTO a SELECT LOAD_FILE ("/etc/passwd")', 'files of the server'],
    ['UPDATE shop.users SET n = 1', '"shop.users" names the database "shop"'],
    ['UPDATE users SET n = `shop` . f(1)', '"shop.f" names the database "shop"'],
    ['DELETE FROM a WHERE shop.a.id = 1', '"shop.a.id" names the database "shop"'],
    ['INSERT INTO a SELECT User FROM mysql.user', '"mysql.user" names the database "mysql"'],
    ['INSERT INTO a TABLE mysql.user', '"mysql.user" names the database "mysql"'],
    ['UPDATE a SET n = (SELECT 1 FROM a JOIN b ON a.x = b.x, mysql.user)', 'names the database "mysql"'],
    [
      'UPDATE a SET n = (SELECT 1 FROM a JOIN b USING (x), mysql.user AS mysql)',
      'names the database "mysql"',
    ],
    ['DELETE a, shop.b FROM a JOIN b', 'names the database "shop"'],
    ['UPDATE a, (shop.b) SET a.n = 1', 'names the database "shop"'],
    ['UPDATE a/**/,/**/shop/**/./**/b SET a.n = 1', 'names the database "shop"'],
    ['UPDATE a SET n = NEXTVAL(shop.s)', 'names the database "shop"'],
  ])('%s', (sql, why) => {
    expect(refuseHook(sql, 'staged')?.message).toContain(why);
  });
  test.each([
    ['UPDATE a SET n = 1', 'an assertion is a SELECT, and this is UPDATE'],
    ['WITH x AS (SELECT 1) DELETE FROM a', 'an assertion is a SELECT, and this is DELETE'],
    ["SELECT 1 INTO OUTFILE '/tmp/x'", 'files of the server'],
    ['SELECT 1 INTO @x', 'INTO takes away'],
    ['SELECT COUNT(*) FROM information_schema.TABLES', 'names the database "information_schema"'],
    ['SHOW TABLES', 'an assertion is a SELECT'],
  ])('assert %s', (sql, why) => {
    expect(refuseHook(sql, 'assert')?.message).toContain(why);
  });
});

describe('tables that a hook names and writes', () => {
  test.each([
    ['UPDATE jobs SET a = 1', ['jobs'], ['jobs']],
    ['UPDATE LOW_PRIORITY IGNORE jobs AS j SET j.a = 1', ['jobs'], ['jobs']],
    [
      'UPDATE jobs j JOIN users u ON j.u = u.id SET j.a = (SELECT 1 FROM c), j.b = 2',
      ['jobs', 'users', 'c'],
      ['jobs'],
    ],
    ['UPDATE jobs j, users SET a = 1', ['jobs', 'users'], ['jobs', 'users']],
    ['INSERT INTO log (a, b) SELECT a, b FROM jobs', ['log', 'jobs'], ['log']],
    ['REPLACE log VALUES (1)', ['log'], ['log']],
    ['INSERT IGNORE log(a) VALUES (1)', ['log'], ['log']],
    ['DELETE FROM jobs WHERE id IN (SELECT id FROM `old jobs`)', ['jobs', 'old jobs'], ['jobs']],
    [
      'DELETE j, u.* FROM jobs j JOIN users AS u USING (id) JOIN c',
      ['jobs', 'users', 'c'],
      ['jobs', 'users'],
    ],
    ['DELETE FROM j USING jobs AS j JOIN users', ['jobs', 'users'], ['jobs']],
    [
      'WITH o (id) AS (SELECT id FROM jobs USE INDEX (x)) DELETE FROM a WHERE id IN (SELECT id FROM o)',
      ['jobs', 'a'],
      ['a'],
    ],
    ['INSERT INTO n SELECT seq FROM seq_1_to_10 UNION SELECT 1 FROM DUAL', ['n'], ['n']],
    [
      "SELECT COUNT(*) FROM a NATURAL JOIN b x, JSON_TABLE(x.d, '$[*]' COLUMNS (i INT PATH '$')) t",
      ['a', 'b'],
      [],
    ],
    ['SELECT EXTRACT(DAY FROM at), TRIM(x FROM y) FROM (SELECT at FROM a) q', ['a'], []],
  ])('%s', (sql, named, written) => {
    expect(listHookTables(sql)).toEqual({ named, written });
  });
});
