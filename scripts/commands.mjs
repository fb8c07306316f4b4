import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, realpathSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

/** The repository's folder. */
export const ROOT = resolve(import.meta.dirname, '..');

/** Debian keeps the server programs in sbin folders, which are not in the PATH of a normal user. */
const SEARCH_PATH = [
  ...new Set([
    ...(process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== ''),
    '/usr/local/sbin',
    '/usr/sbin',
    '/sbin',
  ]),
];

/** The environment of the programs that the scripts start. */
export const ENVIRONMENT = { ...process.env, PATH: SEARCH_PATH.join(delimiter) };

/** The full path of a program, or undefined. */
export const findProgram = (name) =>
  SEARCH_PATH.map((folder) => join(folder, name)).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

/** The path of a program that an npm package brought. */
export const binOf = (name) => join(ROOT, 'node_modules', '.bin', name);

/** Says in one line what is done and why. */
export const say = (line) => {
  console.log(`==> ${line}`);
};

/** A step that failed: `exitCode` is what the script should end with. */
export class StepError extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Runs a program in the repository with this terminal; throws a StepError unless it exits with 0. */
export const runCommand = (program, argv, /** @type {NodeJS.ProcessEnv} */ environment = ENVIRONMENT) => {
  const { status, signal, error } = spawnSync(program, argv, {
    cwd: ROOT,
    env: environment,
    stdio: 'inherit',
  });
  if (error) throw new StepError(`${program} did not start: ${error.message}`);
  if (status !== 0)
    throw new StepError(`${program} ${argv.join(' ')}: ${signal ?? `exit code ${status}`}`, status ?? 1);
};

/** Runs programs side by side, each output in one piece; throws a StepError when any does not exit with 0. */
export const runSideBySide = async (commands) => {
  const failures = await Promise.all(
    commands.map(async ([program, argv]) => {
      const child = spawn(program, argv, { cwd: ROOT, env: ENVIRONMENT, stdio: ['ignore', 'pipe', 'pipe'] });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text) => (output += text));
      const reason = await new Promise((settle) => {
        child.once('error', ({ message }) => settle(`did not start: ${message}`));
        child.once('close', (code, signal) =>
          settle(code === 0 ? undefined : (signal ?? `exit code ${code}`)),
        );
      });
      process.stdout.write(output);
      return reason === undefined ? [] : [`${program} ${argv.join(' ')}: ${reason}`];
    }),
  );
  if (failures.flat().length > 0) throw new StepError(failures.flat().join('; '));
};

/** Runs `main` when `script` was called and not imported; a StepError becomes a line and its exit code. */
export const runAsScript = async (script, main) => {
  const [, called] = process.argv;
  if (called === undefined || realpathSync(called) !== script) return;
  try {
    await main();
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    console.error(`==> failed: ${error.message}`);
    process.exitCode = error.exitCode;
  }
};
