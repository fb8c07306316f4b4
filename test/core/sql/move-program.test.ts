import { expect, test } from 'vitest';
import { moveProgram } from '../../../src/core/sql/move-program.js';

const from = { name: 'src', isFolded: false };

test.each([
  [
    'procedure',
    'ANSI_QUOTES',
    'CREATE PROCEDURE "p"() UPDATE "src", src . log SET src.n = "src"."f"(1) WHERE src.id = "src".log.id AND \'src.log\' = @src.log',
    'CREATE PROCEDURE "p"() UPDATE "src", `n``w` . log SET src.n = `n``w`."f"(1) WHERE src.id = `n``w`.log.id AND \'src.log\' = @src.log',
  ],
  [
    'trigger',
    '',
    'CREATE TRIGGER src.t AFTER INSERT ON src.src FOR EACH ROW INSERT INTO src.log SELECT src.n FROM src.src WHERE src.id = NEW.id',
    'CREATE TRIGGER `n``w`.t AFTER INSERT ON `n``w`.src FOR EACH ROW INSERT INTO `n``w`.log SELECT src.n FROM `n``w`.src WHERE src.id = NEW.id',
  ],
  [
    'event',
    '',
    'CREATE EVENT `src` ON SCHEDULE EVERY 1 DAY DO DELETE FROM src.src',
    'CREATE EVENT `src` ON SCHEDULE EVERY 1 DAY DO DELETE FROM `n``w`.src',
  ],
  [
    'view',
    '',
    'CREATE VIEW `v` AS select `src`.`f`() AS `src`,`src`.`id` AS `id` from `src`.`a` `src`',
    'CREATE VIEW `v` AS select `n``w`.`f`() AS `src`,`src`.`id` AS `id` from `n``w`.`a` `src`',
  ],
] as const)('a %s (%s)', (kind, sqlMode, statement, moved) => {
  expect(moveProgram({ kind, sqlMode, statement }, from, 'n`w').statement).toBe(moved);
});

test('under its own name a body stays as it is', () => {
  const program = {
    kind: 'function',
    sqlMode: '',
    statement: 'CREATE FUNCTION `f`() RETURN src.g()',
  } as const;
  expect(moveProgram(program, from, 'src')).toEqual(program);
});
