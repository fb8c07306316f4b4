import { randomBytes } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { type RunId, toRunId } from '../../core/names.js';

const BASE32 = 'abcdefghijkmnpqrstuvwxyz23456789';

/** Six characters without look-alikes: a billion names, and short enough to type. */
export const newRunId = (): RunId =>
  toRunId([...randomBytes(6)].map((byte) => BASE32[byte % BASE32.length]).join(''));

/** Is this spelled as the id of a run? */
export const isRunId = (text: string): boolean => new RegExp(`^[${BASE32}]{6}$`).test(text);

/** `user@host` for the history. */
export const describePerson = (): string => `${nameUser()}@${hostname()}`;

/** In a container the user id may have no passwd entry, and so no name. */
const nameUser = (): string => {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
};
