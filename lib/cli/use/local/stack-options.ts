import { chosenSettings, type ModeOptions } from './chosen-settings.ts';
import type { ServiceOptions } from './with-local-stack.ts';

/** Options of an embedded stack. */
export interface StackOptions extends ModeOptions {
  readonly data?: string;
  readonly port?: number;
  readonly home?: readonly string[];
  readonly simulateProviders?: true;
}

/** @throws {CliError} if the options contradict each other */
export function serviceOptions(options: StackOptions): ServiceOptions {
  return {
    dataDir: options.data,
    firstPort: options.port,
    homeNetworks: options.home ?? [],
    settings: chosenSettings(options),
    simulateProviders: options.simulateProviders === true,
  };
}
