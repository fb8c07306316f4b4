import type { Vendor } from '../flavor.js';
import { chooseUtf8Name, renameUtf8 } from '../utf8-name.js';

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

/** MySQL's newest collations count spaces at the end, as those of MariaDB do that are named NOPAD. */
const listForMariaDb = (name: string): readonly string[] => {
  if (name === 'utf8mb4_0900_bin') return ['utf8mb4_nopad_bin'];
  // Under this name each vendor has its own order.
  if (name.endsWith('_croatian_ci')) return [name.replace('_croatian_ci', '_croatian_mysql561_ci')];
  const [, code, weights = ''] = /^utf8mb4_(?:(\w+)_)?0900_(a[is]_c[is])$/.exec(name) ?? [];
  if (weights === '') return [name];
  const language = LANGUAGES.find(([mysql]) => mysql === code)?.[1];
  if (code !== undefined && language === undefined) return [];
  if (language !== undefined) return [`utf8mb4_uca1400_${language}_nopad_${weights}`];
  const older = weights === 'ai_ci' ? ['utf8mb4_unicode_520_nopad_ci'] : [];
  return [`utf8mb4_uca1400_nopad_${weights}`, ...older];
};

const listForMySql = (name: string): readonly string[] => {
  if (name === 'utf8mb4_nopad_bin') return ['utf8mb4_0900_bin'];
  if (/^utf8mb4_unicode_(?:520_)?nopad_ci$/.test(name)) return ['utf8mb4_0900_ai_ci'];
  if (name.endsWith('_croatian_ci')) return [];
  if (name.endsWith('_croatian_mysql561_ci')) return [name.replace('_mysql561', '')];
  const [, word, weights = ''] =
    /^utf8mb4_uca1400_(?:(?!nopad_)([a-z\d]+)_)?(?:nopad_)?(a[is]_c[is])$/.exec(name) ?? [];
  // Of other character sets MySQL has nothing newer, and it does not count spaces at the end, as here.
  if (weights === '')
    return [name.replace(/^((?:utf8mb3|utf16|utf32|ucs2)_)uca1400_ai_ci$/, '$1unicode_520_ci')];
  const code = LANGUAGES.find(([, mariadb]) => mariadb === word)?.[0];
  if (word !== undefined && code === undefined) return [];
  return [`utf8mb4_${code === undefined ? '' : `${code}_`}0900_${weights}`];
};

/** The collation that is closest on a server of the vendor with these collations; undefined when none is close. */
export const convertCollation = (
  name: string,
  vendor: Vendor,
  known: ReadonlySet<string>,
): string | undefined => {
  const utf8 = chooseUtf8Name(known);
  const plain = renameUtf8(name, 'utf8mb3');
  const candidates = vendor === 'mariadb' ? listForMariaDb(plain) : listForMySql(plain);
  const found = candidates.find((candidate) => known.has(renameUtf8(candidate, utf8)));
  return found === plain ? name : found;
};
