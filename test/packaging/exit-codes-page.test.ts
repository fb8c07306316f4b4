import { resolve } from 'node:path';
import { format } from 'prettier';
import { expect, test } from 'vitest';
import { ERROR_EXITS } from '../../src/core/errors.js';
import { EXIT_CODES } from '../../src/core/exit-codes.js';

const PAGE = resolve(import.meta.dirname, '../../docs/exit-codes.md');

const exits = Object.entries(EXIT_CODES);

const listAgain = (wanted: 'retry' | 'never'): string =>
  Object.values(EXIT_CODES)
    .flatMap((exit) => ('again' in exit && exit.again === wanted ? [String(exit.code)] : []))
    .join(', ');

/** The error codes that end a command with this exit, as they stand in `error[CODE]` and in JSON. */
const listErrorCodes = (name: string): readonly string[] =>
  Object.entries(ERROR_EXITS)
    .filter(([, exit]) => exit === name)
    .map(([code]) => `\`${code}\``)
    .sort();

const renderPage = (): string => `# Exit codes

Each exit code has one meaning.

| exit | meaning |
| ---: | --- |
${exits.map(([, { code, meaning }]) => `| ${String(code)} | ${meaning} |`).join('\n')}

To see in a script whether there is something to apply:

\`\`\`sh
mysql-sync plan nightly.yaml --detailed-exitcode
case $? in
  0) echo 'nothing to do' ;;
  2) echo 'changes pending' ;;
  *) echo 'the plan failed' ;;
esac
\`\`\`

## What to start again

For whatever starts \`apply\` by itself, such as Kubernetes, a pipeline or a script:

\`\`\`yaml
retry: [${listAgain('retry')}]
never: [${listAgain('never')}]
\`\`\`

- Those to retry can end better when the same call is made a little later: a server that could not be reached, a target that another run
  had, a database that failed (it is as it was before), a process that was told to end.
- The others need a person, a new plan or another command line. The same call ends in the same way.
- 137 is not ours: the process was killed, or ran out of memory. It may be retried; the next run puts in order what was left.
- 1 is a bug, 74 a full disk or a closed pipe after everything was done, 130 a person at the keyboard.
- Each database of a saved plan is applied once: the same call with the same saved plan ends with 7.

## Error codes

\`error[CODE]\` on stderr, and \`error.code\` with \`--json\`, say more than the exit code.

${exits
  .map(([name, { code }]) => [code, listErrorCodes(name).join(', ')] as const)
  .filter(([, codes]) => codes !== '')
  .map(([code, codes]) => `- exit ${String(code)}: ${codes}`)
  .join('\n')}

---

This page is made from \`src/core/exit-codes.ts\` and \`src/core/errors.ts\`. After a change there:
\`npx vitest run test/packaging/exit-codes-page.test.ts -u\`.
`;

test('docs/exit-codes.md says what the code says', async () => {
  await expect(
    await format(renderPage(), { parser: 'markdown', printWidth: 110, singleQuote: true }),
  ).toMatchFileSnapshot(PAGE);
});

test('no error code leads to an exit that means success or pending changes', () => {
  const found: readonly string[] = Object.values(ERROR_EXITS);
  expect(found.filter((name) => ['done', 'changesPending'].includes(name))).toEqual([]);
});
