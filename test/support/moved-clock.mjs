// For `node --import`: a wall clock that is 400 days behind as long as the file CLOCK_MOVED_WHILE is there.
import { existsSync } from 'node:fs';
import process from 'node:process';

const RealDate = Date;
const SHIFT_MILLISECONDS = -400 * 24 * 60 * 60 * 1000;
const now = () => RealDate.now() + (existsSync(process.env.CLOCK_MOVED_WHILE) ? SHIFT_MILLISECONDS : 0);

globalThis.Date = class Date extends RealDate {
  constructor(...parts) {
    super(...(parts.length === 0 ? [now()] : parts));
  }

  static now() {
    return now();
  }
};
