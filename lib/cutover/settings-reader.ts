import { type CurrentValue, RefreshedValue } from '../aws/refreshed-value.ts';
import { PATIENCE_MS } from '../aws/time-budget.ts';
import { DEFAULT_SETTINGS, readSettings, type Settings } from './settings.ts';
import type { ParameterValue } from './settings-parameter.ts';

/** The settings that an invocation goes by. */
export interface SettingsInForce {
  readonly settings: Settings;
  /** Version of the parameter's value that they are from; 0 where none could be used yet. */
  readonly version: number;
  /** Keys of that value that this version of the code does not know. */
  readonly unknownKeys: readonly string[];
  /** One line: why the parameter as it is now could not be used; undefined where it could. */
  readonly problem?: string;
}

export interface SettingsReaderOptions {
  /** Reads the parameter; throws where it cannot. */
  readonly fetch: (signal: AbortSignal) => Promise<ParameterValue>;
  /** Gets each new problem once. */
  readonly onProblem: (problem: string) => void;
  /** How long a value is used before the parameter is read again. */
  readonly maxAgeMs?: number;
  readonly now?: () => number;
  /** A number from 0 up to but not including 1. */
  readonly random?: () => number;
}

const MAX_AGE_MS = 30_000;
/** The longest that one reading goes on; the invocation waits for it at its end. */
const READ_TIMEOUT_MS = 1_000;
const NOTHING_READ: SettingsInForce = { settings: DEFAULT_SETTINGS, version: 0, unknownKeys: [] };

/**
 * Knows the settings in force. The parameter is read at most once in `maxAgeMs`, whether that works or not; what was
 * last good stays in force while it is invalid or unreachable, and until there is something good it is `legacy`.
 *
 * ```
 * invocations  |  |   | |        |      |   |
 * reads        r                 r          r       at the first invocation after 30 to 36 s, which waits for it
 * ```
 */
export class SettingsReader {
  readonly #value: RefreshedValue<SettingsInForce>;
  #current: CurrentValue<SettingsInForce> | undefined;
  #inForce = NOTHING_READ;

  constructor({ fetch, maxAgeMs = MAX_AGE_MS, ...options }: SettingsReaderOptions) {
    this.#value = new RefreshedValue({
      ...options,
      initial: NOTHING_READ,
      fetch: async (signal) => inForceBy(await fetch(signal)),
      maxAgeMs,
      patience: { firstMs: PATIENCE_MS.firstSettings, refreshMs: PATIENCE_MS.settings },
      timeoutMs: READ_TIMEOUT_MS,
    });
  }

  /** Never throws, and takes a second at most. Gives the same object until something changes. */
  async read(): Promise<SettingsInForce> {
    const current = await this.#value.current();
    if (current !== this.#current) {
      const { value, problem } = current;
      this.#inForce = problem === undefined ? value : { ...value, problem };
      this.#current = current;
    }
    return this.#inForce;
  }

  /** Ends a reading that is under way, since the invocation ends. */
  async settle(deadlineMs: number): Promise<void> {
    await this.#value.settle(deadlineMs);
  }
}

/** @throws Error where the value is invalid */
function inForceBy({ value, version }: ParameterValue): SettingsInForce {
  const read = readSettings(value);
  if (!read.ok) throw new Error(`version ${version} of the settings is invalid: ${read.reason}`);
  return { settings: read.settings, version, unknownKeys: read.unknownKeys };
}
