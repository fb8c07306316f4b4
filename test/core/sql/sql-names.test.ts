import { expect, test } from 'vitest';
import { findNames, moveNames, replaceDatabase, qualifyCalls } from '../../../src/core/sql/sql-names.js';
import { tokenizeSql } from '../../../src/core/sql/sql-text.js';

/** Each as a server prints it; `src` is database, table, alias and column at once. */
test.each([
  [
    'columns of an alias stay',
    'CREATE DEFINER=`src`@`%` VIEW `v` AS select `src`.`id` AS `src`,`src`.`src` AS `x` from `ot`.`p` `src` where `src`.`id` = 1',
    'CREATE DEFINER=`src`@`%` VIEW `v` AS select `src`.`id` AS `src`,`src`.`src` AS `x` from `ot`.`p` `src` where `src`.`id` = 1',
  ],
  [
    'tables and their columns move',
    'select `src`.`src`.`src` AS `src` from ((`src`.`src` join `src`.`t2` on(`src`.`src`.`id` = `src`.`t2`.`id`)) left join `ot`.`p` on(`a`.`b`.`c`))',
    'select `new`.`src`.`src` AS `src` from ((`new`.`src` join `new`.`t2` on(`new`.`src`.`id` = `new`.`t2`.`id`)) left join `ot`.`p` on(`a`.`b`.`c`))',
  ],
  [
    'subqueries begin anew',
    'select 1 from (select `src`.`a` from `src`.`t` `src`) `src` where `src`.`x` in (select `src`.`y` from `src`.`t`) union select `src`.`z` from `src`.`t`,`src`.`u`',
    'select 1 from (select `src`.`a` from `new`.`t` `src`) `src` where `src`.`x` in (select `src`.`y` from `new`.`t`) union select `src`.`z` from `new`.`t`,`new`.`u`',
  ],
  [
    'calls and sequences move',
    'select `src`.`f`(`src`.`c`) AS `f`,nextval(`src`.`sq`) AS `n`,lastval(`src`.`sq`) AS `l` from `t`',
    'select `new`.`f`(`src`.`c`) AS `f`,nextval(`new`.`sq`) AS `n`,lastval(`new`.`sq`) AS `l` from `t`',
  ],
  [
    'FROM inside a call is no FROM clause',
    "select trim(leading 'x' from `src`.`c`),extract(year from `src`.`c`) from `t` `src`",
    "select trim(leading 'x' from `src`.`c`),extract(year from `src`.`c`) from `t` `src`",
  ],
  [
    'arguments of a table function are expressions',
    "select 1 from (`src`.`t` `src` join JSON_TABLE(`src`.`j`, '$' COLUMNS (`src` int(11) PATH '$')) `y`)",
    "select 1 from (`new`.`t` `src` join JSON_TABLE(`src`.`j`, '$' COLUMNS (`src` int(11) PATH '$')) `y`)",
  ],
  [
    'literals stay',
    "select '`src`.`t`' AS `a``src`,1.5 AS `n` from `src`.`t`",
    "select '`src`.`t`' AS `a``src`,1.5 AS `n` from `new`.`t`",
  ],
  [
    'a table definition',
    "CREATE TABLE `src` (\n  `id` int(11) DEFAULT nextval(`src`.`sq`) COMMENT '`src`.`x`',\n  CONSTRAINT `k` FOREIGN KEY (`id`) REFERENCES `src`.`p` (`id`) ON DELETE CASCADE,\n  CONSTRAINT `l` FOREIGN KEY (`id`) REFERENCES `other`.`p` (`id`),\n  CONSTRAINT `m` FOREIGN KEY (`id`) REFERENCES `src` (`id`)\n) ENGINE=MRG_MyISAM UNION=(`src`.`a`,`src`.`b`)",
    "CREATE TABLE `src` (\n  `id` int(11) DEFAULT nextval(`new`.`sq`) COMMENT '`src`.`x`',\n  CONSTRAINT `k` FOREIGN KEY (`id`) REFERENCES `new`.`p` (`id`) ON DELETE CASCADE,\n  CONSTRAINT `l` FOREIGN KEY (`id`) REFERENCES `other`.`p` (`id`),\n  CONSTRAINT `m` FOREIGN KEY (`id`) REFERENCES `src` (`id`)\n) ENGINE=MRG_MyISAM UNION=(`new`.`a`,`new`.`b`)",
  ],
])('%s', (_, sql, expected) => {
  expect(replaceDatabase(sql, 'src', '`new`')).toBe(expected);
});

test('odd names', () => {
  expect(replaceDatabase('select `a``.b`.`t`.`c` from `a``.b`.`t`', 'a`.b', '`n``w`')).toBe(
    'select `n``w`.`t`.`c` from `n``w`.`t`',
  );
});

test('names tell where they stand', () => {
  const names = findNames(tokenizeSql('select `g`.`id` AS `id`,`f`() AS `f` from `gone` `g`'));
  expect(names.map(({ parts, place, isCall }) => [parts.join('.'), place, isCall])).toEqual([
    ['g.id', 'expression', false],
    ['id', 'expression', false],
    ['f', 'expression', true],
    ['f', 'expression', false],
    ['gone', 'table', false],
    ['g', 'alias', false],
  ]);
});

test('single tables and sequences move', () => {
  const sql = "nextval(`a`.`s`) + nextval(`a`.`t`) + length('nextval(`a`.`s`)')";
  expect(moveNames(sql, (database, name) => (name === 's' ? `\`${database}2\`` : undefined))).toBe(
    "nextval(`a2`.`s`) + nextval(`a`.`t`) + length('nextval(`a`.`s`)')",
  );
});

test('functions without a database get one', () => {
  expect(qualifyCalls("select `f`(count(`t`.`f`),`o`.`g`(1),'`f`()') AS `f` from `t`", '`own`')).toBe(
    "select `own`.`f`(count(`t`.`f`),`o`.`g`(1),'`f`()') AS `f` from `t`",
  );
});
