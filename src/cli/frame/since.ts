import { Errors } from '@oclif/core';

const UNIT_MILLISECONDS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

/** `30m`, `12h`, `7d` or `2w` before now, a day (`2026-11-01`, its local midnight) or an RFC 3339 time. */
export const parseSince = (text: string, now: Date): Date => {
  const age = readAge(text);
  if (age !== undefined) return new Date(now.getTime() - age);
  const time = parseDate(text);
  if (time) return time;
  throw new Errors.CLIError(
    `--since "${text}" is not a time: say how long ago (30m, 12h, 7d, 2w) or a date (2026-11-01)`,
  );
};

/** `30m`, `26h`, `7d` or `2w`, in milliseconds. */
export const parseAge = (flag: string, text: string): number => {
  const age = readAge(text);
  if (age !== undefined) return age;
  throw new Errors.CLIError(`${flag} "${text}" is not an age: say 30m, 26h, 7d or 2w`);
};

const readAge = (text: string): number | undefined => {
  const [, amount, unit = ''] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  const length = UNIT_MILLISECONDS[unit];
  return amount === undefined || length === undefined ? undefined : Number(amount) * length;
};

const parseDate = (text: string): Date | undefined => {
  const [, year, month, day, time] = /^(\d{4})-(\d\d)-(\d\d)(T.+)?$/.exec(text) ?? [];
  if (day === undefined) return undefined;
  const date = time === undefined ? new Date(Number(year), Number(month) - 1, Number(day)) : new Date(text);
  // JavaScript makes March of February 30.
  const isReal =
    time !== undefined || (date.getMonth() === Number(month) - 1 && date.getDate() === Number(day));
  return isReal && !Number.isNaN(date.getTime()) ? date : undefined;
};
