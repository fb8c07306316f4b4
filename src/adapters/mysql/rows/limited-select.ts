/** The beginning of a SELECT that the server gives up after so many whole seconds. Either vendor takes what is for the other as a comment. */
export const limitSelect = (seconds: number): string =>
  `/*M!100101 SET STATEMENT max_statement_time=${seconds} FOR */ SELECT /*+ MAX_EXECUTION_TIME(${seconds * 1000}) */`;
