import { describe, expect, test } from 'vitest';
import type { ProgramKind } from '../../../src/core/program-kind.js';
import { isKeyClause } from '../../../src/core/sql/key-clause.js';
import { findProgramFault } from '../../../src/core/sql/program-statement.js';

const fault = (kind: ProgramKind, statement: string, sqlMode = ''): string | undefined =>
  findProgramFault(statement, { kind, name: 'p', sqlMode, database: 'shop' });

const ORACLE = 'PIPES_AS_CONCAT,ANSI_QUOTES,IGNORE_SPACE,ORACLE';

describe('what servers print of programs', () => {
  test.each<[ProgramKind, string, string?]>([
    ['procedure', 'CREATE DEFINER=`evil`@`%` PROCEDURE `p`()\nBEGIN END'],
    ['procedure', 'CREATE DEFINER=`r` PROCEDURE `p`()\nSELECT ";"'],
    ['procedure', 'CREATE DEFINER=`a`@`b` PROCEDURE `p`()\nl: LOOP SET @a = 1; LEAVE l; END LOOP l'],
    ['procedure', 'CREATE DEFINER="evil"@"%" PROCEDURE "p"()\nAS BEGIN NULL; END', ORACLE],
    ['function', 'CREATE DEFINER="evil"@"%" FUNCTION "p"() RETURN int(11)\nAS BEGIN RETURN 1; END', ORACLE],
    [
      'procedure',
      'CREATE DEFINER="e"@"%" PROCEDURE "p"(a INT)\nAS v t.id%TYPE; BEGIN SET v = a; END',
      ORACLE,
    ],
    [
      'function',
      'CREATE DEFINER=`a`@`b` AGGREGATE FUNCTION `p`(x INT) RETURNS int(11)\nBEGIN DECLARE a INT; END',
    ],
    [
      'function',
      'CREATE DEFINER=`a`@`b` FUNCTION `p`() RETURNS int LANGUAGE JAVASCRIPT AS $$ let a = 1; return a $$',
    ],
    ['package', 'CREATE DEFINER="evil"@"%" PACKAGE "p" AS PROCEDURE x; END', ORACLE],
    [
      'package body',
      'CREATE DEFINER="e"@"%" PACKAGE BODY "p" AS PROCEDURE x AS BEGIN NULL; END; END',
      ORACLE,
    ],
    ['view', 'CREATE ALGORITHM=UNDEFINED DEFINER=`a`@`b` SQL SECURITY DEFINER VIEW `p` AS select 1 AS `;`'],
    [
      'view',
      'CREATE ALGORITHM=MERGE DEFINER=`a`@`b` SQL SECURITY INVOKER VIEW `shop`.`p` AS select 1 AS `1`',
    ],
    [
      'trigger',
      'CREATE DEFINER=`e`@`%` trigger if not exists other.p before insert on tt for each row set @a = 1',
    ],
    [
      'trigger',
      'CREATE DEFINER=CURRENT_USER() TRIGGER P BEFORE INSERT ON t FOR EACH ROW BEGIN SET @a = 1; END',
    ],
    ['trigger', 'CREATE TRIGGER p AFTER INSERT ON t FOR EACH ROW /*!50003 SET @a = 1 */'],
    [
      'event',
      'CREATE DEFINER=`e`@`%` EVENT `p` ON SCHEDULE EVERY 1 DAY ON COMPLETION NOT PRESERVE ENABLE DO DO 1;',
    ],
  ])('%s: %s', (kind, statement, sqlMode) => {
    expect(fault(kind, statement, sqlMode)).toBeUndefined();
  });
});

describe('anything else is refused', () => {
  test.each<[string, ProgramKind, string, string?]>([
    ['another command', 'procedure', 'DROP DATABASE shop'],
    ['another kind', 'view', 'CREATE DEFINER=`a`@`b` PROCEDURE `p`() SELECT 1'],
    ['another object', 'view', 'CREATE VIEW `q` AS select 1'],
    ['another database', 'procedure', 'CREATE PROCEDURE `mysql`.`p`() SELECT 1'],
    ['another database, by a view', 'view', 'CREATE VIEW `mysql`.`p` AS select 1'],
    ['an account', 'procedure', "CREATE USER p IDENTIFIED BY 'p'"],
    ['OR REPLACE', 'view', 'CREATE OR REPLACE VIEW `p` AS select 1'],
    ['a library', 'function', "CREATE FUNCTION p RETURNS STRING SONAME 'lib.so'"],
    ['a library that aggregates', 'function', "CREATE AGGREGATE FUNCTION p RETURNS STRING SONAME 'lib.so'"],
    ['two statements', 'view', 'CREATE VIEW `p` AS select 1; DROP DATABASE shop'],
    ['two statements', 'procedure', 'CREATE PROCEDURE `p`() SELECT 1; DROP DATABASE shop'],
    ['a version comment around the kind', 'view', 'CREATE /*!99999 VIEW `p` AS select 1 -- */ USER p'],
    ['a version comment around a clause', 'view', 'CREATE /*!50001 OR REPLACE */ VIEW `p` AS select 1'],
    ['a name that ends in another mode', 'view', 'CREATE VIEW "p" AS select 1', 'STRICT_TRANS_TABLES'],
    ['a body for a package', 'package', 'CREATE PACKAGE BODY p AS END', ORACLE],
    ['nothing', 'view', ''],
  ])('%s: %s', (_, kind, statement, sqlMode) => {
    expect(fault(kind, statement, sqlMode)).toBeDefined();
  });
});

describe('clauses of foreign keys', () => {
  const KEY = 'CONSTRAINT `f``k` FOREIGN KEY (`a`, `b`) REFERENCES `shop`.`t` (`x`, `y`)';
  const isKey = (clause: string): boolean => isKeyClause(clause, { name: 'f`k', parent: 'shop' });

  test.each([
    KEY,
    `${KEY} ON DELETE CASCADE ON UPDATE SET NULL`,
    `${KEY} ON DELETE NO ACTION`,
    `${KEY} MATCH FULL ON UPDATE SET DEFAULT`,
    KEY.replace('`shop`.', ''),
  ])('as a server prints it: %s', (clause) => {
    expect(isKey(clause)).toBe(true);
  });

  test.each([
    `${KEY}, DROP COLUMN a`,
    `${KEY}, RENAME TO mysql.x`,
    `${KEY}; DROP DATABASE shop`,
    `${KEY} COMMENT 'x'`,
    `${KEY} /*!50000 , DROP COLUMN a */`,
    `${KEY} -- more`,
    KEY.replace('`shop`', '`crm`'),
    KEY.replace('`f``k`', '`other`'),
    KEY.replace('(`x`, `y`)', '(`x`, `y`'),
    'CONSTRAINT `f``k` CHECK (1)',
    '',
  ])('anything else is refused: %s', (clause) => {
    expect(isKey(clause)).toBe(false);
  });
});
