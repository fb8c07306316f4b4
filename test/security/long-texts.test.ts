import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findNames } from '../../src/core/sql/sql-names.js';
import { joinTokens, tokenizeSql } from '../../src/core/sql/sql-text.js';
import { truncateText } from '../../src/render/display-width.js';
import { type Home, makeHome } from '../support/home.js';

/** A megabyte of what is looked at again and again: each test would take hours if the time grew with the square. */

const MEGABYTE = 2 ** 20;
const fill = (unit: string): string => unit.repeat(Math.floor((MEGABYTE - 100) / unit.length));

describe('a plan of one megabyte', () => {
  let home: Home;
  beforeAll(() => {
    home = makeHome();
  });
  afterAll(() => home.close());

  test.each([
    ['open brackets', fill('[')],
    ['open brackets in a key', `version: 1\na: ${fill('[')}`],
    ['anchors and aliases', `version: 1\nx-a:\n${fill(' - &a [*a]\n')}`],
    ['one long key', `version: 1\n? ${fill('k')}\n: 1\n`],
    ['one long line in an error', `version: 1\nsource: ${fill('x ')}: y\n`],
    ['one long value', `version: 1\nsource: ${fill('x')}\n`],
    ['one key again and again', fill('version: 1\n')],
    ['unknown keys', `version: 1\n${Array.from({ length: 9_000 }, (_, at) => `k${at}: 1`).join('\n')}\n`],
    ['words for passwords', `version: 1\na: ${fill('pas')}\nb: [\n`],
    ['passwords', `version: 1\n${fill('password: x\n')}b: [\n`],
    ['open variables', `version: 1\nsource: "${fill('${A:-')}"\n`],
  ])('of %s: validate ends, and prints little', async (_, text) => {
    const path = join(home.folder, 'plan.yaml');
    writeFileSync(path, text);
    const { code, stderr } = await home.run(['validate', path]);
    expect(code).toBe(5);
    expect(stderr).toMatch(/error\[PLAN_\w+\]/);
    expect(stderr.length).toBeLessThan(100_000);
  });
});

test.each([
  ['strings that do not end', `'${fill("\\'")}`],
  ['comments that do not end', fill('/*')],
  ['names that do not end', `\`${fill('a')}`],
  ['live comments', fill('/*!')],
  ['quotes of both kinds', fill('"a')],
])('SQL with a megabyte of %s: cut into tokens, whole', (_, sql) => {
  const tokens = tokenizeSql(sql);
  expect(joinTokens(tokens) === sql).toBe(true);
  expect(findNames(tokens)).toBeDefined();
});

test('a megabyte in a cell of a table: only its beginning is shown', () => {
  for (const unit of ['a', '漢', 'e\u0301', '\u001b[31m'])
    expect(truncateText(fill(unit), 20).length).toBeLessThan(60);
});
