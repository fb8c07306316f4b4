/** The form of JSON documents, events and saved plans. It goes up when a key of theirs gets another name or goes. */
export const FORMAT_VERSION = '2.0';

type SnakeCase<Key> = Key extends `${infer First}${infer Rest}`
  ? First extends Lowercase<First>
    ? `${First}${SnakeCase<Rest>}`
    : `_${Lowercase<First>}${SnakeCase<Rest>}`
  : Key;

/** A value with its keys as documents have them: `is_protected` for `isProtected`. */
export type Documented<Value> = Value extends string | number | boolean | null | undefined
  ? Value
  : Value extends readonly (infer Item)[]
    ? readonly Documented<Item>[]
    : { readonly [Key in keyof Value as SnakeCase<Key>]: Documented<Value[Key]> };

/** What others read has keys in snake case, made here and nowhere else. */
export const toDocument = <Value>(value: Value): Documented<Value> =>
  mapKeys(value, (key) =>
    key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  ) as Documented<Value>;

/**
 * The value that such a document was made of. A key with a capital letter was not made by `toDocument`, and would stand
 * for another key that was checked, so it is left out.
 */
export const fromDocument = <Value>(document: Documented<Value>): Value =>
  mapKeys(document, (key) =>
    /[A-Z]/.test(key) ? undefined : key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
  ) as Value;

const mapKeys = (value: unknown, rename: (key: string) => string | undefined): unknown => {
  if (Array.isArray(value)) return value.map((item) => mapKeys(item, rename));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => {
      const renamed = rename(key);
      return renamed === undefined ? [] : [[renamed, mapKeys(item, rename)]];
    }),
  );
};
