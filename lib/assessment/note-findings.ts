import { announceSightings } from '../announcement/announce-sightings.ts';
import { FINDING_KINDS, findingUid } from '../announcement/announcement.ts';
import type { AnnouncementSettings } from '../announcement/announcement-settings.ts';
import { decide, mayBeAnnounced } from '../announcement/decide.ts';
import { type Decided, readDecided } from '../announcement/decided.ts';
import type { Sighting } from '../announcement/sighting.ts';
import { updateFinding } from '../announcement/update-finding.ts';
import { chunksOf } from '../aws/chunks.ts';
import type { Patience } from '../aws/retry.ts';
import { type ServiceError, toServiceError } from '../aws/service-error.ts';
import { workThrough } from '../aws/worker-pool.ts';
import { type Announced, getAnnounced, replaceAnnounced } from '../store/announced.ts';
import type { Finding } from '../store/finding.ts';
import { getFindings, replaceFinding } from '../store/findings.ts';
import { findingKey, keyText } from '../store/keys.ts';
import type { TableAccess } from '../store/table-access.ts';
import { RecentMap } from './recent-map.ts';

/** About 20 MB of memory; an execution environment that forgets an entry reads it again. */
const MOST_REMEMBERED = 20_000;
/** BatchGetItem takes 100 keys. */
const KEYS_PER_READ = 100;
/** Requests in flight. */
const CONCURRENCY = 16;

/** The result of noting sightings. */
export interface Noted {
  /** Why an address could not be noted. */
  readonly failures: ReadonlyMap<string, ServiceError>;
  readonly findingsWritten: number;
  /** New announcements in the outbox. */
  readonly announcements: number;
}

/** What an execution environment has noted or read before. */
interface Memory {
  /** By the text of their keys. */
  readonly findings: RecentMap<string, Finding>;
  /** By address. */
  readonly decided: RecentMap<string, Decided>;
}

/**
 * Stores findings, and decides which of them are announced. An execution environment remembers what it noted, so that
 * ongoing activity costs nothing; what it does not know it reads in batches. Several environments may note the same
 * address: each write succeeds only if there was no other write in between, and is recomputed if there was.
 */
export class FindingNotes {
  readonly #table: TableAccess;
  readonly #settings: AnnouncementSettings;
  readonly #memory: Memory = {
    findings: new RecentMap(MOST_REMEMBERED),
    decided: new RecentMap(MOST_REMEMBERED),
  };

  constructor(table: TableAccess, settings: AnnouncementSettings) {
    this.#table = table;
    this.#settings = settings;
  }

  /** Notes sightings of several units, in any order. */
  async note(sightings: readonly Sighting[], patience: Patience): Promise<Noted> {
    const news = sightings.filter((sighting) => this.#isNews(sighting));
    return await new NotingRound(this.#table, this.#settings, this.#memory, patience).note(news);
  }

  /** Whether there may be something to write, as far as memory knows. Other writers can only reduce it. */
  #isNews(sighting: Sighting): boolean {
    const { findings, decided } = this.#memory;
    if (updateFinding(findings.get(keyOf(sighting)), [sighting]) !== undefined) return true;
    if (!mayBeAnnounced(sighting, this.#settings)) return false;
    const known = decided.get(sighting.address);
    return known === undefined || decide(known, sighting, this.#settings) !== undefined;
  }
}

class NotingRound {
  readonly #table: TableAccess;
  readonly #settings: AnnouncementSettings;
  readonly #memory: Memory;
  readonly #patience: Patience;
  /** Announcement state by address, as far as it was read in this round. */
  readonly #announced = new Map<string, Announced>();
  readonly #failures = new Map<string, ServiceError>();
  #findingsWritten = 0;
  #announcements = 0;

  constructor(table: TableAccess, settings: AnnouncementSettings, memory: Memory, patience: Patience) {
    this.#table = table;
    this.#settings = settings;
    this.#memory = memory;
    this.#patience = patience;
  }

  async note(sightings: readonly Sighting[]): Promise<Noted> {
    const byAddress = [...Map.groupBy(sightings, ({ address }) => address)];
    await workThrough(chunksOf(byAddress, KEYS_PER_READ), CONCURRENCY, async (chunk) => {
      const addresses = chunk.map(([address]) => address);
      await this.#attempt(addresses, () => this.#read(chunk.flatMap(([, own]) => own)));
    });
    const readable = byAddress.filter(([address]) => !this.#failures.has(address));
    await workThrough(readable, CONCURRENCY, async ([address, own]) => {
      await this.#attempt([address], () => this.#noteAddress(address, own));
    });
    return {
      failures: this.#failures,
      findingsWritten: this.#findingsWritten,
      announcements: this.#announcements,
    };
  }

  async #attempt(addresses: readonly string[], work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const problem = toServiceError(error, 'record findings');
      for (const address of addresses) this.#failures.set(address, problem);
    }
  }

  /** Reads what is not remembered, and, for addresses that may be announced, the items that have to be written back. */
  async #read(sightings: readonly Sighting[]): Promise<void> {
    const { findings } = this.#memory;
    const unknown = new Map(sightings.map((sighting) => [keyOf(sighting), sighting]));
    for (const key of unknown.keys()) if (findings.get(key) !== undefined) unknown.delete(key);
    const announceable = sightings.filter((sighting) => mayBeAnnounced(sighting, this.#settings));
    const subjects = [...new Set(announceable.map(({ address }) => address))];
    const [found, announced] = await Promise.all([
      getFindings(this.#table, [...unknown.values()], this.#patience),
      getAnnounced(this.#table, subjects, this.#patience),
    ]);
    for (const [key, finding] of found) findings.set(key, finding);
    for (const [address, each] of announced) this.#announced.set(address, each);
  }

  /** Announcements are decided first, so that findings can list them. */
  async #noteAddress(address: string, sightings: readonly Sighting[]): Promise<void> {
    await this.#announce(address, sightings);
    for (const [key, own] of Map.groupBy(sightings, keyOf)) await this.#noteFinding(key, own);
  }

  async #announce(address: string, sightings: readonly Sighting[]): Promise<void> {
    let known = this.#announced.get(address);
    for (;;) {
      const nowMs = this.#patience.now?.() ?? Date.now();
      const result = announceSightings(known, sightings, this.#settings, nowMs);
      const isWritten =
        result === undefined || (await replaceAnnounced(this.#table, result.announced, this.#patience));
      if (isWritten) {
        const decided = result?.decided ?? (known && readDecided(known.decided));
        if (decided !== undefined) this.#memory.decided.set(address, decided);
        this.#announcements += result?.added ?? 0;
        return;
      }
      known = (await getAnnounced(this.#table, [address], this.#again)).get(address);
      // The item exists but is not understood: whoever wrote it knows what was announced.
      if (known === undefined) return;
    }
  }

  async #noteFinding(key: string, sightings: readonly Sighting[]): Promise<void> {
    let known = this.#memory.findings.get(key);
    for (;;) {
      const finding = this.#updated(known, sightings);
      if (finding === undefined) break;
      if (await replaceFinding(this.#table, finding, this.#patience)) {
        known = { ...finding, revision: finding.revision + 1 };
        this.#findingsWritten++;
        break;
      }
      known = (await getFindings(this.#table, sightings.slice(0, 1), this.#again)).get(key);
      if (known === undefined) return;
    }
    if (known !== undefined) this.#memory.findings.set(key, known);
  }

  /** @returns the finding to be written; undefined if it has no news */
  #updated(known: Finding | undefined, sightings: readonly Sighting[]): Finding | undefined {
    const news = updateFinding(known, sightings);
    const finding = news ?? known;
    if (finding === undefined) return undefined;
    const announced = this.#announcedOf(finding);
    const isSaid = announced.every((kind) => finding.announced.includes(kind));
    return news === undefined && isSaid ? undefined : { ...finding, announced };
  }

  #announcedOf(finding: Finding): string[] {
    const decided = this.#memory.decided.get(finding.address) ?? {};
    const kinds = FINDING_KINDS.filter((kind) => {
      const decision = decided[kind];
      return decision?.finding === findingUid(finding) && !decision.isSilent;
    });
    return [...new Set([...finding.announced, ...kinds])];
  }

  get #again() {
    return { ...this.#patience, isConsistent: true };
  }
}

function keyOf(sighting: Sighting): string {
  return keyText(findingKey(sighting));
}
