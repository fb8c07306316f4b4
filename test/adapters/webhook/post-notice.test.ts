import { expect, test } from 'vitest';
import { postNotice } from '../../../src/adapters/webhook/post-notice.js';
import { Secret } from '../../../src/core/secret.js';
import { type Answer, startWebhook } from '../../support/webhook.js';

const PATIENCE = { timeoutMilliseconds: 300, delaysMilliseconds: [1, 1] };

test.each<[string, readonly Answer[], number, string | undefined]>([
  ['taken', [200], 1, undefined],
  ['taken at the third try', [500, 429, 204], 3, undefined],
  ['refused for good', [404], 1, 'answered with status 404'],
  ['never taken', [503], 3, 'answered with status 503'],
  ['answered too late', ['silence', 200], 2, undefined],
  ['never answered', ['silence'], 3, 'did not answer within 0.3 s'],
])('a notice that is %s', async (_, answers, tries, problem) => {
  const hook = await startWebhook(answers);
  try {
    const told = await postNotice(new Secret(hook.url), '{"text":"é"}', PATIENCE);
    expect(told).toBe(problem === undefined ? undefined : `${hook.host} ${problem}`);
    expect(hook.bodies).toEqual(Array.from({ length: tries }, () => '{"text":"é"}'));
    expect(new Set(hook.types)).toEqual(new Set(['application/json']));
  } finally {
    await hook.stop();
  }
});

test('a redirect is not followed: the other host gets nothing', async () => {
  const other = await startWebhook();
  const hook = await startWebhook([307], { location: other.url });
  try {
    expect(await postNotice(new Secret(hook.url), '{}', PATIENCE)).toBe(
      `${hook.host} answered with status 307`,
    );
    expect(other.bodies).toEqual([]);
  } finally {
    await hook.stop();
    await other.stop();
  }
});

test('where nothing listens, the host and the code are told and nothing else of the URL', async () => {
  const hook = await startWebhook();
  await hook.stop();
  expect(await postNotice(new Secret(hook.url), '{}', PATIENCE)).toBe(
    `${hook.host} could not be reached (ECONNREFUSED)`,
  );
});

test.each([
  ['not a url', 'is not a URL'],
  ['ftp://example.com/x', 'is not an http or https URL'],
  ['https://user:pass@example.com/x', 'has a user or a password in it, which is not supported'],
])('%s is no address of a notice', async (url, problem) => {
  const told = await postNotice(new Secret(url), '{}', PATIENCE);
  expect(told).toBe(`its address ${problem}`);
});
