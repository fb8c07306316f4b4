const MOST_CHARACTERS = 160;

/** A statement on one line, cut where it is long, for messages. */
export const shortenSql = (sql: string): string => {
  const line = Array.from(sql.replaceAll(/\s+/g, ' ').trim());
  return line.length > MOST_CHARACTERS
    ? `${line.slice(0, MOST_CHARACTERS - 1).join('')}\u2026`
    : line.join('');
};
