const MASK = '***';

/** A password that cannot be printed by accident: every way of turning it into text gives `***`. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The password itself. Call it where the value leaves for the server or the encrypted store, nowhere else. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return MASK;
  }
}

/** Without one, or with an empty one, servers let in who needs none. */
export const isNoPassword = (password: Secret | undefined): boolean => (password?.reveal() ?? '') === '';
