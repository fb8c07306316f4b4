/** Takes what closes something that was opened. */
export type CloseLater = (close: () => Promise<void>) => void;

/** Does work that opens one thing after the other; they are closed last first, also where the work or a closing fails. */
export const withClosing = async <Result>(
  work: (closeLater: CloseLater) => Promise<Result>,
): Promise<Result> => {
  const closers: (() => Promise<void>)[] = [];
  const closeAll = async (): Promise<void> => {
    const close = closers.pop();
    if (!close) return;
    try {
      await close();
    } finally {
      await closeAll();
    }
  };
  try {
    return await work((close) => closers.push(close));
  } finally {
    await closeAll();
  }
};
