import { describe, expect, test } from 'vitest';
import { parseShard, readEngineShard } from '../../../src/core/plan/shard.js';

test.each([
  ['1/1', 1, 1],
  ['4/4', 4, 4],
  ['12/100', 12, 100],
])('the slice "%s"', (text, index, count) => {
  expect(parseShard(text)).toEqual({ index, count });
});

test.each([
  '',
  '0/4',
  '5/4',
  'a/b',
  '1',
  '1/',
  '/4',
  '1/0',
  '-1/4',
  '1.5/4',
  '01/4',
  '1/4/2',
  ' 1/4',
  '1e1/40',
])('"%s" is no slice', (text) => {
  expect(parseShard(text)).toBeUndefined();
});

const slurm = (id: string, min: string, step: string, count: string) => ({
  SLURM_ARRAY_TASK_ID: id,
  SLURM_ARRAY_TASK_MIN: min,
  SLURM_ARRAY_TASK_STEP: step,
  SLURM_ARRAY_TASK_COUNT: count,
});

describe('what an engine says', () => {
  test.each([
    ['Kubernetes counts from 0', { JOB_COMPLETION_INDEX: '0' }, 4, { index: 1, count: 4 }],
    ['the last index of Kubernetes', { JOB_COMPLETION_INDEX: '3' }, 4, { index: 4, count: 4 }],
    ['GitLab counts from 1', { CI_NODE_INDEX: '1', CI_NODE_TOTAL: '4' }, undefined, { index: 1, count: 4 }],
    ['GitLab and a person agree', { CI_NODE_INDEX: '4', CI_NODE_TOTAL: '4' }, 4, { index: 4, count: 4 }],
    ['a Slurm array from 0', slurm('7', '0', '1', '8'), undefined, { index: 8, count: 8 }],
    ['a Slurm array from 10 in steps of 5', slurm('20', '10', '5', '4'), undefined, { index: 3, count: 4 }],
  ])('%s', (_, variables, count, shard) => {
    expect(readEngineShard(variables, count)).toEqual(shard);
  });

  test.each([
    ['nothing is set', {}, 4, 'none of JOB_COMPLETION_INDEX, CI_NODE_INDEX, SLURM_ARRAY_TASK_ID is set'],
    [
      'Kubernetes does not know the number',
      { JOB_COMPLETION_INDEX: '0' },
      undefined,
      'does not tell how many',
    ],
    ['an index of Kubernetes beyond the number', { JOB_COMPLETION_INDEX: '4' }, 4, 'none of 4 slices'],
    ['an empty index', { JOB_COMPLETION_INDEX: '' }, 4, 'not all whole numbers: JOB_COMPLETION_INDEX='],
    ['an index that is text', { JOB_COMPLETION_INDEX: '\u001b[2J' }, 4, 'JOB_COMPLETION_INDEX=\\x1b[2J'],
    ['GitLab from 0', { CI_NODE_INDEX: '0', CI_NODE_TOTAL: '4' }, undefined, 'none of 4 slices'],
    ['GitLab without a number', { CI_NODE_INDEX: '1' }, 4, 'CI_NODE_TOTAL='],
    ['another number than the person said', { CI_NODE_INDEX: '1', CI_NODE_TOTAL: '4' }, 8, '--shards says 8'],
    ['one task of an array again', slurm('3', '3', '1', '1'), 8, '--shards says 8'],
    ['tasks of Slurm with gaps', slurm('7', '1', '1', '3'), undefined, 'none of 3 slices'],
    ['a task between two steps', slurm('12', '10', '5', '4'), undefined, 'none of 4 slices'],
    ['steps of nothing', slurm('10', '10', '0', '4'), undefined, 'none of 4 slices'],
    ['two engines', { JOB_COMPLETION_INDEX: '0', ...slurm('0', '0', '1', '4') }, 4, 'both say which slice'],
  ])('is refused: %s', (_, variables, count, message) => {
    expect(() => readEngineShard(variables, count)).toThrow(message);
  });
});
