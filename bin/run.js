#!/usr/bin/env node
import { statSync } from 'node:fs';
import module from 'node:module';
import { homedir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import v8 from 'node:v8';

// V8 of Node 20 optimises functions so early that a run of a second or two spends a third of its processor time on it, and is over before
// it pays. This is 15 times its budget, which code that works for longer uses up in milliseconds. Newer ones have no such flag, nor need it.
if (process.versions.node.startsWith('20.')) v8.setFlagsFromString('--interrupt-budget=1000000');

// Containers run under user ids without a passwd entry, and oclif ends where Node can tell neither home nor shell.
const person = () => {
  try {
    return userInfo();
  } catch {
    return { homedir: '/', shell: '/bin/sh' };
  }
};
// oclif would take an empty one for the folder of temporary files, and a relative one for the working folder.
if (!isAbsolute(process.env.HOME ?? '')) process.env.HOME = person().homedir;
process.env.SHELL ??= person().shell ?? '';

// Where compiled code may be kept: it runs as it lies there, and by itself Node would keep it in the temporary folder, where
// anybody can put a folder of that name first. So it is kept in ours (as src/cli/frame/environment.ts finds it), once there is one.
const compiledCode = () => {
  const { MYSQL_SYNC_HOME: moved, XDG_DATA_HOME: data = '' } = process.env;
  const home = moved || join(isAbsolute(data) ? data : join(homedir(), '.local', 'share'), 'mysql-sync');
  try {
    const { uid, mode } = statSync(home);
    return uid === process.getuid?.() && (mode & 0o022) === 0 ? join(home, 'compiled') : undefined;
  } catch {
    return undefined;
  }
};

const [first, ...rest] = process.argv.slice(2);
const compiled = compiledCode();
// Node 22 and newer keep the compiled code of the imports below between starts; Node 20 has no such call.
// @ts-ignore: the types are of Node 20
if (compiled) module.enableCompileCache?.(compiled);
if (first === '__complete') {
  // Made by the build, so its types are not looked at.
  const path = '../dist/cli/completion/complete.js';
  const { completeWords } = await import(path);
  process.stdout.write(await completeWords(rest));
} else {
  // Else oclif loads the 47 files of semver to ask whether this Node is new enough for oclif. package.json asks for newer ones.
  process.env.OCLIF_DISABLE_ENGINE_WARNING = '1';
  // An import would read its files once more, to find the names that they export.
  const { execute } = module.createRequire(import.meta.url)('@oclif/core/execute');
  // Without this, oclif runs whatever the package.json in its data folder names as a plugin.
  await execute({ loadOptions: { root: import.meta.dirname, userPlugins: false } });
}
