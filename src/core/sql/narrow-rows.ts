/** A condition over rows, which is a person's and may end with a comment, with a further one that is ours. */
export const narrowRows = (where: string | null, condition: string | null): string | null =>
  where === null || condition === null ? (where ?? condition) : `(${where}\n) AND (${condition})`;
