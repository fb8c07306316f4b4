import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { performance } from 'node:perf_hooks';
import { compile } from './build.mjs';
import { ROOT, StepError, binOf, runAsScript, runCommand, runSideBySide, say } from './commands.mjs';
import { ensureNpmPackages, ensureServers, ensureShells, ensureSshServer } from './setup.mjs';

/** Runs the suite with `argv` for vitest, and returns what it counted. */
const runVitest = (argv) => {
  const folder = mkdtempSync(join(tmpdir(), 'mysql-sync-report-'));
  const report = join(folder, 'report.json');
  try {
    const reporters = [
      ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
      // Tests that a name leaves out are not there to prove anything.
      ...(argv.length === 0 ? ['--reporter=./test/support/proofs-reporter.ts'] : []),
    ];
    const failure = catchStepError(() => runCommand(binOf('vitest'), ['run', ...reporters, ...argv]));
    return { failure, ...countTests(report) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const catchStepError = (step) => {
  try {
    step();
    return undefined;
  } catch (error) {
    if (error instanceof StepError) return error;
    throw error;
  }
};

/** A file that failed before its first test counts as one failed test. */
const countTests = (report) => {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
    readFileSync(report, 'utf8'),
  );
  const brokenFiles = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((result) => result.status === 'failed'),
  );
  return {
    passed: numPassedTests,
    failed: numFailedTests + brokenFiles.length,
    skipped: numPendingTests + numTodoTests,
    slowest: listSlowest(testResults),
  };
};

const SLOWEST = 10;

/** The files that take longest, beside others: what to look at when the suite is slow. */
const listSlowest = (files) =>
  files
    .map(({ name, startTime, endTime }) => ({ name, seconds: (endTime - startTime) / 1000 }))
    .toSorted((one, other) => other.seconds - one.seconds)
    .slice(0, SLOWEST)
    .map(({ name, seconds }) => `${relative(ROOT, name).padEnd(60)} ${seconds.toFixed(1).padStart(6)} s`);

/** Servers of the other versions, where this machine can have them; the tests name those that are missing. */
const makeOtherServers = () => {
  const failure = catchStepError(() =>
    runCommand(process.execPath, [join(import.meta.dirname, 'server-matrix.mjs')]),
  );
  if (failure) say(`going on without all servers: ${failure.message}`);
};

const STEPS = [
  ['setup', () => (ensureNpmPackages(), ensureServers(), ensureSshServer(), ensureShells())],
  ['servers', makeOtherServers],
  // Without the manifest: a test compares the committed one with what it should be.
  ['build', compile],
  [
    'lint',
    () =>
      runSideBySide([
        [binOf('eslint'), ['.']],
        [binOf('prettier'), ['--check', '--log-level=warn', '.']],
        [binOf('tsc'), ['--noEmit']],
        [binOf('tsc'), ['--noEmit', '-p', 'tsconfig.scripts.json']],
        [binOf('knip'), []],
      ]),
  ],
];

const timeStep = async (name, step) => {
  say(name);
  const start = performance.now();
  const result = await step();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  return { result, line: `${name.padEnd(8)} ${seconds.padStart(6)} s` };
};

await runAsScript(import.meta.filename, async () => {
  const durations = [];
  for (const [name, step] of STEPS) durations.push((await timeStep(name, step)).line);
  const { result, line } = await timeStep('tests', () => runVitest(process.argv.slice(2)));
  const { passed, failed, skipped, slowest, failure } = result;
  say(`durations\n${[...durations, line].join('\n')}`);
  say(`slowest files\n${slowest.join('\n')}`);
  if (skipped > 0) say(`${skipped} skipped`);
  // CI reads the next line, so it has a form of its own.
  console.log(`${passed} passed, ${failed} failed`);
  if (failure) throw failure;
  if (passed === 0) throw new StepError('no test ran');
});
