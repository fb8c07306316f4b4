import type { Vendor } from '../flavor.js';
import { chooseUtf8Name, renameUtf8 } from '../sql/utf8-name.js';

/** MySQL's code of a language, and MariaDB's word. */
const LANGUAGES: readonly (readonly [mysql: string, mariadb: string])[] = [
  ['is', 'icelandic'],
  ['lv', 'latvian'],
  ['ro', 'romanian'],
  ['sl', 'slovenian'],
  ['pl', 'polish'],
  ['et', 'estonian'],
  ['es', 'spanish'],
  ['sv', 'swedish'],
  ['tr', 'turkish'],
  ['cs', 'czech'],
  ['da', 'danish'],
  ['lt', 'lithuanian'],
  ['sk', 'slovak'],
  ['es_trad', 'spanish2'],
  ['la', 'roman'],
  ['eo', 'esperanto'],
  ['hu', 'hungarian'],
  ['de_pb', 'german2'],
  ['hr', 'croatian'],
  ['vi', 'vietnamese'],
];

const NEW_OF_MARIADB =
  /^(?<charset>[a-z\d]+)_uca1400_(?:(?!nopad_)(?<word>[a-z\d]+)_)?(?<nopad>nopad_)?(?<weights>a[is]_c[is])$/;
const NEW_OF_MYSQL = /^(?<charset>utf8mb4)_(?:(?<code>\w+)_)?(?<nopad>0900)_(?<weights>a[is]_c[is])$/;

/**
 * What older servers of the same vendor have for a collation, the closest first: the Unicode versions before, the
 * language's own rules, and bytes where accents and case both count. Where only one of the two counts there is nothing.
 */
const listOlder = (name: string): readonly string[] => {
  const found = (NEW_OF_MARIADB.exec(name) ?? NEW_OF_MYSQL.exec(name))?.groups;
  if (!found) return listShorter(name);
  const { charset = '', nopad, weights, code } = found;
  const word = code === undefined ? found['word'] : LANGUAGES.find(([mysql]) => mysql === code)?.[1];
  const list = (...names: readonly string[]) => names.map((one) => `${charset}_${one}`);
  const hasLanguage = word !== undefined || code !== undefined;
  if (weights === 'as_cs') return list(...(nopad === undefined ? [] : ['nopad_bin']), 'bin');
  if (weights !== 'ai_ci') return [];
  if (hasLanguage) return word === undefined ? [] : list(`${word}_ci`);
  const nopads = nopad === undefined ? [] : ['unicode_520_nopad_ci', 'unicode_nopad_ci'];
  return list(...nopads, 'unicode_520_ci', 'unicode_ci');
};

/** The same without what was added to its name later. */
const listShorter = (name: string): readonly string[] => {
  const shorter = name.replace(/_(?:nopad(?=_)|0900(?=_bin$)|520(?=_ci$))/, '');
  return shorter === name ? [] : [shorter, ...listShorter(shorter)];
};

const withOlder = (name: string): readonly string[] => [name, ...listOlder(name)];

/** MySQL's newest collations count spaces at the end, as those of MariaDB do that are named NOPAD. */
const listForMariaDb = (name: string): readonly string[] => {
  if (name === 'utf8mb4_0900_bin') return withOlder('utf8mb4_nopad_bin');
  // Under this name each vendor has its own order.
  if (name.endsWith('_croatian_ci')) return [name.replace('_croatian_ci', '_croatian_mysql561_ci')];
  const { code, weights } = NEW_OF_MYSQL.exec(name)?.groups ?? {};
  if (weights === undefined) return [name];
  const language = LANGUAGES.find(([mysql]) => mysql === code)?.[1];
  if (code !== undefined && language === undefined) return [];
  return withOlder(`utf8mb4_uca1400_${language === undefined ? '' : `${language}_`}nopad_${weights}`);
};

const listForMySql = (name: string): readonly string[] => {
  if (name === 'utf8mb4_nopad_bin') return withOlder('utf8mb4_0900_bin');
  if (/^utf8mb4_unicode_(?:520_)?nopad_ci$/.test(name)) return withOlder('utf8mb4_0900_ai_ci');
  if (name.endsWith('_croatian_ci')) return [];
  if (name.endsWith('_croatian_mysql561_ci')) return [name.replace('_mysql561', '')];
  const { charset, word, weights } = NEW_OF_MARIADB.exec(name)?.groups ?? {};
  // Of other character sets MySQL has nothing newer, and it does not count spaces at the end, as here.
  if (charset !== 'utf8mb4')
    return [name.replace(/^((?:utf8mb3|utf16|utf32|ucs2)_)uca1400_ai_ci$/, '$1unicode_520_ci')];
  const code = LANGUAGES.find(([, mariadb]) => mariadb === word)?.[0];
  if (word !== undefined && code === undefined) return [];
  return withOlder(`utf8mb4_${code === undefined ? '' : `${code}_`}0900_${weights ?? ''}`);
};

/** The collation that is closest on a server of the vendor with these collations; undefined when none is close. */
export const convertCollation = (
  name: string,
  vendor: Vendor,
  known: ReadonlySet<string>,
): string | undefined => choose(name, vendor === 'mariadb' ? listForMariaDb : listForMySql, known);

/** The same within a vendor: a server that has the collation keeps it. */
export const convertToOlder = (
  name: string,
  vendor: Vendor,
  known: ReadonlySet<string>,
): string | undefined =>
  // MariaDB since 11.4 has MySQL's newest ones too, under MySQL's names.
  choose(
    name,
    (plain) => [...withOlder(plain), ...(vendor === 'mariadb' ? listForMariaDb(plain) : [])],
    known,
  );

const choose = (
  name: string,
  list: (plain: string) => readonly string[],
  known: ReadonlySet<string>,
): string | undefined => {
  const utf8 = chooseUtf8Name(known);
  const plain = renameUtf8(name, 'utf8mb3');
  const found = list(plain).find((candidate) => known.has(renameUtf8(candidate, utf8)));
  return found === plain ? name : found;
};
