import { readFileSync } from 'node:fs';
import type { VirusTotalIntel } from '../../../consensus/scoring-input.ts';
import { withFile } from '../../../files/file-error.ts';
import { isApiKey } from '../../../intelligence/keys/key-parameters.ts';
import { askProvider } from '../../../intelligence/providers/ask-provider.ts';
import { PROVIDERS } from '../../../intelligence/providers/providers.ts';
import type { LogEntry } from '../../../logs/log-entry.ts';
import { remoteEndpoint } from '../../../records/endpoint.ts';
import type { IsLocal } from '../../../records/locality.ts';
import { CliError } from '../../cli-error.ts';
import { providerUrl } from '../keys/provider-url.ts';
import type { IntelOf } from './score-window.ts';

export interface LookUpOptions {
  readonly virustotalKeyFile?: string;
  /** Maximum number of addresses to look up. */
  readonly lookups?: number;
}

/** A free key's quota a minute. */
const DEFAULT_CALLS = 4;
const TIMEOUT_MS = 15_000;
/** A provider that fails this often is not asked any more. */
const MOST_FAILURES = 3;

/** Looks addresses up at VirusTotal while a log is scored: those without evidence, a window's busiest first. */
export class WindowLookUps {
  readonly #key: string;
  readonly #isLocal: IsLocal;
  readonly #answers = new Map<string, VirusTotalIntel | undefined>();
  #callsLeft: number;
  #failures = 0;
  /** Why no more addresses were looked up, in one line; undefined if all went well. */
  problem: string | undefined;

  private constructor(key: string, calls: number, isLocal: IsLocal) {
    this.#key = key;
    this.#callsLeft = calls;
    this.#isLocal = isLocal;
  }

  /**
   * @returns undefined if no key is named
   * @throws {CliError} if the key file is empty
   */
  static open(
    { virustotalKeyFile: path, lookups }: LookUpOptions,
    isLocal: IsLocal,
  ): WindowLookUps | undefined {
    if (path === undefined) return undefined;
    const key = withFile({ action: 'read', path, what: 'the key' }, () => readFileSync(path, 'utf8')).trim();
    if (key === '' || !isApiKey(key))
      throw new CliError(`${path} holds no key: expected one line of up to 512 characters`);
    return new WindowLookUps(key, lookups ?? DEFAULT_CALLS, isLocal);
  }

  /** @throws {CliError} if VirusTotal rejects the key */
  async inform(window: readonly LogEntry[], intelOf: IntelOf): Promise<void> {
    for (const address of this.#unknownIn(window, intelOf)) {
      if (this.#callsLeft === 0 || this.#failures === MOST_FAILURES) return;
      this.#callsLeft--;
      await this.#ask(address);
    }
  }

  /** Everything known about a connection's address, including look-ups. */
  beside(intelOf: IntelOf): IntelOf {
    return (record, endpoint) => {
      const known = intelOf(record, endpoint);
      const virustotal = this.#answers.get(endpoint.address);
      return virustotal === undefined || known?.virustotal !== undefined ? known : { ...known, virustotal };
    };
  }

  #unknownIn(window: readonly LogEntry[], intelOf: IntelOf): string[] {
    const connections = new Map<string, number>();
    for (const entry of window) {
      if (entry.kind !== 'connection') continue;
      const endpoint = remoteEndpoint(entry.record, this.#isLocal);
      const { address, direction } = endpoint;
      const isKnown = this.#answers.has(address) || intelOf(entry.record, endpoint) !== undefined;
      if (isKnown || direction === 'internal' || this.#isLocal(address)) continue;
      connections.set(address, (connections.get(address) ?? 0) + 1);
    }
    return [...connections].sort(([, a], [, b]) => b - a).map(([address]) => address);
  }

  async #ask(address: string): Promise<void> {
    const outcome = await askProvider({
      provider: PROVIDERS.virustotal,
      baseUrl: providerUrl('virustotal'),
      address,
      key: this.#key,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (outcome.status === 'answered') {
      const { answer } = outcome;
      this.#answers.set(address, answer.kind === 'known' ? (answer.intel as VirusTotalIntel) : undefined);
    } else if (outcome.status === 'bad_key') {
      throw new CliError('VirusTotal rejects the key');
    } else if (outcome.status === 'limited') {
      this.#callsLeft = 0;
      this.problem = 'VirusTotal accepts no more calls with this key for now';
    } else if (++this.#failures === MOST_FAILURES) {
      this.problem = `VirusTotal failed ${MOST_FAILURES} times: ${outcome.reason}`;
    }
  }
}
