import { expect, test } from 'vitest';
import { LAST_SUCCESS, readSuccessTimes } from '../../src/core/run/success-times.js';
import { renderMetrics } from '../../src/render/metrics.js';
import { makeOutcome } from '../support/runs.js';

const OWNER = { plan: 'nightly', target: 'staging' };
const now = new Date('2026-11-28T21:00:00Z');
const SECONDS = now.getTime() / 1000;
const END = { durationMilliseconds: 1500, exitCode: 3 };
const failed = (name: string) => makeOutcome(name, { status: 'failed', rows: 0, bytes: 0 });

test('every series has help and type, and one line for the run or for each database', () => {
  const outcomes = [makeOutcome('crm', { rows: 7, bytes: 90 }), failed('shop')];
  const text = renderMetrics({ ...END, outcomes }, OWNER, { earlier: new Map([['shop', 1700000000]]), now });
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  expect(samples).toEqual([
    `mysql_sync_last_run_timestamp_seconds{plan="nightly",target="staging"} ${String(SECONDS)}`,
    'mysql_sync_last_run_exit_code{plan="nightly",target="staging"} 3',
    'mysql_sync_last_run_duration_seconds{plan="nightly",target="staging"} 1.5',
    'mysql_sync_database_applied{plan="nightly",target="staging",database="crm"} 1',
    'mysql_sync_database_applied{plan="nightly",target="staging",database="shop"} 0',
    'mysql_sync_database_duration_seconds{plan="nightly",target="staging",database="crm"} 57',
    'mysql_sync_database_duration_seconds{plan="nightly",target="staging",database="shop"} 57',
    'mysql_sync_database_rows{plan="nightly",target="staging",database="crm"} 7',
    'mysql_sync_database_rows{plan="nightly",target="staging",database="shop"} 0',
    'mysql_sync_database_bytes{plan="nightly",target="staging",database="crm"} 90',
    'mysql_sync_database_bytes{plan="nightly",target="staging",database="shop"} 0',
    `${LAST_SUCCESS}{plan="nightly",target="staging",database="shop"} 1700000000`,
    `${LAST_SUCCESS}{plan="nightly",target="staging",database="crm"} ${String(SECONDS)}`,
  ]);
  const names = new Set(samples.map((line) => line.split('{')[0]));
  for (const name of names)
    expect(text).toMatch(new RegExp(`# HELP ${name} .+\n# TYPE ${name} gauge\n${name}`));
});

test('a name with quotes, backslashes and line ends stays one label, and is read back', () => {
  const name = 'a"b\\c\nd\\n}';
  const text = renderMetrics({ ...END, outcomes: [makeOutcome(name)] }, OWNER, { earlier: new Map(), now });
  expect(text).toContain('database="a\\"b\\\\c\\nd\\\\n}"} 1');
  expect(readSuccessTimes(text, OWNER, now)).toEqual(new Map([[name, SECONDS]]));
});

test.each([
  ['another plan', `${LAST_SUCCESS}{plan="x",target="staging",database="crm"} 1`],
  ['a time to come', `${LAST_SUCCESS}{plan="nightly",target="staging",database="crm"} 9999999999`],
  ['no number', `${LAST_SUCCESS}{plan="nightly",target="staging",database="crm"} NaN`],
  ['more labels', `${LAST_SUCCESS}{plan="nightly",target="staging",database="crm",x="y"} 1`],
  ['a quote that ends the label', `${LAST_SUCCESS}{plan="nightly",target="staging",database="c"rm"} 1`],
  ['an escape of no kind', `${LAST_SUCCESS}{plan="nightly",target="staging",database="c\\rm"} 1`],
])('an earlier file with %s tells nothing', (_, line) => {
  expect(readSuccessTimes(`junk\n${line}\n`, OWNER, now)).toEqual(new Map());
});
