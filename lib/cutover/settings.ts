import * as z from 'zod';
import { type ConsensusSettings, DEFAULT_CONSENSUS_SETTINGS } from '../consensus/settings.ts';
import { SCORER_NAMES } from '../consensus/vote.ts';
import { ReportedError } from '../errors/reported-error.ts';
import type { SettingsNames } from './stored-settings.ts';

/** Which scorers run, in the order in which a deployment moves through the modes. */
export const MODES = ['legacy', 'parallel', 'consensus'] as const;
export type Mode = (typeof MODES)[number];

/** An operator's settings for an environment. */
export interface Settings extends ConsensusSettings {
  /**
   * `legacy`: only the legacy scorer runs. `parallel`: both run, and `consensusPercent` determines which score is used.
   * `consensus`: the legacy scorer runs only if there is no consensus.
   */
  readonly mode: Mode;
  /**
   * In mode `parallel`: for how many percent of the remote addresses the consensus score is used; an integer, 0-100.
   */
  readonly consensusPercent: number;
  /** Difference between consensus and legacy score above which they count as diverging, 0-1. */
  readonly divergenceThreshold: number;
  /**
   * Whether the consensus was put into use although the rollback alarm was not known to be OK. The rollback leaves such
   * settings alone until the alarm goes off again. Any later change clears it.
   */
  readonly forced?: boolean;
}

/** Values of missing keys. The thresholds are the engine's own defaults. */
export const DEFAULT_SETTINGS: Settings = {
  mode: 'legacy',
  consensusPercent: 0,
  ...DEFAULT_CONSENSUS_SETTINGS,
  divergenceThreshold: 0.2,
};

/** The value with which a deployment begins: the legacy score, and defaults for everything else. */
export const INITIAL_SETTINGS_VALUE = JSON.stringify(DEFAULT_SETTINGS);

/** Names of the parameters that hold an environment's settings. */
export function settingsNames(environment: string): SettingsNames {
  const path = `/threat-consensus/${environment}`;
  return { settings: `${path}/settings`, initial: `${path}/cutover/initial` };
}

const whole = (least: number, most: number) => {
  const error = `expected a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
};

const share = () => {
  const error = 'expected a number from 0 to 1';
  return z.number({ error }).min(0, { error }).max(1, { error });
};

const FIELDS = {
  mode: z.enum(MODES, { error: `expected ${MODES.join(' or ')}` }),
  consensusPercent: whole(0, 100),
  minScorers: whole(1, SCORER_NAMES.length),
  outlierThreshold: share(),
  uncertaintyThreshold: share(),
  maliciousThreshold: share(),
  divergenceThreshold: share(),
  forced: z.boolean({ error: 'expected true or false' }),
} satisfies Record<keyof Settings, z.ZodType>;

const schema = z.object(FIELDS).partial();
const KEYS: ReadonlySet<string> = new Set(Object.keys(FIELDS));

export type ReadSettings =
  | {
      readonly ok: true;
      readonly settings: Settings;
      /** Keys that this version does not know and ignores. */
      readonly unknownKeys: readonly string[];
    }
  /** One line: the error in the value. */
  | { readonly ok: false; readonly reason: string };

/**
 * Reads a parameter's value as leniently as the function does: unknown keys are ignored, so that a rollback to an older
 * version of the code works with a newer value, and missing ones have their defaults. A value out of range makes the
 * whole invalid.
 */
export function readSettings(text: string): ReadSettings {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, reason: `not JSON: ${quoted(text)}` };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { ok: false, reason: `expected a JSON object, got ${quoted(value)}` };
  }
  const read = schema.safeParse(value);
  if (!read.success) return { ok: false, reason: describe(read.error.issues, value) };
  const given = Object.entries(read.data).filter(([, setting]) => setting !== undefined);
  return {
    ok: true,
    settings: { ...DEFAULT_SETTINGS, ...Object.fromEntries(given) },
    unknownKeys: Object.keys(value).filter((key) => !KEYS.has(key)),
  };
}

/** Settings written by a person are invalid; the message is one line that says where. */
export class SettingsError extends ReportedError {
  override readonly name = 'SettingsError';
  readonly code = 'settings_invalid';
}

/**
 * Reads settings strictly, for those who write them: an unknown key is a typing error.
 *
 * @throws {SettingsError}
 */
export function parseSettings(text: string): Settings {
  const read = readSettings(text);
  if (!read.ok) throw new SettingsError(`settings: ${read.reason}`);
  const [unknown] = read.unknownKeys;
  if (unknown === undefined) return read.settings;
  throw new SettingsError(
    `settings: there is no key ${quoted(unknown)}; the keys are ${[...KEYS].join(', ')}`,
  );
}

function describe(issues: readonly z.core.$ZodIssue[], value: object): string {
  const byKey = new Map(issues.map(({ path: [key], message }) => [String(key), message]));
  const lines = [...byKey].map(([key, message]) => {
    const received = (value as Record<string, unknown>)[key];
    return `${key}: ${message}, got ${quoted(received)}`;
  });
  return lines.join('; ');
}

/** Longer values are cut when they are quoted. */
const QUOTED_CHARACTERS = 40;

function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= QUOTED_CHARACTERS ? text : `${text.slice(0, QUOTED_CHARACTERS)}...`;
}
