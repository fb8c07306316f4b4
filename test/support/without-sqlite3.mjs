// Loaded with `node --import`: the optional package sqlite3 looks as if it had not been installed.
import { register } from 'node:module';

const hooks = `export const resolve = (specifier, context, next) => {
  // vitest asks for the file, Node for the package.
  if (specifier !== 'sqlite3' && !specifier.includes('/node_modules/sqlite3/')) return next(specifier, context);
  throw Object.assign(new Error("Cannot find package 'sqlite3'"), { code: 'ERR_MODULE_NOT_FOUND' });
};`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
