import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Rig, startRig } from '../support/rig.js';
import { refuseUnknown } from '../support/json-output.js';
import { ROOT } from '../support/servers.js';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
  await rig.source.query(
    'CREATE DATABASE shop; CREATE TABLE shop.t (id INT PRIMARY KEY); INSERT INTO shop.t VALUES (1); CREATE DATABASE bad',
  );
  // A view that needs what the target does not have: its rehearsal fails.
  await rig.source.query(
    'CREATE DATABASE lib; CREATE FUNCTION lib.x() RETURNS INT DETERMINISTIC RETURN 1; CREATE VIEW bad.v AS SELECT lib.x() AS x',
  );
});
afterAll(async () => rig.stop());
beforeEach(async () => {
  for (const name of ['shop', 'bad', ...(await rig.scratchDatabases())])
    await rig.target.query(`DROP DATABASE IF EXISTS \`${name}\``);
  writeFileSync(join(rig.home, 'config.yaml'), '');
});

const PLAN = 'databases:\n  - name: shop\n  - name: bad';
const apply = (...flags: readonly string[]) =>
  rig.run(['apply', rig.writePlan(PLAN), '--auto-approve', ...flags]);
const logs = (): readonly string[] => readdirSync(join(rig.home, 'logs')).sort();

interface Line {
  readonly type: string;
  readonly seq: number;
  readonly exit_code?: number;
}
const parseLines = (text: string): readonly Line[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

const schema = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../schemas/run-event.schema.json'), 'utf8'),
) as object;

test('events: version first, summary with the exit code last, each line as the schema says', async () => {
  const path = join(rig.home, 'events.jsonl');
  const { code } = await apply('--events', path);
  const text = readFileSync(path, 'utf8');
  const lines = parseLines(text);
  expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, index) => index));
  expect(lines[0]).toMatchObject({ type: 'version', format_version: '2.0' });
  expect(lines.at(-1)).toMatchObject({ type: 'summary', exit_code: 3 });
  expect(code).toBe(3);
  expect(new Set(lines.map(({ type }) => type))).toEqual(
    new Set([
      'version',
      'run-started',
      'database-started',
      'phase-started',
      'conditions',
      'progress',
      'database-finished',
      'run-finished',
      'summary',
    ]),
  );
  const validate = new Ajv({ strict: true }).compile(refuseUnknown(schema) as object);
  for (const line of lines) expect(validate(line) ? [] : validate.errors).toEqual([]);
  expect(text).not.toContain(ROOT.password);
});

test('events on stdout leave nothing else there', async () => {
  const { stdout, stderr } = await apply('--events', '-');
  expect(parseLines(stdout).at(-1)?.type).toBe('summary');
  expect(stderr).toContain('RECAP on staging');
});

test('events end with the exit code also when nothing was started', async () => {
  const path = join(rig.home, 'events.jsonl');
  await rig.run(['apply', join(rig.home, 'none.yaml'), '--events', path]);
  expect(parseLines(readFileSync(path, 'utf8')).map(({ type, exit_code: exit }) => [type, exit])).toEqual([
    ['version', undefined],
    ['summary', 5],
  ]);
});

test('the log of a run is named where it failed, holds the error, and is for its owner only', async () => {
  const { stdout } = await apply();
  const path = /Log: (.*)/.exec(stdout)?.[1] ?? '';
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(rig.home, 'logs')).mode & 0o777).toBe(0o700);
  const text = readFileSync(path, 'utf8');
  expect(text).toContain('bad: failed');
  expect(text).not.toContain(ROOT.password);
  expect(text).not.toContain('"progress"');
});

test('logging.max_log_files are kept, the newest', async () => {
  writeFileSync(join(rig.home, 'config.yaml'), 'logging: {max_log_files: 2}\n');
  for (let run = 0; run < 3; run += 1)
    await rig.run(['apply', rig.writePlan(PLAN), '--auto-approve', '--only', 'bad']);
  const kept = logs();
  expect(kept).toHaveLength(2);
  const { stdout } = await rig.run(['history', '--json', '--limit', '2']);
  const ids = (JSON.parse(stdout) as { runs: { id: string }[] }).runs.map(({ id }) => id);
  expect(kept.every((name) => ids.some((id) => name.includes(id)))).toBe(true);
});

test('without rotation every run writes to one file; logging.level chooses what', async () => {
  writeFileSync(join(rig.home, 'config.yaml'), 'logging: {file_rotation: false, level: ERROR}\n');
  await rig.run(['apply', rig.writePlan(PLAN), '--auto-approve', '--only', 'bad']);
  await rig.run(['apply', rig.writePlan(PLAN), '--auto-approve', '--only', 'bad']);
  const lines = parseLines(readFileSync(join(rig.home, 'logs', 'mysql-sync.jsonl'), 'utf8')) as unknown as {
    level: number;
    run_id: string;
  }[];
  expect(new Set(lines.map(({ run_id: run }) => run)).size).toBe(2);
  expect(lines.every(({ level }) => level >= 50)).toBe(true);
});

test('under GitHub Actions a failure is annotated and the recap stands on the page of the job', async () => {
  const page = join(rig.home, 'summary.md');
  const { stderr } = await rig.start(['apply', rig.writePlan(PLAN), '--auto-approve'], {
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_STEP_SUMMARY: page,
  }).ended;
  expect(stderr).toMatch(/^::error title=mysql-sync bad::\[\w+\] /m);
  expect(readFileSync(page, 'utf8')).toContain('RECAP on staging');
});
