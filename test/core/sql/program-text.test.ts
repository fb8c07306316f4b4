import { expect, test } from 'vitest';
import {
  correctHeader,
  correctTriggerNames,
  moveTrigger,
  replaceDefiner,
  spellForeignLiterals,
} from '../../../src/core/sql/program-text.js';

test.each([
  [
    'bare words',
    'CREATE DEFINER=`u`@`127.0.0.1` trigger src.trg before insert on src.tt for each row set new.a = (select 1 from src.t)',
    '',
    'CREATE DEFINER=`u`@`127.0.0.1` trigger `new`.trg before insert on `new`.tt for each row set new.a = (select 1 from src.t)',
  ],
  [
    'quoted names and comments',
    'CREATE DEFINER=`u`@`h` TRIGGER `a``b` . `t``r` AFTER UPDATE ON /* src.x */ `a``b`.`t` -- src.y\n FOR  EACH /**/ ROW SET @a = `src`.`x`',
    '',
    'CREATE DEFINER=`u`@`h` TRIGGER `new` . `t``r` AFTER UPDATE ON /* src.x */ `new`.`t` -- src.y\n FOR  EACH /**/ ROW SET @a = `src`.`x`',
  ],
  [
    'ansi quotes',
    'CREATE DEFINER="u"@"h" TRIGGER "src"."trg" AFTER INSERT ON "src"."tt" FOR EACH ROW SET @a = "src"."x"',
    'ANSI_QUOTES',
    'CREATE DEFINER="u"@"h" TRIGGER `new`."trg" AFTER INSERT ON `new`."tt" FOR EACH ROW SET @a = "src"."x"',
  ],
  [
    'nothing to do',
    'CREATE DEFINER=`u`@`h` TRIGGER for_each AFTER INSERT ON t FOR EACH ROW SET @a = src.x',
    '',
    'CREATE DEFINER=`u`@`h` TRIGGER for_each AFTER INSERT ON t FOR EACH ROW SET @a = src.x',
  ],
  [
    'a head with live comments, where it is there already',
    'CREATE DEFINER=`u`@`h` TRIGGER new . `t 1` BEFORE INSERT ON "src" . t FOR /*!50000 EACH */ ROW SET @a = src.x',
    'ANSI_QUOTES',
    'CREATE DEFINER=`u`@`h` TRIGGER new . `t 1` BEFORE INSERT ON `new` . t FOR /*!50000 EACH */ ROW SET @a = src.x',
  ],
])('a trigger moves: %s', (_, statement, sqlMode, expected) => {
  expect(moveTrigger(statement, 'new', sqlMode)).toBe(expected);
});

test.each([
  ['', 'CREATE DEFINER=`a`@`%` PROCEDURE `p`() SET @x = "DEFINER=`a`@`%`"', '`s``1`@`10.%`'],
  [
    '',
    'CREATE ALGORITHM=UNDEFINED DEFINER=`view`@`h` SQL SECURITY DEFINER VIEW `v` AS select 1',
    '`s``1`@`10.%`',
  ],
  ['ANSI_QUOTES', 'CREATE DEFINER="a""b"@"%" FUNCTION "f"() RETURNS int RETURN 1', '"s`1"@"10.%"'],
  ['', 'CREATE DEFINER=`role` TRIGGER t BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1', '`s``1`@`10.%`'],
])('another definer (%s): %s', (sqlMode, statement, account) => {
  expect(replaceDefiner(statement, 's`1@10.%', sqlMode)).toBe(
    statement.replace(/DEFINER=\S+/, `DEFINER=${account}`),
  );
});

test('where no definer is named before the body, nothing is', () => {
  const statement = 'CREATE TRIGGER t BEFORE INSERT ON t FOR EACH ROW SET definer=1';
  expect(replaceDefiner(statement, 'sync@%', '')).toBe(statement);
});

test.each([
  [
    'mojibake',
    "CREATE DEFINER=`u`@`h` EVENT `eÃ©` ON SCHEDULE EVERY 1 DAY ENABLE COMMENT 'Ã©' DO SELECT 'COMMENT' 'é'",
    { quotedName: '`eé`', comment: "é's \\" },
    '',
    "CREATE DEFINER=`u`@`h` EVENT `eé` ON SCHEDULE EVERY 1 DAY ENABLE COMMENT 'é''s \\\\' DO SELECT 'COMMENT' 'é'",
  ],
  [
    'wrong escapes',
    "CREATE DEFINER=`u`@`h` PROCEDURE `p`(x ENUM('COMMENT') COMMENT 'x')\n    COMMENT 'a\\\\b'\nSELECT 1",
    { quotedName: '`p`', comment: 'a\\b' },
    'NO_BACKSLASH_ESCAPES',
    "CREATE DEFINER=`u`@`h` PROCEDURE `p`(x ENUM('COMMENT') COMMENT 'x')\n    COMMENT 'a\\b'\nSELECT 1",
  ],
  [
    'a comment of the body only',
    "CREATE DEFINER=`u`@`h` AGGREGATE FUNCTION `f`() RETURNS int(11)\nALTER TABLE t COMMENT 'x'",
    { quotedName: '`f`', comment: '' },
    '',
    "CREATE DEFINER=`u`@`h` AGGREGATE FUNCTION `f`() RETURNS int(11)\nALTER TABLE t COMMENT 'x'",
  ],
  [
    'a package body',
    'CREATE DEFINER="u"@"h" PACKAGE BODY "pkg" AS\nEND',
    { quotedName: '`pkg`', comment: '' },
    'ANSI_QUOTES',
    'CREATE DEFINER="u"@"h" PACKAGE BODY `pkg` AS\nEND',
  ],
])('a header is written anew: %s', (_, statement, header, sqlMode, expected) => {
  expect(correctHeader(statement, header, sqlMode)).toBe(expected);
});

test.each([
  ["select _sjis'\x95\\\\' AS `s`,_latin1'\xe9\\''''", 'select _sjis 0x955c AS `s`,_latin1 0xe92727'],
  ["select _binary'\xff\\0\\n\\Z' AS `b`", 'select _binary 0xff000a1a AS `b`'],
  ["select _utf8mb4'\xc3\xa9',_utf8'\xc3\xa9','\xc3\xa9',_latin1'plain' AS `_latin1'\xe9'`", null],
])('literals of other character sets are spelled in hexadecimal: %s', (bytes, expected) => {
  expect(spellForeignLiterals(bytes)).toBe(expected ?? bytes);
});

test.each([
  [
    'CREATE DEFINER=`u`@`h` TRIGGER `nÃ¤ch` AFTER INSERT ON `straÃŸe` FOR EACH ROW SET @on = ON',
    'CREATE DEFINER=`u`@`h` TRIGGER `näch` AFTER INSERT ON `straße` FOR EACH ROW SET @on = ON',
  ],
  [
    'CREATE DEFINER=`u`@`h` trigger if not exists d.NÄCH after insert on d . Straße for each row SET @x = 1',
    'CREATE DEFINER=`u`@`h` trigger if not exists d.NÄCH after insert on d . Straße for each row SET @x = 1',
  ],
])('names of a trigger: %s', (statement, expected) => {
  expect(correctTriggerNames(statement, { name: 'näch', table: 'straße' }, '')).toBe(expected);
});
