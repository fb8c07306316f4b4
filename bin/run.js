#!/usr/bin/env node
import module from 'node:module';
import { userInfo } from 'node:os';
import { isAbsolute } from 'node:path';

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

const [first, ...rest] = process.argv.slice(2);
// Node 22 and newer keep the compiled code of the imports below between starts; Node 20 has no such call.
// @ts-ignore: the types are of Node 20
module.enableCompileCache?.();
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
