import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { layQuestion } from '../../../src/adapters/terminal/question-layout.js';

const LONG = 'May mysql-sync write to staging, which is far away?';

const layIn = (columns: number, question: string) => {
  const { message, theme } = layQuestion(question, columns);
  return { message, answer: (text: string) => stripVTControlCharacters(theme.style.answer(text)) };
};

describe('a question is broken between words, and the answer stands behind it where it has room', () => {
  test.each<readonly [number, string, string]>([
    [80, LONG, 'yes'],
    [40, 'May mysql-sync write to staging,\n  which is far away?', 'yes'],
    [24, 'May mysql-sync write\n  to staging, which is\n  far away?', 'yes'],
  ])('in %i columns', (columns, message, answer) => {
    const laid = layIn(columns, LONG);
    expect([laid.message, laid.answer('yes')]).toEqual([message, answer]);
  });

  test.each([
    ['fits exactly', 12, 'overwrite'],
    ['does not fit', 13, '\n  overwrite'],
  ])('an answer that %s', (_, length, answer) => {
    expect(layIn(24, 'q'.repeat(length)).answer('overwrite')).toBe(answer);
  });

  test('a blank fits behind the question', () => {
    expect(layIn(24, 'Name for it, such as a:').message).toBe('Name for it, such as\n  a:');
    expect(layIn(24, 'Name for it, so as a:').message).toBe('Name for it, so as a:');
  });

  test('wide characters take two', () => {
    expect(layIn(24, '顧客データベース名').message).toBe('顧客データベース名');
    expect(layIn(24, '顧客 データベース 名前').message).toBe('顧客 データベース\n  名前');
    expect(layIn(24, '顧客データ').answer('overwrite!!')).toBe('overwrite!!');
    expect(layIn(24, '顧客データ').answer('overwrite!!!')).toBe('\n  overwrite!!!');
  });
});
