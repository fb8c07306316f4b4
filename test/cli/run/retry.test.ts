import { expect, test } from 'vitest';
import { bindRetry } from '../../../src/cli/run/retry.js';

test.each([
  ['--retry', '--retry='],
  ['nightly.yaml --retry', 'nightly.yaml --retry='],
  ['--retry 7q2f4k', '--retry=7q2f4k'],
  ['--retry latest nightly.yaml', '--retry=latest nightly.yaml'],
  ['--retry nightly.yaml --json', '--retry= nightly.yaml --json'],
  ['--retry --json', '--retry= --json'],
  ['--retry=7q2 nightly.yaml', '--retry=7q2 nightly.yaml'],
  ['nightly.yaml', 'nightly.yaml'],
  ['-- --retry', '-- --retry'],
])('%s is understood as %s', (typed, understood) => {
  expect(bindRetry(typed.split(' '))).toEqual(understood.split(' '));
});
