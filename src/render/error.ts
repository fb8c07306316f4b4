import type { ErrorReport } from '../core/errors.js';
import { type Look, paint } from './paint.js';

/** A person's own no is not an error. */
const isAbort = (code: string): boolean => code === 'APPROVAL_DECLINED' || code === 'APPROVAL_MISMATCH';

/** `error[CODE] message` and the indented hints; the message as lines where it has more than one. */
export const renderError = (
  { code, message, hints }: ErrorReport,
  look: Look,
  [first = '', ...rest]: readonly string[] = [message],
): readonly string[] => [
  isAbort(code) ? first : `${paint(look, 'red', `error[${code}]`)} ${first}`,
  ...rest,
  ...hints.map((hint) => `  ${hint}`),
];
