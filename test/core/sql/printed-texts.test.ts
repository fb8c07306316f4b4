import { describe, expect, test } from 'vitest';
import { listPrintedTexts, replaceTexts } from '../../../src/core/sql/printed-texts.js';

const STATEMENT = `CREATE TABLE \`t (?\` (
  \`id\` int NOT NULL DEFAULT 5,
  \`u\` varchar(9) /*M!100301 COMPRESSED*/ NOT NULL DEFAULT 'a?''' COMMENT 'no?',
  \`b\` binary(2) DEFAULT 0x3F00,
  \`x\` binary(2) DEFAULT x'3f00' CHECK (\`x\` <> '?'),
  \`e\` enum('a,?)','b',x'ff0') CHARACTER SET utf8mb4 DEFAULT NULL,
  \`d\` varchar(9) DEFAULT (concat(_utf8mb4'(?',\`u\`)) ON UPDATE current_timestamp(),
  \`l\` longtext DEFAULT '?',
  \`m\` varchar(9) DEFAULT concat('?','x') COMMENT '?',
  \`g\` varchar(9) GENERATED ALWAYS AS (concat(\`u\`,'é')) STORED,
  PRIMARY KEY (\`id\`),
  KEY \`k\` (\`u\`(3),(concat(\`u\`,'?'))) COMMENT '?',
  CONSTRAINT \`ck\` CHECK ((\`u\` <> '?')) /*!80016 NOT ENFORCED */
) ENGINE=InnoDB COMMENT='?'`;

test('texts are found by what they are for', () => {
  const found = listPrintedTexts(STATEMENT).map(
    ({ role, of, name, use, position, text, isDoubtful }) =>
      `${isDoubtful ? '? ' : ''}${[of, name, role, use, position].join(' ')}: ${text}`,
  );
  expect(found).toEqual([
    "? column u value  1: 'a?'''",
    'column b value  1: 0x3F00',
    "column x value  1: x'3f00'",
    "? column x expression check 1: `x` <> '?'",
    "? column e member  1: 'a,?)'",
    "column e member  2: 'b'",
    "? column e member  3: x'ff0'",
    "? column d expression default 1: concat(_utf8mb4'(?',`u`)",
    "? column l expression default 1: '?'",
    "? column m expression default 1: concat('?','x')",
    "column g expression generated 1: concat(`u`,'é')",
    "? key k expression part 2: concat(`u`,'?')",
    "? check ck expression check 1: (`u` <> '?')",
  ]);
});

describe('others come into their places', () => {
  const texts = listPrintedTexts(STATEMENT);

  test('all else stays as it is', () => {
    const replaced = replaceTexts(STATEMENT, new Map(texts.map((text) => [text, '<>'])));
    expect(replaced).toContain("`u` varchar(9) /*M!100301 COMPRESSED*/ NOT NULL DEFAULT <> COMMENT 'no?'");
    expect(replaced).toContain('`e` enum(<>,<>,<>) CHARACTER SET utf8mb4 DEFAULT NULL');
    expect(replaced).toContain("KEY `k` (`u`(3),(<>)) COMMENT '?'");
    expect(replaced).toContain('DEFAULT (<>) ON UPDATE');
    expect(replaced.split('<>')).toHaveLength(texts.length + 1);
  });

  test('with their own texts nothing changes', () => {
    expect(replaceTexts(STATEMENT, new Map(texts.map((text) => [text, text.text])))).toBe(STATEMENT);
  });
});

test('what is no table has none', () => {
  expect(listPrintedTexts('CREATE SEQUENCE `s` START WITH 1')).toEqual([]);
  expect(listPrintedTexts('')).toEqual([]);
});
