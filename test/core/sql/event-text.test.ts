import { expect, test } from 'vitest';
import { readEventState, writeEventState } from '../../../src/core/sql/event-text.js';

const HEAD =
  "CREATE DEFINER=`u`@`h` EVENT `enable` ON SCHEDULE EVERY 1 DAY STARTS '2037-01-01 00:00:00' ON COMPLETION NOT PRESERVE";
const event = (statement: string, sqlMode = '') => ({ name: 'e', statement, sqlMode });

test.each([
  ['enabled', `${HEAD} ENABLE COMMENT 'DISABLE' DO ALTER EVENT e DISABLE`],
  ['enabled', "CREATE EVENT `e` ON SCHEDULE AT '2037-01-01 00:00:00' ON COMPLETION PRESERVE ENABLE DO DO 1"],
  [
    'enabled',
    "CREATE DEFINER=`r` EVENT `e` ON SCHEDULE EVERY '1 2' DAY_HOUR STARTS '2030-01-01 00:00:00' ENDS '2031-01-01 00:00:00' ON COMPLETION PRESERVE ENABLE DO DO 1",
  ],
  ['disabled', `${HEAD} DISABLE DO ALTER EVENT e ENABLE`],
  ['disabled-on-replica', `${HEAD} DISABLE ON SLAVE DO SELECT 1`],
  ['disabled-on-replica', `${HEAD} DISABLE ON REPLICA COMMENT 'x' DO SELECT 1`],
])('is %s: %s', (state, statement) => {
  expect(readEventState(event(statement))).toBe(state);
});

test('names in double quotes, and what its body says about another event', () => {
  const ansi = `${HEAD.replaceAll('`', '"')} ENABLE DO SELECT "DISABLE"`;
  expect(readEventState(event(ansi, 'ANSI_QUOTES'))).toBe('enabled');
  expect(writeEventState(event(ansi, 'ANSI_QUOTES'), 'disabled')).toBe(
    ansi.replace('ENABLE DO', 'DISABLE DO'),
  );
});

test.each(['ENABLE', 'DISABLE', 'DISABLE ON SLAVE', 'DISABLE ON REPLICA'])('from %s to each', (before) => {
  const from = event(`${HEAD} ${before} COMMENT 'ENABLE' DO ALTER EVENT e ENABLE`);
  const to = (words: string): string => from.statement.replace(`PRESERVE ${before} C`, `PRESERVE ${words} C`);
  expect(writeEventState(from, 'enabled')).toBe(to('ENABLE'));
  expect(writeEventState(from, 'disabled')).toBe(to('DISABLE'));
  expect(writeEventState(from, 'disabled-on-replica')).toBe(to('DISABLE ON SLAVE'));
  expect(writeEventState(from, 'disabled-on-replica', 'REPLICA')).toBe(to('DISABLE ON REPLICA'));
});

test.each([
  ['no state at all, so that it runs at once', `${HEAD} DO SELECT 'DISABLE'`],
  [
    'a word that looks like one in the schedule',
    'CREATE EVENT `e` ON SCHEDULE EVERY @disable DAY DO SELECT 1',
  ],
  [
    'an expression as schedule',
    'CREATE EVENT `e` ON SCHEDULE AT NOW() + INTERVAL 1 DAY ON COMPLETION PRESERVE DISABLE DO SELECT 1',
  ],
  ['two states', `${HEAD} DISABLE ENABLE DO SELECT 1`],
  ['a live comment', `${HEAD} DISABLE /*!50100 ENABLE */ DO SELECT 1`],
  ['another statement', 'DROP EVENT `e`'],
])('a server that prints %s is not believed', (_, statement) => {
  expect(() => readEventState(event(statement))).toThrow(/event e: mysql-sync cannot read/);
});
