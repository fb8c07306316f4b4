/** A piece of work that wants a lane. */
export interface LaneRequest {
  /** Lanes spread over groups (tables) before two work on the same one. */
  readonly group: string;
  /** Among equals the largest goes first. */
  readonly bytes: number;
  /** `finish` goes first: it is long, cannot be divided, and should run beside other work. */
  readonly stage: 'finish' | 'copy';
}

interface Waiting<Lane> extends LaneRequest {
  readonly start: (lane: Lane) => void;
  readonly reject: (reason: Error) => void;
}

/** Gives lanes to work, one at a time each. The first failure ends it all. */
export class LanePool<Lane> {
  readonly #idle: Lane[];
  readonly #waiting = new Set<Waiting<Lane>>();
  readonly #busy = new Map<string, number>();
  readonly #onFailure: (reason: Error) => void;
  #failure: Error | undefined;

  /** `onFailure` makes what is in flight fail too. */
  constructor(lanes: readonly Lane[], onFailure: (reason: Error) => void) {
    this.#idle = [...lanes];
    this.#onFailure = onFailure;
  }

  async use<Result>(request: LaneRequest, work: (lane: Lane) => Promise<Result>): Promise<Result> {
    const lane = await this.#wait(request);
    try {
      return await work(lane);
    } catch (error) {
      this.fail(error as Error);
      throw error;
    } finally {
      this.#occupy(request.group, -1);
      this.#idle.push(lane);
      this.#dispatch();
    }
  }

  fail(reason: Error): void {
    if (this.#failure) return;
    this.#failure = reason;
    for (const { reject } of this.#waiting) reject(reason);
    this.#waiting.clear();
    this.#onFailure(reason);
  }

  async #wait(request: LaneRequest): Promise<Lane> {
    if (this.#failure) throw this.#failure;
    return new Promise((start, reject) => {
      this.#waiting.add({ ...request, start, reject });
      this.#dispatch();
    });
  }

  #dispatch(): void {
    for (;;) {
      const next = this.#idle.length > 0 ? this.#choose() : undefined;
      const lane = next && this.#idle.pop();
      if (!next || lane === undefined) return;
      this.#waiting.delete(next);
      this.#occupy(next.group, 1);
      next.start(lane);
    }
  }

  #choose(): Waiting<Lane> | undefined {
    let best: Waiting<Lane> | undefined;
    for (const waiting of this.#waiting) if (!best || this.#isBefore(waiting, best)) best = waiting;
    return best;
  }

  #isBefore(a: LaneRequest, b: LaneRequest): boolean {
    if (a.stage !== b.stage) return a.stage === 'finish';
    const [busyA, busyB] = [this.#busy.get(a.group) ?? 0, this.#busy.get(b.group) ?? 0];
    return busyA === busyB ? a.bytes > b.bytes : busyA < busyB;
  }

  #occupy(group: string, lanes: 1 | -1): void {
    this.#busy.set(group, (this.#busy.get(group) ?? 0) + lanes);
  }
}
