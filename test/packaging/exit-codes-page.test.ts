import { resolve } from 'node:path';
import { format } from 'prettier';
import { expect, test } from 'vitest';
import { ERROR_EXITS } from '../../src/core/errors.js';
import { EXIT_CODES } from '../../src/core/exit-codes.js';

const PAGE = resolve(import.meta.dirname, '../../docs/exit-codes.md');

const exits = Object.entries(EXIT_CODES);

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
