/**
 * Waits for the answers to statements that were sent together, all of them: nothing of them runs any more when this
 * returns. The first failure, in the order of the statements, is the one that is thrown.
 */
export const together = async <Answers extends readonly unknown[]>(answers: {
  readonly [At in keyof Answers]: Promise<Answers[At]>;
}): Promise<Answers> => {
  await Promise.allSettled(answers);
  // All have settled, so the first that failed is met first.
  const values: unknown[] = [];
  for (const answer of answers) values.push(await answer);
  return values as unknown as Answers;
};
