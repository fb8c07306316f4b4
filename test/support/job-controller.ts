import type { RunningCli } from './cli.js';

/** What of a Kubernetes Job decides over its pods. */
export interface JobRules {
  readonly completions: number;
  readonly backoffLimitPerIndex: number;
  /** Exit codes at which an index is given up (podFailurePolicy, FailIndex). */
  readonly failIndexOn: readonly number[];
}

export interface Pod {
  readonly index: number;
  /** From 0, of this index. */
  readonly try: number;
  readonly process: RunningCli;
  /** Its node goes: the pod is told to end, and another one takes its place while it is still dying. Not counted. */
  disrupt(): void;
}

/** How an index ended, and the exit codes of its pods as they came; null of one that was killed. */
export interface IndexEnd {
  readonly isDone: boolean;
  readonly codes: readonly (number | null)[];
}

/**
 * Plays the controller of an Indexed Job with real processes: a pod for each index; one that fails is replaced, as often as
 * the limit says, unless its exit code gives the index up. Resolves when no pod is left.
 */
export const runJob = async (
  rules: JobRules,
  start: (index: number) => RunningCli,
  watch: (pod: Pod) => void,
): Promise<readonly IndexEnd[]> =>
  Promise.all(Array.from({ length: rules.completions }, (_, index) => runIndex(rules, index, start, watch)));

const runIndex = async (
  { backoffLimitPerIndex, failIndexOn }: JobRules,
  index: number,
  start: (index: number) => RunningCli,
  watch: (pod: Pod) => void,
): Promise<IndexEnd> => {
  const codes: (number | null)[] = [];
  const dying: Promise<unknown>[] = [];
  let failures = 0;
  for (let tries = 0; ; tries += 1) {
    const pod = start(index);
    const isDisrupted = new Promise<'disrupted'>((resolve) => {
      watch({
        ...{ index, try: tries, process: pod },
        disrupt: () => {
          pod.child.kill('SIGTERM');
          resolve('disrupted');
        },
      });
    });
    const end = await Promise.race([pod.ended, isDisrupted]);
    if (end === 'disrupted') {
      dying.push(pod.ended.then(({ code }) => codes.push(code)));
      continue;
    }
    codes.push(end.code);
    failures += end.code === 0 ? 0 : 1;
    const isGivenUp = failures > backoffLimitPerIndex || failIndexOn.includes(end.code ?? 0);
    if (end.code !== 0 && !isGivenUp) continue;
    await Promise.all(dying);
    return { isDone: end.code === 0, codes };
  }
};
