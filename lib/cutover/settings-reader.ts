import { type CurrentValue, RefreshedValue } from '../aws/refreshed-value.ts';
import { PATIENCE_MS } from '../aws/time-budget.ts';
import { DEFAULT_SETTINGS, readSettings, type Settings } from './settings.ts';
import { type SettingsSource, type StoredSettings, valueInForce } from './stored-settings.ts';

/**
 * The source of settings. A version alone does not identify them: an operator's versions start at 1 again after a
 * reset, and the initial settings have their own.
 */
export type SettingsOrigin =
  | {
      readonly source: SettingsSource;
      readonly version: number;
      /** When that version was written, epoch milliseconds. */
      readonly changedAtMs: number;
    }
  /** No parameter could be used yet, or there is none. */
  | { readonly source: 'none' };

/** The settings that an invocation uses. */
export interface SettingsInForce {
  readonly settings: Settings;
  readonly origin: SettingsOrigin;
  /** Keys of the value that this version of the code does not know. */
  readonly unknownKeys: readonly string[];
  /** One line: why the stored value could not be used; undefined if it could. */
  readonly problem?: string;
}

export interface SettingsReaderOptions {
  /** Reads both parameters; throws if that fails. */
  readonly fetch: (signal: AbortSignal) => Promise<StoredSettings>;
  /** Called once for each new problem. */
  readonly onProblem: (problem: string) => void;
  /** How long a value is used before the parameters are read again. */
  readonly maxAgeMs?: number;
  readonly now?: () => number;
  /** A number from 0 up to but not including 1. */
  readonly random?: () => number;
}

const MAX_AGE_MS = 30_000;
/** Time limit of one read; the invocation waits for it at its end. */
const READ_TIMEOUT_MS = 1_000;
const NOTHING_READ: SettingsInForce = {
  settings: DEFAULT_SETTINGS,
  origin: { source: 'none' },
  unknownKeys: [],
};
const NOTHING_THERE: SettingsInForce = {
  ...NOTHING_READ,
  problem: 'there are neither settings nor initial ones',
};

/**
 * Knows the settings in force: the operator's if there are any, else the initial ones, else `legacy`. They are read at
 * most once per `maxAgeMs`, whether or not that succeeds. The last valid settings stay in force while the stored ones
 * are invalid or unreachable; before there are any, the mode is `legacy`. Settings that exist but can't be used are
 * never replaced by the initial ones.
 *
 * ```
 * invocations  |  |   | |        |      |   |
 * reads        r                 r          r       at the first invocation after 30 to 36 s, which waits for it
 * ```
 */
export class SettingsReader {
  readonly #value: RefreshedValue<SettingsInForce>;
  readonly #onProblem: (problem: string) => void;
  #current: CurrentValue<SettingsInForce> | undefined;
  #inForce = NOTHING_READ;

  constructor({ fetch, maxAgeMs = MAX_AGE_MS, ...options }: SettingsReaderOptions) {
    this.#onProblem = options.onProblem;
    this.#value = new RefreshedValue({
      ...options,
      initial: NOTHING_READ,
      fetch: async (signal) => inForceBy(await fetch(signal)),
      maxAgeMs,
      patience: { firstMs: PATIENCE_MS.firstSettings, refreshMs: PATIENCE_MS.settings },
      timeoutMs: READ_TIMEOUT_MS,
    });
  }

  /** Never throws, and takes at most a second. Returns the same object until something changes. */
  async read(): Promise<SettingsInForce> {
    const current = await this.#value.current();
    if (current !== this.#current) {
      const { value, problem } = current;
      const isNewlyAbsent = value === NOTHING_THERE && this.#current?.value !== NOTHING_THERE;
      if (isNewlyAbsent && value.problem !== undefined) this.#onProblem(value.problem);
      this.#inForce = problem === undefined ? value : { ...value, problem };
      this.#current = current;
    }
    return this.#inForce;
  }

  /** Ends a pending read, since the invocation ends. */
  async settle(deadlineMs: number): Promise<void> {
    await this.#value.settle(deadlineMs);
  }
}

const NAMES: Readonly<Record<SettingsSource, string>> = {
  operator: 'the settings',
  initial: 'the initial settings',
};

/** @throws Error if the settings to be put in force are invalid */
function inForceBy(stored: StoredSettings): SettingsInForce {
  const found = valueInForce(stored);
  if (found === undefined) return NOTHING_THERE;
  const { value, source, version, changedAtMs } = found;
  const read = readSettings(value);
  if (!read.ok) throw new Error(`version ${version} of ${NAMES[source]} is invalid: ${read.reason}`);
  return {
    settings: read.settings,
    origin: { source, version, changedAtMs },
    unknownKeys: read.unknownKeys,
  };
}
