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
  /** Aborts after so many milliseconds. */
  readonly timeout?: (milliseconds: number) => AbortSignal;
}

const MAX_AGE_MS = 30_000;
/** So that environments that started together do not read together for ever: up to this share is added to the age. */
const JITTER = 0.2;
/** A refresh that takes longer would cost assessments their promised latency, and there is a value to go on with. */
const REFRESH_TIMEOUT_MS = 250;
/** There is none yet: being wrong for the next half minute is worse than being late once. */
const FIRST_TIMEOUT_MS = 1_000;

/**
 * Knows the settings in force. The parameter is read at most once in `maxAgeMs`, whether that works or not; what was
 * last good stays in force while it is invalid or unreachable, and until there is something good it is `legacy`.
 *
 * ```
 * invocations  |  |   | |        |      |   |
 * reads        r                 r          r       at the first invocation after 30 to 36 s
 * ```
 */
export class SettingsReader {
  readonly #options: Required<SettingsReaderOptions>;
  #inForce: SettingsInForce = { settings: DEFAULT_SETTINGS, version: 0, unknownKeys: [] };
  #nextReadAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: SettingsReaderOptions) {
    this.#options = {
      maxAgeMs: MAX_AGE_MS,
      now: Date.now,
      random: Math.random,
      timeout: (milliseconds) => AbortSignal.timeout(milliseconds),
      ...options,
    };
  }

  /** Never throws, and takes a second at most. */
  async read(): Promise<SettingsInForce> {
    const { now, random, maxAgeMs } = this.#options;
    if (now() >= this.#nextReadAtMs) {
      this.#inForce = await this.#refreshed();
      this.#nextReadAtMs = now() + maxAgeMs * (1 + JITTER * random());
    }
    return this.#inForce;
  }

  async #refreshed(): Promise<SettingsInForce> {
    const { fetch, timeout } = this.#options;
    const isFirst = this.#inForce.version === 0;
    try {
      const { value, version } = await fetch(timeout(isFirst ? FIRST_TIMEOUT_MS : REFRESH_TIMEOUT_MS));
      const read = readSettings(value);
      if (read.ok) return { settings: read.settings, version, unknownKeys: read.unknownKeys };
      return this.#withProblem(`version ${version} of the settings is invalid: ${read.reason}`);
    } catch (error) {
      return this.#withProblem(error instanceof Error ? error.message : String(error));
    }
  }

  #withProblem(problem: string): SettingsInForce {
    if (problem !== this.#inForce.problem) this.#options.onProblem(problem);
    const { settings, version, unknownKeys } = this.#inForce;
    return { settings, version, unknownKeys, problem };
  }
}
