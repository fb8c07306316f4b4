import { expect, test } from 'vitest';
import { readCreateTable } from '../../../src/core/sql/create-table.js';
import { spellCollations } from '../../../src/core/sql/table-text.js';

const DEFAULTS = new Map([
  ['utf8mb4', 'utf8mb4_general_ci'],
  ['latin1', 'latin1_swedish_ci'],
  ['binary', 'binary'],
]);

test.each([
  [
    'missing collations are added',
    "CREATE TABLE `t` (\n  `a` varchar(9) CHARACTER SET latin1 DEFAULT 'CHARSET=utf8mb4',\n  `b` enum('x') CHARACTER SET utf8mb4 NOT NULL COMMENT 'CHARACTER SET latin1'\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='CHARSET=latin1'",
    "CREATE TABLE `t` (\n  `a` varchar(9) CHARACTER SET latin1 COLLATE latin1_swedish_ci DEFAULT 'CHARSET=utf8mb4',\n  `b` enum('x') CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL COMMENT 'CHARACTER SET latin1'\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci COMMENT='CHARSET=latin1'",
  ],
  [
    'written collations stay',
    'CREATE TABLE `t` (\n  `a` varchar(9) CHARACTER SET latin1 COLLATE latin1_bin\n) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin',
    'CREATE TABLE `t` (\n  `a` varchar(9) CHARACTER SET latin1 COLLATE latin1_bin\n) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin',
  ],
  [
    'the collation that is a keyword is quoted',
    "CREATE TABLE `t` (\n  `a` enum('x') CHARACTER SET binary COLLATE binary,\n  `b` enum('x') CHARACTER SET binary,\n  `c` int GENERATED ALWAYS AS ((`a` collate binary)) VIRTUAL,\n  `d` varchar(9) CHARACTER SET latin1 COLLATE latin1_bin DEFAULT (cast('x' as char charset binary))\n) DEFAULT CHARSET=binary",
    "CREATE TABLE `t` (\n  `a` enum('x') CHARACTER SET binary COLLATE `binary`,\n  `b` enum('x') CHARACTER SET binary COLLATE `binary`,\n  `c` int GENERATED ALWAYS AS ((`a` collate `binary`)) VIRTUAL,\n  `d` varchar(9) CHARACTER SET latin1 COLLATE latin1_bin DEFAULT (cast('x' as char charset binary))\n) DEFAULT CHARSET=binary COLLATE=`binary`",
  ],
  [
    'expressions and names stay',
    'CREATE TABLE `CHARSET=latin1` (\n  `latin1` int GENERATED ALWAYS AS (cast(`a` as char(4) charset latin1)) VIRTUAL,\n  `b` int DEFAULT (convert(`a` using utf8mb4))\n) ENGINE=InnoDB',
    'CREATE TABLE `CHARSET=latin1` (\n  `latin1` int GENERATED ALWAYS AS (cast(`a` as char(4) charset latin1)) VIRTUAL,\n  `b` int DEFAULT (convert(`a` using utf8mb4))\n) ENGINE=InnoDB',
  ],
])('%s', (_, statement, expected) => {
  expect(spellCollations(readCreateTable(statement), DEFAULTS, 'keep')).toBe(expected);
});

test.each([
  [
    'inherited ones go',
    "CREATE TABLE `t` (\n  `a` varchar(9) COLLATE utf8mb4_bin DEFAULT NULL,\n  `b` text COLLATE utf8mb4_bin COMMENT 'COLLATE x'\n) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin",
    "CREATE TABLE `t` (\n  `a` varchar(9) DEFAULT NULL,\n  `b` text COMMENT 'COLLATE x'\n) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin",
  ],
  [
    'own ones and those of expressions stay',
    'CREATE TABLE `COLLATE` (\n  `a` varchar(9) CHARACTER SET latin1 COLLATE latin1_bin,\n  `b` int GENERATED ALWAYS AS ((`a` collate utf8mb4_bin)) VIRTUAL\n) COLLATE=utf8mb4_bin',
    'CREATE TABLE `COLLATE` (\n  `a` varchar(9) CHARACTER SET latin1 COLLATE latin1_bin,\n  `b` int GENERATED ALWAYS AS ((`a` collate utf8mb4_bin)) VIRTUAL\n) COLLATE=utf8mb4_bin',
  ],
])('MySQL: %s', (_, statement, expected) => {
  expect(spellCollations(readCreateTable(statement), new Map(), 'omit')).toBe(expected);
});
