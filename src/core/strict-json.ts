/** What is wrong with a value that somebody else may have written, and where. */
export class MalformedError extends Error {
  override readonly name = 'MalformedError';
}

type Fields = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object with these fields and no others. */
export const toFields = (
  value: unknown,
  what: string,
  required: readonly string[],
  optional: readonly string[] = [],
): Fields => {
  if (!isRecord(value)) throw new MalformedError(`${what} is no object`);
  const missing = required.find((key) => !Object.hasOwn(value, key));
  if (missing !== undefined) throw new MalformedError(`${what} has no ${missing}`);
  if (Object.keys(value).some((key) => !required.includes(key) && !optional.includes(key)))
    throw new MalformedError(`${what} has fields of its own`);
  return value;
};

export const toText = (value: unknown, what: string, maxLength: number): string => {
  if (typeof value !== 'string' || value.length > maxLength)
    throw new MalformedError(`${what} is not text of up to ${String(maxLength)} characters`);
  return value;
};

export const toList = <Item>(
  value: unknown,
  what: string,
  toItem: (item: unknown) => Item,
): readonly Item[] => {
  if (!Array.isArray(value)) throw new MalformedError(`${what} is no list`);
  return value.map(toItem);
};
