import { describe, expect, test } from 'vitest';
import { convertPrograms } from '../../../src/core/conversion/convert-database.js';
import { describeForeignProgram } from '../../../src/core/conversion/describe-program.js';
import type { Flavor } from '../../../src/core/flavor.js';
import type { ProgramKind } from '../../../src/core/program-kind.js';

const MARIADB: Flavor = { vendor: 'mariadb', version: [10, 11, 8] };
const MYSQL: Flavor = { vendor: 'mysql', version: [9, 7, 0] };
const COLLATIONS = new Set(['utf8mb4_general_ci', 'utf8mb4_0900_ai_ci', 'latin1_swedish_ci']);

const aText = (kind: ProgramKind, statement: string, sqlMode = 'STRICT_TRANS_TABLES') => ({
  kind,
  name: /(?:PROCEDURE|FUNCTION|VIEW|TRIGGER|EVENT|PACKAGE) (?:BODY )?`(.*?)`/.exec(statement)?.[1] ?? '',
  statement,
  sqlMode,
  charsetClient: 'utf8mb4',
  collationConnection: 'utf8mb4_general_ci',
});

const convert = (...programs: readonly ReturnType<typeof aText>[]) =>
  convertPrograms(programs, {
    source: { flavor: MARIADB },
    target: { flavor: MYSQL, collations: COLLATIONS, storageEngines: new Set() },
  });

const refusalsOf = (...programs: readonly ReturnType<typeof aText>[]): readonly string[] =>
  convert(...programs).flatMap(({ findings }) =>
    findings.refusals.map(({ place, what }) => `${place}: ${what}`),
  );

const BODY = `CREATE DEFINER=\`root\`@\`localhost\` PROCEDURE \`p\`(IN a INT(11), OUT b VARCHAR(20) CHARSET latin1)
BEGIN
  -- NEXTVAL(in a comment)
  DECLARE c DECIMAL(8,2) DEFAULT 1;
  WITH RECURSIVE x (i) AS (SELECT 1), y (j) AS (SELECT COUNT(*) FROM t) SELECT i FROM x;
  INSERT INTO log (what) VALUES (CONCAT('RETURNING ', UPPER(b), own(a), other.thing(1)));
  IF (a IN (1, 2)) THEN CALL p(1, b); END IF;
END`;

test('ordinary text passes, with its own functions', () => {
  const own = aText('function', 'CREATE FUNCTION `own`(a INT) RETURNS int(11) RETURN a');
  expect(refusalsOf(own, aText('procedure', BODY))).toEqual([]);
  expect(convert(own, aText('procedure', BODY))[1]?.program.statement).toBe(BODY);
});

test.each<[ProgramKind, string, string]>([
  ['package', 'CREATE PACKAGE `p` AS END', 'a package'],
  ['procedure', 'CREATE PROCEDURE `p`() SELECT NEXT VALUE FOR s', 'NEXT VALUE FOR'],
  ['procedure', 'CREATE PROCEDURE `p`() DELETE FROM t RETURNING id', 'RETURNING'],
  ['procedure', 'CREATE PROCEDURE `p`() FOR i IN 1..3 DO SELECT i; END FOR', 'FOR ... IN'],
  ['function', 'CREATE AGGREGATE FUNCTION `f`(x INT) RETURNS INT RETURN 1', 'AGGREGATE FUNCTION'],
  ['view', 'CREATE VIEW `v` AS select to_char(`a`) AS `a` from `t`', 'to_char()'],
  [
    'view',
    'CREATE VIEW `v` AS select `a` collate utf8mb4_croatian_ci AS `a` from `t`',
    'collation utf8mb4_croatian_ci',
  ],
])('%s %s is refused', (kind, statement, what) => {
  const [refusal, ...more] = refusalsOf(aText(kind, statement));
  expect(refusal).toMatch(new RegExp(`^${kind} \\w: `));
  expect(refusal).toContain(what);
  expect(more).toEqual([]);
});

test('modes that mean something there only are refused, those without an effect are left out', () => {
  const program = aText(
    'procedure',
    'CREATE PROCEDURE `p`() SELECT 1',
    'ANSI_QUOTES,ANSI,EMPTY_STRING_IS_NULL',
  );
  const [converted] = convert(program);
  expect(converted?.program.sqlMode).toBe('ANSI_QUOTES');
  expect(converted?.findings.refusals).toMatchObject([{ what: 'sql_mode EMPTY_STRING_IS_NULL' }]);
  expect(converted?.findings.notes).toMatchObject([{ before: 'sql_mode ANSI' }]);
});

test('patterns are read by another library, and the plan says so', () => {
  const [converted] = convert(aText('view', "CREATE VIEW `v` AS select `a` regexp 'x' AS `a` from `t`"));
  expect(converted?.findings).toMatchObject({ refusals: [], notes: [{ before: 'REGEXP by PCRE' }] });
});

test('collations in text and session become those of the target', () => {
  const program = {
    ...aText('view', 'CREATE VIEW `v` AS select `a` collate utf8mb4_uca1400_ai_ci AS `a` from `t`'),
    collationConnection: 'utf8mb4_uca1400_ai_ci',
  };
  const [converted] = convert(program);
  expect(converted?.program.statement).toContain('collate utf8mb4_0900_ai_ci AS');
  expect(converted?.program.collationConnection).toBe('utf8mb4_0900_ai_ci');
});

test('a character set alone has another collation there, so that of the source is written out', () => {
  const header =
    'CREATE FUNCTION `f`(a VARCHAR(9) CHARSET utf8mb4, b INT) RETURNS varchar(9) CHARSET utf8mb4\n';
  const body = 'BEGIN DECLARE c TEXT CHARSET utf8mb4; RETURN a; END';
  expect(convert(aText('function', header + body))[0]?.program.statement).toBe(
    `${header.replaceAll('CHARSET utf8mb4', 'CHARSET utf8mb4 COLLATE utf8mb4_general_ci')}${body}`,
  );
});

describe('one program in two prints is the same', () => {
  const describeText = (kind: ProgramKind, statement: string): string =>
    describeForeignProgram(aText(kind, statement), 'shop', false);
  test.each<[ProgramKind, string, string]>([
    [
      'trigger',
      'CREATE DEFINER=`a`@`%` TRIGGER shop.tr AFTER INSERT ON `shop`.t FOR EACH ROW FOLLOWS x SET @a = 1',
      'CREATE DEFINER=`a`@`%` TRIGGER `tr` AFTER INSERT ON `t` FOR EACH ROW SET @a = 1',
    ],
    [
      'trigger',
      'CREATE DEFINER=`A`@`%` trigger if not exists Tr before insert /*!50000 on */ T for each row set @a = 1',
      'CREATE DEFINER=`A`@`%` TRIGGER `Tr` BEFORE INSERT ON `T` FOR EACH ROW set @a = 1',
    ],
    [
      'function',
      'CREATE FUNCTION `f`() RETURNS int(11) RETURN 1',
      'CREATE FUNCTION `f`() RETURNS int RETURN 1',
    ],
    [
      'function',
      'CREATE FUNCTION `f`() RETURNS varchar(9) CHARSET utf8mb4 COLLATE utf8mb4_general_ci RETURN 1',
      'CREATE FUNCTION `f`() RETURNS varchar(9) CHARSET utf8mb4 RETURN 1',
    ],
    [
      'view',
      "CREATE ALGORITHM=UNDEFINED VIEW `v` AS select concat('a',`t`.`b`) AS `c` from (`t` join `u`)",
      "CREATE ALGORITHM=UNDEFINED VIEW `v` AS select concat(_utf8mb4'a',`shop`.`t`.`b`) AS `c` from `t` join `shop`.`u`",
    ],
  ])('%s', (kind, one, other) => {
    expect(describeText(kind, one)).toBe(describeText(kind, other));
  });

  test.each<[ProgramKind, string, string]>([
    [
      'trigger',
      'CREATE TRIGGER `tr` AFTER INSERT ON `t` FOR EACH ROW SET @a = 1',
      'CREATE TRIGGER `tr` AFTER INSERT ON `t` FOR EACH ROW SET @a = 2',
    ],
    [
      'trigger',
      'CREATE TRIGGER `tr` AFTER INSERT ON `t` FOR EACH ROW SET @a = 1',
      'CREATE TRIGGER `tr` BEFORE INSERT ON `t` FOR EACH ROW SET @a = 1',
    ],
    ['procedure', "CREATE PROCEDURE `p`() SELECT 'a'", "CREATE PROCEDURE `p`() SELECT 'A'"],
    ['view', 'CREATE VIEW `v` AS select 1 from `t`', 'CREATE VIEW `v` AS select 1 from `u`'],
    [
      'view',
      'CREATE SQL SECURITY INVOKER VIEW `v` AS select 1 from `t`',
      'CREATE SQL SECURITY DEFINER VIEW `v` AS select 1 from `t`',
    ],
    [
      'view',
      'CREATE VIEW `v` AS select 1 from `t` WITH LOCAL CHECK OPTION',
      'CREATE VIEW `v` AS select 1 from `t`',
    ],
  ])('another %s is another', (kind, one, other) => {
    expect(describeText(kind, one)).not.toBe(describeText(kind, other));
  });

  test('the table of a trigger is the one that the catalog tells, in any case where servers fold names', () => {
    const trigger = aText('trigger', 'CREATE TRIGGER tr AFTER INSERT ON T FOR EACH ROW SET @a = 1');
    const describeOn = (table: string, isFolded: boolean): string =>
      describeForeignProgram({ ...trigger, table }, 'shop', isFolded);
    expect(describeOn('T', false)).not.toBe(describeOn('t', false));
    expect(describeOn('T', true)).toBe(describeOn('t', true));
  });
});
