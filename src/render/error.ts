import type { ErrorReport } from '../core/errors.js';
import { type Look, paint } from './look.js';

/** `error[CODE] message` and the indented hints. */
export const renderError = ({ code, message, hints }: ErrorReport, look: Look): readonly string[] => [
  `${paint(look, 'red', `error[${code}]`)} ${message}`,
  ...hints.map((hint) => `  ${hint}`),
];
