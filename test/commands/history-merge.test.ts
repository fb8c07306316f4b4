import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Rig, startRig } from '../support/rig.js';
import { startWebhook } from '../support/webhook.js';

/** Three processes do a saved plan in slices; the last one fails before it begins. */

let rig: Rig;
let saved: string;
const at = (file: string): string => join(rig.home, file);
beforeAll(async () => {
  rig = await startRig();
  for (const name of ['one', 'two', 'three'])
    await rig.source.query(
      `CREATE DATABASE ${name}; CREATE TABLE ${name}.t (id INT PRIMARY KEY); INSERT INTO ${name}.t VALUES (1)`,
    );
  saved = at('saved.plan.json');
  const plan = rig.writePlan('databases: [{name: one}, {name: two}, {name: three}]');
  expect((await rig.run(['plan', plan, '--out', saved])).code).toBe(0);
  const first = await rig.run(['apply', saved, '--shard', '1/3', '--events', at('1.ndjson')]);
  const second = await rig.run(['apply', saved, '--shard', '2/3', '--json']);
  const third = await rig.run(['apply', saved, '--shard', '2/3', '--json']);
  expect([first.code, second.code, third.code]).toEqual([0, 0, 7]);
  writeFileSync(at('2.json'), second.stdout);
  writeFileSync(at('3.json'), third.stdout);
  writeFileSync(at('empty.json'), '');
});
afterAll(async () => rig.stop());

const merge = (...words: readonly string[]) =>
  rig.run(['history', 'merge', ...words.map((word) => (/^\d|^empty|^x/.test(word) ? at(word) : word))]);

test('several outputs are one report', async () => {
  const { code, stdout } = await merge('1.ndjson', '2.json');
  expect(stdout).toMatch(/RECAP on staging +run [a-z0-9]{6} and 1 other\n +one +created.*\n +two +created/);
  expect(stdout).toContain('Apply finished: 2 created');
  expect(code).toBe(0);
});

test('with the plan, what nobody did is missed', async () => {
  const { code, stdout } = await merge('1.ndjson', '2.json', '--plan', saved);
  expect(stdout).toMatch(/three +not started/);
  expect(stdout).toContain('no output tells of it');
  expect(code).toBe(3);
});

test('one that was refused has the last word on the exit code, and is told', async () => {
  const { code, stdout } = await merge('1.ndjson', '3.json', 'empty.json');
  expect(stdout).toMatch(/3\.json: error\[PLAN_ALREADY_APPLIED\] .*\(exit code 7\)/);
  expect(stdout).toContain('empty.json: its process was killed, or still runs, and it told nothing');
  expect(code).toBe(7);
});

test('as JSON, and as one notice', async () => {
  const hook = await startWebhook();
  const { code, stdout } = await rig.start(
    ['history', 'merge', at('1.ndjson'), at('2.json'), '--json', '--notify', 'env:HOOK'],
    { HOOK: hook.url },
  ).ended;
  await hook.stop();
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    kind: 'merged-runs',
    exit_code: 0,
    workers: [{ exit_code: 0, target: 'staging', databases: 1 }, { exit_code: 0 }],
    outcomes: [
      { to: 'one', status: 'applied', target: 'staging' },
      { to: 'two', status: 'applied', target: 'staging' },
    ],
  });
  expect(hook.bodies.map((body) => JSON.parse(body) as object)).toMatchObject([
    { exit_code: 0, target: 'staging', outcomes: [{ to: 'one' }, { to: 'two' }] },
  ]);
});

test.each([
  ['outputs', []],
  ['the plan', ['--plan']],
])('outputs of another saved plan than %s are refused, naming both', async (_, flags) => {
  const other = at('other.plan.json');
  const plan = rig.writePlan('databases: [{name: one}]');
  expect((await rig.run(['plan', plan, '--out', other])).code).toBe(0);
  const applied = await rig.run(['apply', other, '--confirm-target', 'staging', '--json']);
  expect(applied.code).toBe(0);
  const { plan: name, target, saved_plan: id } = JSON.parse(applied.stdout) as Record<string, unknown>;
  expect([name, target, id]).toEqual(['test', 'staging', expect.stringMatching(/^[a-z0-9-]+$/)]);
  writeFileSync(at('4.json'), applied.stdout);
  const { code, stderr } = await merge('2.json', '4.json', ...flags.flatMap((flag) => [flag, saved]));
  expect(stderr).toContain(`4.json tells of saved plan ${String(id)}, and `);
  expect(stderr).toContain(flags.length > 0 ? 'saved.plan.json is of' : '2.json is of');
  expect(code).toBe(5);
});

test('a stream that was cut is of a process that was killed', async () => {
  const lines = readFileSync(at('1.ndjson'), 'utf8').split('\n');
  const begun = lines.findIndex((line) => line.includes('"database-started"'));
  writeFileSync(at('x.ndjson'), `${lines.slice(0, begun + 1).join('\n')}\n{"type":"pha`);
  const { code, stdout } = await merge('x.ndjson');
  expect(stdout).toMatch(/one +interrupted/);
  expect(stdout).toContain('x.ndjson: its process was killed, or still runs');
  expect(code).toBe(3);
  const both = await merge('x.ndjson', '1.ndjson');
  expect([both.code, both.stdout]).toEqual([0, expect.stringMatching(/one +created/)]);
});

describe('is refused, naming file and line:', () => {
  const events = (change: (lines: string[]) => void): string => {
    const lines = readFileSync(at('1.ndjson'), 'utf8').split('\n');
    change(lines);
    return lines.join('\n');
  };
  test.each<[string, string, () => string]>([
    ['a text', 'x:1: is no output of apply', () => 'all went well\n'],
    ['another document', 'x:1: is no output of apply', () => readFileSync(saved, 'utf8')],
    ['null', 'x:1: is no output of apply', () => 'null'],
    [
      'a document that lacks its outcomes',
      'x:1: is no output of apply',
      () => JSON.stringify({ ...(JSON.parse(readFileSync(at('2.json'), 'utf8')) as object), outcomes: 7 }),
    ],
    ['a line that is none', 'x:3: is no line of --events', () => events((lines) => lines.splice(2, 1, '{'))],
    ['a missing line', 'x:3: is event 3, where 2 comes next', () => events((lines) => lines.splice(2, 1))],
    [
      'a type that is none',
      'x:2: is no output of apply at type',
      () => events((lines) => lines.splice(1, 1, lines[1]?.replace(/"type":"[^"]*"/, '"type":"drop"') ?? '')),
    ],
    [
      'an event without what it tells',
      'x:2: is a line of --events of type summary without "exit_code"',
      () =>
        events((lines) => lines.splice(1, 1, lines[1]?.replace(/"type":"[^"]*"/, '"type":"summary"') ?? '')),
    ],
  ])('%s', async (_, message, text) => {
    writeFileSync(at('x'), text());
    const { code, stderr } = await merge('1.ndjson', 'x');
    expect(stderr).toContain(`error[INPUT_INVALID]`);
    expect(stderr).toContain(message);
    expect(code).toBe(5);
  });

  test('a file that is not there, a plan that is none, no file at all', async () => {
    expect((await merge('x-none')).code).toBe(5);
    copyFileSync(at('2.json'), at('x-plan'));
    expect((await merge('1.ndjson', '--plan', at('x-plan'))).stderr).toContain('is no saved plan');
    expect((await merge()).code).toBe(64);
  });
});

test('keys that the schema does not name are not handed on', async () => {
  const document = JSON.parse(readFileSync(at('2.json'), 'utf8')) as { outcomes: object[] };
  const outcomes = document.outcomes.map((one) => ({ ...one, evil: 'x', Evil: 'x' }));
  writeFileSync(at('x.json'), JSON.stringify({ ...document, outcomes, evil: 'x' }));
  const { code, stdout } = await merge('x.json', '--json');
  expect([code, stdout]).toEqual([0, expect.not.stringMatching(/evil/i)]);
});
