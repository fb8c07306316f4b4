import type { OptionFileLogin } from '../../adapters/option-file/read-login.js';
import type { FoundLogin } from '../../adapters/option-file/find-logins.js';
import type { WorkerReport } from '../../core/run/worker-report.js';
import { createMemory, type Memory } from './memory.js';
import { createPerson, type Person } from './person.js';
import { createPlanEndpoints, type PlanEndpoints } from './plan-endpoints.js';
import { createPlanFiles, type PlanFiles } from './plan-files.js';
import { createRunPorts, type RunPorts } from './run-ports.js';
import { createRunReports, type RunReports } from './run-reports.js';
import { createSettings, type Settings } from './settings.js';
import type { Surroundings } from './surroundings.js';
import { createTunnelService } from './tunnel-service.js';

interface AllServices extends RunPorts {
  readonly settings: Settings;
  readonly planFiles: PlanFiles;
  readonly planEndpoints: PlanEndpoints;
  readonly memory: Memory;
  readonly person: Person;
  readonly reports: RunReports;
  /** The login in a MySQL option file: [client] and the named group. */
  optionFileLogin(file: string, group: string): Promise<OptionFileLogin>;
  /** Every login in an option file or a .env file, without trying any. */
  findLogins(file: string): Promise<readonly FoundLogin[]>;
  /** What an apply wrote by `--json` or `--events`. */
  workerOutput(file: string): Promise<WorkerReport>;
  /** What a URL says; undefined when it is none of a database server. */
  urlLogin(text: string): Promise<FoundLogin['found'] | undefined>;
}

/** What a part of a command needs of the world, by name. */
export type Services<Name extends keyof AllServices> = Pick<AllServices, Name>;

export interface Composition extends AllServices {
  /** Closes what was opened. */
  close(): Promise<void>;
}

/**
 * The composition root: this folder is the only one that knows the adapters. Each is imported when a command first asks
 * for it, so that `--help` and `--version` load none. `configPath` is the config file that the command line names.
 */
export const compose = (surroundings: Surroundings, configPath: string | undefined): Composition => {
  const settings = createSettings(surroundings, configPath);
  const memory = createMemory(surroundings);
  const tunnels = createTunnelService(surroundings);
  const planFiles = createPlanFiles(surroundings, settings);
  return {
    settings,
    planFiles,
    memory,
    planEndpoints: createPlanEndpoints(surroundings, { settings, planFiles, memory, tunnels }),
    person: createPerson(),
    reports: createRunReports(surroundings, { settings, memory }),
    ...createRunPorts(surroundings, memory, tunnels),
    optionFileLogin: async (file, group) => {
      const { readOptionFileLogin } = await import('../../adapters/option-file/read-login.js');
      return readOptionFileLogin(file, group);
    },
    findLogins: async (file) => {
      const { findLogins } = await import('../../adapters/option-file/find-logins.js');
      return findLogins(file);
    },
    workerOutput: async (file) => {
      const { readWorkerOutput } = await import('../../adapters/plan-file/worker-output.js');
      return readWorkerOutput(file);
    },
    urlLogin: async (text) => {
      const { readUrlLogin } = await import('../../adapters/option-file/find-logins.js');
      return readUrlLogin(text);
    },
    close: async () => {
      tunnels.close();
      await memory.close();
    },
  };
};
