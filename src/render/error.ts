import type { ErrorReport } from '../core/errors.js';
import { type Look, paint } from './look.js';

/** A person's own no is not an error. */
const isAbort = (code: string): boolean => code === 'APPROVAL_DECLINED' || code === 'APPROVAL_MISMATCH';

/** `error[CODE] message` and the indented hints. */
export const renderError = ({ code, message, hints }: ErrorReport, look: Look): readonly string[] => [
  isAbort(code) ? message : `${paint(look, 'red', `error[${code}]`)} ${message}`,
  ...hints.map((hint) => `  ${hint}`),
];
