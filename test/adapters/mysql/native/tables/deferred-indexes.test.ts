import { describe, expect, test } from 'vitest';
import { chooseDeferredIndexes } from '../../../../../src/adapters/mysql/native/tables/deferred-indexes.js';

const create = (...lines: readonly string[]): string =>
  `CREATE TABLE \`t\` (\n${lines.map((line) => `  ${line}`).join(',\n')}\n) ENGINE=InnoDB AUTO_INCREMENT=7 COMMENT='KEY \`x\` (\`y\`), KEY'`;

const ID = '`id` int(11) NOT NULL AUTO_INCREMENT';
const NONE = new Set<string>();
/** As the inventory counts them. */
const countForeignKeys = (statement: string): number => statement.split(' FOREIGN KEY ').length - 1;

describe('indexes that are built after the rows', () => {
  test.each([
    [
      'plain ones, in their order and as printed',
      create(
        ID,
        'PRIMARY KEY (`id`)',
        "KEY `b` (`x`(8),`y` DESC) USING BTREE COMMENT 'it''s, (b)'",
        'KEY `a``b` (`y`)',
      ),
      ['DROP KEY `b`', 'DROP KEY `a``b`'],
      [["ADD KEY `b` (`x`(8),`y` DESC) USING BTREE COMMENT 'it''s, (b)'", 'ADD KEY `a``b` (`y`)']],
    ],
    [
      'full-text ones, one at a time',
      create(
        ID,
        'PRIMARY KEY (`id`)',
        'FULLTEXT KEY `f` (`x`)',
        'FULLTEXT KEY `g` (`y`) /*!50100 WITH PARSER `ngram` */ ',
      ),
      ['DROP KEY `f`', 'DROP KEY `g`'],
      [['ADD FULLTEXT KEY `f` (`x`)'], ['ADD FULLTEXT KEY `g` (`y`) /*!50100 WITH PARSER `ngram` */']],
    ],
    [
      'foreign keys with the index that they need',
      create(
        '`id` int',
        'PRIMARY KEY (`id`)',
        'KEY `p` (`p`)',
        'CONSTRAINT `t_ibfk_1` FOREIGN KEY (`p`) REFERENCES `parent` (`id`) ON DELETE CASCADE',
        'CONSTRAINT `c` CHECK (`p` > 0)',
      ),
      ['DROP KEY `p`'],
      [['ADD KEY `p` (`p`)']],
      ['DROP FOREIGN KEY `t_ibfk_1`'],
      ['ADD CONSTRAINT `t_ibfk_1` FOREIGN KEY (`p`) REFERENCES `parent` (`id`) ON DELETE CASCADE'],
    ],
    [
      'by expressions, invisible',
      create(
        '`id` int',
        'PRIMARY KEY (`id`)',
        'KEY `e` ((lower(`x`)),(`y` + 1))',
        'KEY `i` (`x`) /*!80000 INVISIBLE */',
      ),
      ['DROP KEY `e`', 'DROP KEY `i`'],
      [['ADD KEY `e` ((lower(`x`)),(`y` + 1))', 'ADD KEY `i` (`x`) /*!80000 INVISIBLE */']],
    ],
    [
      'those after one that the counter needs',
      create(
        '`g` int',
        ID,
        'PRIMARY KEY (`g`,`id`)',
        'KEY `first` (`g`)',
        'KEY `counter` (`id`)',
        'KEY `last` (`g`)',
      ),
      ['DROP KEY `last`'],
      [['ADD KEY `last` (`g`)']],
    ],
    [
      'not when a counter has a unique index',
      create(ID, 'UNIQUE KEY `u` (`id`)', 'KEY `k` (`id`)'),
      ['DROP KEY `k`'],
      [['ADD KEY `k` (`id`)']],
    ],
    [
      'those after a spatial one',
      create(ID, 'PRIMARY KEY (`id`)', 'KEY `a` (`x`)', 'SPATIAL KEY `s` (`p`)', 'KEY `b` (`x`)'),
      ['DROP KEY `b`'],
      [['ADD KEY `b` (`x`)']],
    ],
  ] as const)(
    '%s',
    (_, statement, drop, add, unlink: readonly string[] = [], link: readonly string[] = []) => {
      expect(
        chooseDeferredIndexes(statement, { referenced: NONE, foreignKeys: countForeignKeys(statement) }),
      ).toEqual({ unlink, drop, add, link });
    },
  );

  test('not those that foreign keys of other tables refer to, nor any before', () => {
    const statement = create(
      ID,
      'PRIMARY KEY (`id`)',
      'KEY `a` (`x`)',
      'KEY `grp` (`grp`,`x`)',
      'KEY `z` (`x`)',
    );
    expect(
      chooseDeferredIndexes(statement, { referenced: new Set(['grp', 'id']), foreignKeys: 0 })?.drop,
    ).toEqual(['DROP KEY `z`']);
  });

  test.each([
    [
      'nothing but unique ones',
      create(ID, 'PRIMARY KEY (`id`)', 'UNIQUE KEY `u` (`x`)', 'UNIQUE KEY `v` (`y`)'),
    ],
    ['no index', create("`a` varchar(9) DEFAULT 'KEY `x` ('", "`KEY` int COMMENT 'a, KEY `y` (`z`)'")],
    [
      'a foreign key whose name the server does not print right',
      create(ID, 'KEY `p` (`p`)', 'CONSTRAINT `f`k` FOREIGN KEY (`p`) REFERENCES `q` (`id`)'),
    ],
    [
      'a foreign key that uses the primary key',
      create(ID, 'PRIMARY KEY (`id`)', 'CONSTRAINT `f` FOREIGN KEY (`id`) REFERENCES `p` (`id`)'),
    ],
  ])('there is %s', (_, statement) => {
    expect(
      chooseDeferredIndexes(statement, { referenced: NONE, foreignKeys: countForeignKeys(statement) }),
    ).toBeUndefined();
  });
});
