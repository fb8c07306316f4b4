import { expect, test } from 'vitest';
import { toRunId } from '../../src/core/names.js';
import type { ApplyEnd } from '../../src/core/run/apply-end.js';
import { renderNotice } from '../../src/render/notice.js';
import { makeOutcome } from '../support/runs.js';

const END: ApplyEnd = {
  run: toRunId('7q2f4k'),
  plan: 'nightly',
  target: 'staging',
  outcomes: [makeOutcome('crm')],
  durationMilliseconds: 58_000,
  exitCode: 0,
  error: null,
};
const parse = (end: ApplyEnd) => JSON.parse(renderNotice(end)) as Record<string, unknown> & { text: string };

test('a notice is the run in the keys of --json, and text with the recap', () => {
  const { text, ...notice } = parse(END);
  expect(text).toMatch(/^Apply of nightly to staging succeeded\n```\nRECAP on staging/);
  expect(text).toMatch(/Apply finished: 1 created in 58s\.\n```$/);
  expect(notice).toMatchObject({
    format_version: '2.0',
    kind: 'apply-ended',
    run: '7q2f4k',
    plan: 'nightly',
    target: 'staging',
    exit_code: 0,
    duration_milliseconds: 58_000,
    error: null,
    outcomes: [{ to: 'crm', status: 'applied', target_state: 'new' }],
  });
});

test('what ended before a run began says why', () => {
  const error = { code: 'CONN_REFUSED', message: 'prod: refused', hints: ['Is it running?'] } as const;
  expect(parse({ ...END, run: null, outcomes: [], exitCode: 4, error }).text).toBe(
    'Apply of nightly to staging ended with exit code 4\n```\nerror[CONN_REFUSED] prod: refused\nIs it running?\n```',
  );
});

test('a chat gets no more lines than somebody reads', () => {
  const outcomes = Array.from({ length: 500 }, (_, index) => makeOutcome(`db${String(index)}`));
  const { text } = parse({ ...END, outcomes });
  expect(text.split('\n')).toHaveLength(44);
  expect(text).toMatch(/\n\.\.\.\n```$/);
});
