/** Text in the place of a part of SQL, from the character `start` up to `end`. */
export interface SqlEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The SQL with all edits made, of which no two may overlap. */
export const editSql = (sql: string, edits: readonly SqlEdit[]): string => {
  if (edits.length === 0) return sql;
  const pieces: string[] = [];
  let at = 0;
  for (const { start, end, text } of edits.toSorted((a, b) => a.start - b.start)) {
    pieces.push(sql.slice(at, start), text);
    at = end;
  }
  return [...pieces, sql.slice(at)].join('');
};
