import { setTimeout as wait } from 'node:timers/promises';
import type { Secret } from '../../core/secret.js';
import { readNoticeUrl } from '../../core/run/notice-url.js';

export interface Patience {
  readonly timeoutMilliseconds: number;
  /** Before each try after the first. */
  readonly delaysMilliseconds: readonly number[];
}

const PATIENCE: Patience = { timeoutMilliseconds: 10_000, delaysMilliseconds: [1000, 3000] };

interface Failure {
  readonly reason: string;
  readonly isTransient: boolean;
}

/**
 * Posts JSON, three times when the network or the server has a bad moment. Resolves to why nothing arrived, undefined when
 * it did; of the URL only the host is told. Never rejects: a notice is no part of the work.
 */
export const postNotice = async (
  written: Secret,
  json: string,
  { timeoutMilliseconds, delaysMilliseconds }: Patience = PATIENCE,
): Promise<string | undefined> => {
  const reading = readNoticeUrl(written.reveal());
  if ('problem' in reading) return `its address ${reading.problem}`;
  let failure = await post(reading.url, json, timeoutMilliseconds);
  for (const delay of delaysMilliseconds) {
    if (!failure?.isTransient) break;
    await wait(delay);
    failure = await post(reading.url, json, timeoutMilliseconds);
  }
  return failure && `${reading.url.host} ${failure.reason}`;
};

const post = async (url: URL, body: string, timeout: number): Promise<Failure | undefined> => {
  try {
    // A redirect could carry the run to another host, so none is followed.
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
      redirect: 'manual',
      signal: AbortSignal.timeout(timeout),
    });
    await response.body?.cancel();
    const { ok, status } = response;
    return ok
      ? undefined
      : { reason: `answered with status ${String(status)}`, isTransient: status >= 500 || status === 429 };
  } catch (error) {
    return { reason: explain(error, timeout), isTransient: true };
  }
};

/** Messages of fetch have the URL in them, so only codes are told. */
const explain = (error: unknown, timeout: number): string => {
  const { name, cause } = error as Error;
  if (name === 'TimeoutError') return `did not answer within ${String(timeout / 1000)} s`;
  const { code } = (cause ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' && /^\w+$/.test(code)
    ? `could not be reached (${code})`
    : 'could not be reached';
};
