import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { ENVIRONMENT, ROOT, StepError, binOf, runAsScript, runCommand, say } from './commands.mjs';
import { compile } from './build.mjs';

const FOLDER = join('test', 'engines');

/** Runs the recipes of the guide on the engines named, or on all that there is a test for. They have to be installed. */
const runEngines = async (names) => {
  const known = readdirSync(join(ROOT, FOLDER)).map((file) => file.replace('.test.ts', ''));
  const wanted = names.length > 0 ? names : known;
  const unknown = wanted.filter((name) => !existsSync(join(ROOT, FOLDER, `${name}.test.ts`)));
  if (unknown.length > 0)
    throw new StepError(`there is no engine ${unknown.join(', ')}: ${known.join(', ')}`, 64);
  await compile();
  for (const name of wanted) {
    say(`the recipe of ${name}, on a real one`);
    const argv = ['run', join(FOLDER, `${name}.test.ts`), '--maxWorkers=1'];
    runCommand(binOf('vitest'), argv, { ...ENVIRONMENT, MYSQL_SYNC_TEST_ENGINES: '1' });
  }
};

await runAsScript(import.meta.filename, () => runEngines(process.argv.slice(2)));
