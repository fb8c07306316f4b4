import { joinTokens, tokenizeSql } from './sql-text.js';

/** What a server calls the UTF-8 of three bytes, also in the names of its collations: MySQL before 8.0.30 and MariaDB before 10.6 say `utf8`. */
export type Utf8Name = 'utf8' | 'utf8mb3';

export const chooseUtf8Name = (collations: ReadonlySet<string>): Utf8Name =>
  collations.has('utf8mb3_bin') ? 'utf8mb3' : 'utf8';

const OTHER_NAMES: Readonly<Record<Utf8Name, RegExp>> = {
  utf8: /^(_?)utf8mb3(?=_|$)/i,
  utf8mb3: /^(_?)utf8(?=_|$)/i,
};

/** A character set or collation, under the name that the server knows. */
export const renameUtf8 = (name: string, utf8: Utf8Name): string =>
  name.replace(OTHER_NAMES[utf8], `$1${utf8}`);

/** The same for every character set and collation in SQL. */
export const renameUtf8InSql = (sql: string, utf8: Utf8Name, sqlMode = ''): string =>
  /utf8(?!mb4)/i.test(sql)
    ? joinTokens(
        tokenizeSql(sql, sqlMode).map((token) =>
          token.kind === 'word' ? { ...token, text: renameUtf8(token.text, utf8) } : token,
        ),
      )
    : sql;
