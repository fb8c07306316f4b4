import { describe, expect, test } from 'vitest';
import { findOwnNames } from '../../../src/core/sql/own-names.js';

const body = (text: string, kind: 'procedure' | 'trigger' = 'procedure', sqlMode = '') => ({
  kind,
  statement:
    kind === 'procedure'
      ? `CREATE DEFINER=\`src\`@\`src.host\` PROCEDURE \`p\`() ${text}`
      : `CREATE TRIGGER t BEFORE INSERT ON src FOR EACH ROW ${text}`,
  sqlMode,
});
const own = { name: 'src', isFolded: false };

describe('names that can mean nothing but the database', () => {
  test.each([
    ['SELECT * FROM src.a JOIN src.b ON src.a.id = src.b.id', ['src.a', 'src.b', 'src.a.id', 'src.b.id']],
    ['SELECT `src` . `a`.* FROM `src`.`a`, x.src', ['src.a.*', 'src.a']],
    ['INSERT INTO src.log VALUES (src.f(1))', ['src.log', 'src.f']],
    ['REPLACE LOW_PRIORITY src.log SELECT REPLACE(src.x, 1, 2) FROM t AS src', ['src.log']],
    ['UPDATE t, src.a SET src.n = src.n + 1 WHERE t.src = (SELECT 1 FROM t2, src.b)', ['src.a', 'src.b']],
    ['DELETE FROM t USING src.a AS t JOIN src USING (id)', ['src.a']],
    ['SELECT 1 FROM src JOIN x ON t.id = x.id AND (src.n, 1) = (src.m, 2), src.a WHERE 1, src.n', ['src.a']],
    ['SELECT 1 FROM src JOIN x USING (id), src.a ORDER BY t.id, src.n', ['src.a']],
    ['UPDATE src JOIN x ON CASE WHEN t.id THEN 1 END, src.a SET t.id = 1, src.n = 2', ['src.a']],
    ['DELETE src FROM src.a AS src WHERE src.id = 1', ['src.a']],
    ['CALL src.q(src.v)', ['src.q', 'src.v']],
    [
      'BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION INSERT src.log SET src = 1; TRUNCATE src.a; END',
      ['src.log', 'src.a'],
    ],
    ['FOR src IN (SELECT * FROM src.a) DO SELECT src.id; END FOR', ['src.a']],
    [
      'BEGIN DECLARE c CURSOR FOR SELECT src.id FROM src.a src FOR UPDATE; DELETE FROM src.b; END',
      ['src.a', 'src.b'],
    ],
    ['SELECT CASE WHEN src.x THEN src.y ELSE src.z END FROM (src.a CROSS JOIN src)', ['src.a']],
    ['SELECT NEXT VALUE FOR src.s, nextval(src.s), TRIM(src.x FROM src.y) FROM src', ['src.s']],
    ['INSERT INTO t SELECT src.x FROM src ON DUPLICATE KEY UPDATE src.n = 1', []],
    [
      'BEGIN DECLARE a ROW TYPE OF src.a; DECLARE b TYPE OF src.x; DECLARE c TYPE OF src.a.x; END',
      ['src.a', 'src.a.x'],
    ],
    ['CREATE INDEX i ON src.a (src)', ['src.a']],
    ['GRANT SELECT, UPDATE ON src.* TO src@localhost', ['src.*']],
    ['SELECT a FROM t FOR SYSTEM_TIME AS OF @x, src.b AS src', ['src.b']],
  ])('%s', (text, expected) => {
    const found = findOwnNames(body(text), own);
    expect([found.named, found.unclear]).toEqual([expected, []]);
  });
});

describe('names of anything else', () => {
  test.each([
    ['SELECT src.* FROM src'],
    ['SELECT x.src, src.id FROM t AS src WHERE src.id IN (1, src.n) ORDER BY src.id DESC, src.n'],
    ['UPDATE src SET src.n = src.n + 1 WHERE src.id = 1'],
    ["SELECT @src.a, @@src.b, 'src.a', \"src.a\", 'x'@src.host /* src.a */ -- src.a\n, srcs.a, Src.a"],
    ['SELECT src() FROM x.src JOIN y.a$ USING (src)'],
    ['BEGIN DECLARE src ROW (a INT); SET src.a = 1; SELECT 1 INTO src.a; END'],
  ])('%s', (text) => {
    expect(findOwnNames(body(text), own)).toMatchObject({ certain: [], unclear: [] });
  });

  test('a database called new, whose triggers have rows of that name', () => {
    const { named } = findOwnNames(
      body('BEGIN SET NEW.a = OLD.b; INSERT INTO new.log VALUES (NEW.a); END', 'trigger'),
      { ...own, name: 'new' },
    );
    expect(named).toEqual(['new.log']);
  });
});

test.each(['DROP DATABASE IF EXISTS src', 'ALTER SCHEMA `src` COMMENT 1', 'SHOW TABLES FROM src'])(
  'who can tell: %s',
  (text) => {
    expect(findOwnNames(body(text), own).unclear).toEqual(['src']);
  },
);

test('a routine of a package, or of the database that is called like it', () => {
  const found = findOwnNames(
    body('BEGIN CALL src.p(); SET @a = src.f(); INSERT INTO src.t VALUES (1); END'),
    { ...own, packages: new Set(['src']) },
  );
  expect(found).toMatchObject({ named: ['src.t'], unclear: ['src.p', 'src.f'] });
});

test('quotes are names or texts by the mode, and the case counts by the server', () => {
  const text = body('INSERT INTO "Src"."a" VALUES ("SRC"."f"())', 'procedure', 'ANSI_QUOTES');
  expect(findOwnNames(text, own).named).toEqual([]);
  expect(findOwnNames(text, { ...own, isFolded: true }).named).toEqual(['Src.a', 'SRC.f']);
  expect(findOwnNames({ ...text, sqlMode: '' }, { ...own, isFolded: true }).named).toEqual([]);
});

test.each([
  ["SELECT 1 FROM x WHERE s = 'src'", true],
  ["CALL run('DELETE FROM src.a')", true],
  ["CALL run('DELETE FROM `src` . `a`')", true],
  ["BEGIN SET @s = CONCAT('DELETE FROM src', '.a'); PREPARE s FROM @s; END", true],
  ["SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no such src here'", false],
  ["BEGIN SET @s = 'DELETE FROM srcs.a'; PREPARE s FROM @s; END", false],
])('a text that names it: %s', (text, isInText) => {
  expect(findOwnNames(body(text), own).isInText).toBe(isInText);
});
