import type { LoadedConfig } from '../core/config.js';
import type { Environment } from './environment.js';

/**
 * The composition root: the only module that knows the adapters. Each is imported when a command first asks for it,
 * so that `--help` and `--version` load none.
 */
export class Composition {
  readonly #environment: Environment;
  readonly #configPath: string;
  readonly #notice: (line: string) => void;
  readonly #closers: (() => Promise<void>)[] = [];

  constructor(environment: Environment, configPath: string | undefined, notice: (line: string) => void) {
    this.#environment = environment;
    this.#configPath = configPath ?? environment.paths.configFile;
    this.#notice = notice;
  }

  /** Closes what was opened, last first. */
  async close(): Promise<void> {
    for (const closeOne of this.#closers.splice(0).reverse()) await closeOne();
  }
}

export const compose = (
  environment: Environment,
  configPath: string | undefined,
  notice: (line: string) => void,
): Composition => new Composition(environment, configPath, notice);
