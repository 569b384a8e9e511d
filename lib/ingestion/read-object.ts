import { ObjectReplacedError, ObjectUnreadableError } from '../aws/s3-errors.ts';
import { ServiceError } from '../aws/service-error.ts';
import { EmptyInputError, InputError } from '../logs/input-error.ts';
import type { Log } from '../logs/log.ts';
import { isTextFormat } from '../logs/log-format.ts';
import { readLog } from '../logs/read-log.ts';
import { resumeTextLog } from '../logs/read-text-log.ts';
import { InputDamagedError } from '../logs/readable-entries.ts';
import { claimObject } from '../store/claim-object.ts';
import {
  type LogObject,
  NOTHING_READ,
  type NotifiedObject,
  type ObjectProgress,
  type ObjectState,
} from '../store/log-object.ts';
import type { ReadAs } from '../store/update-object.ts';
import { type LogSourceSettings, sourceOf } from './log-sources.ts';
import { LeaseLostError, ObjectLease } from './object-lease.ts';
import { countsSince, type Ending, type ObjectOutcome } from './object-outcome.ts';
import { ObjectReading } from './object-reading.ts';
import type { ReadObjectOptions } from './read-options.ts';
import { type OpenObject, openObject } from './s3-object.ts';

export interface ObjectRequest {
  readonly object: NotifiedObject;
  /** When the queue first received the notification, epoch milliseconds. */
  readonly notifiedAtMs: number;
  /** Whether a human requested the retry. */
  readonly isRetry: boolean;
}

/** Consecutive deliveries that crash or make no progress before the object goes to the dead-letter queue. */
const MOST_ATTEMPTS = 3;

/** Retried rather than dropped: the lease's holder may have crashed, and this message may be the only one left. */
const BUSY = { kind: 'again', reason: 'another invocation is reading it' } as const;

/** The setting that names log formats, for messages. */
const FORMAT_OPTION = "`format` in the environment's `logFiles`";

/** The time is up and nothing is complete. */
class OutOfTimeError extends Error {
  override readonly name = 'OutOfTimeError';
}

/**
 * Reads an object in S3 after a notification, and sends its records. Other notifications of the same object, now or later,
 * see in the table that it is being read or has been. Every path ends in a stored state:
 *
 * ```
 * claim --> read, send, save progress -> done
 *                  |-- time is up -----> saved, released, continued by a message
 *                  |-- external fault -> saved, released, delivered again
 *                  |-- bad object -----> dead-letter queue, failed
 *                  `-- crash -----------> lease ends, delivered again: resumed from saved progress
 * ```
 *
 * In each path the message is sent before the state is saved, or is still on the queue: a crash between two steps repeats
 * one of them and loses nothing.
 */
export async function readObject(request: ObjectRequest, options: ReadObjectOptions): Promise<ObjectOutcome> {
  const reader = new ObjectReader(request, options);
  const ending = await reader.run();
  return { ...ending, ...reader.figures } as ObjectOutcome;
}

class ObjectReader {
  readonly #request: ObjectRequest;
  readonly #options: ReadObjectOptions;
  /** Set while this invocation holds the object. */
  #lease: ObjectLease | undefined;
  #reading: ObjectReading | undefined;
  #readAs: ReadAs = {};
  #fetchedBytes = 0;

  constructor(request: ObjectRequest, options: ReadObjectOptions) {
    this.#request = request;
    this.#options = options;
  }

  get figures(): Pick<ObjectOutcome, 'read' | 'fetchedBytes'> {
    const before = this.#lease?.object.progress.counts ?? NOTHING_READ.counts;
    return { read: countsSince(before, this.#progress.counts), fetchedBytes: this.#fetchedBytes };
  }

  get #progress(): ObjectProgress {
    return this.#reading?.progress ?? this.#lease?.object.progress ?? NOTHING_READ;
  }

  async run(): Promise<Ending> {
    try {
      return await this.#claimAndRead();
    } catch (error) {
      return await this.#endAfter(error);
    }
  }

  async #claimAndRead(): Promise<Ending> {
    const { object, notifiedAtMs, isRetry } = this.#request;
    const { table, packer, retentionSeconds, slice, sources, now } = this.#options;
    const source = sourceOf(sources, object);
    if (source === undefined) {
      return await this.#fail('its key has none of the prefixes that this environment reads');
    }
    const claim = {
      ...{ object, notifiedAtMs, packer, retentionSeconds, isRetry },
      lease: { owner: slice.owner, untilMs: slice.leaseUntilMs },
    };
    const claimed = await claimObject(table, claim, { deadlineMs: slice.deadlineMs, now });
    if (claimed.kind === 'busy') return BUSY;
    if (claimed.kind === 'over') return { kind: 'passed', why: claimed.state };
    const lease = new ObjectLease(claimed.object, this.#options);
    this.#lease = lease;
    const { attempts } = claimed.object;
    if (attempts > MOST_ATTEMPTS) {
      return await this.#fail(`${attempts - 1} attempts to read it made no progress: see the log`);
    }
    return await this.#read(lease, source);
  }

  async #read(lease: ObjectLease, source: LogSourceSettings): Promise<Ending> {
    const { slice, now } = this.#options;
    const cutOff = new AbortController();
    const timer = setTimeout(() => cutOff.abort(), Math.max(0, slice.deadlineMs - now()));
    try {
      const log = await this.#openLog(lease.object, source, cutOff.signal);
      this.#readAs = { format: log.format, unit: log.unit };
      const reading = new ObjectReading(lease.object, log, this.#options, (progress) =>
        lease.note({ kind: 'progress', progress, read: this.#readAs }),
      );
      this.#reading = reading;
      return (await reading.run()) === 'all' ? await this.#finish() : await this.#sendOn();
    } finally {
      clearTimeout(timer);
    }
  }

  /** Opens the log at the saved progress, skipping earlier data if possible. */
  async #openLog(object: LogObject, { format }: LogSourceSettings, signal: AbortSignal): Promise<Log> {
    const { s3, limits } = this.#options;
    const { position, entries, resume } = object.progress;
    const from = { position, entries };
    const isSameFormat = format === undefined || format === object.format;
    if (resume !== undefined && isSameFormat && isTextFormat(object.format)) {
      const open = await openObject(s3, object, { signal, from: resume.byte });
      const isNamed = format !== undefined;
      return resumeTextLog(this.#timed(open), { format: object.format, isNamed, from, at: resume, limits });
    }
    const open = await openObject(s3, object, { signal });
    const log = { chunks: this.#timed(open), random: open.random };
    return await readLog(log, { format, formatOption: FORMAT_OPTION, from, limits });
  }

  async *#timed({ chunks }: OpenObject): AsyncGenerator<Buffer> {
    const { slice, now } = this.#options;
    for await (const chunk of chunks) {
      if (now() >= slice.deadlineMs) throw new OutOfTimeError('out of time');
      this.#fetchedBytes += chunk.length;
      yield chunk;
    }
  }

  async #endAfter(error: unknown): Promise<Ending> {
    try {
      if (error instanceof LeaseLostError) return BUSY;
      if (error instanceof EmptyInputError) return await this.#finish();
      if (error instanceof ObjectReplacedError) {
        await this.#end('replaced');
        return { kind: 'replaced' };
      }
      if (error instanceof ObjectUnreadableError || error instanceof InputError) {
        return await this.#fail(error.message);
      }
      if (error instanceof InputDamagedError) return await this.#fail(error.message);
      if (this.#isOutOfTime(error)) return await this.#endOutOfTime();
      const reason = lineOf(error);
      const isFault = !(error instanceof ServiceError);
      await this.#release({ reason, keepsAttempts: isFault });
      return { kind: 'again', reason, ...(isFault && { defect: error }) };
    } catch (another) {
      if (another instanceof LeaseLostError) return BUSY;
      return { kind: 'again', reason: lineOf(another) };
    }
  }

  /** A fetch aborted by the deadline fails like any broken connection. */
  #isOutOfTime(error: unknown): boolean {
    const { slice, now } = this.#options;
    return error instanceof OutOfTimeError || (error instanceof ServiceError && now() >= slice.deadlineMs);
  }

  async #endOutOfTime(): Promise<Ending> {
    const object = this.#lease?.object;
    if (object === undefined) return { kind: 'again', reason: 'out of time' };
    if (this.#progress.counts.read > object.progress.counts.read) return await this.#sendOn();
    if (object.attempts < MOST_ATTEMPTS) {
      const reason = 'out of time before anything was read';
      await this.#release({ reason, keepsAttempts: true });
      return { kind: 'again', reason };
    }
    return await this.#fail(
      object.progress.position === 0
        ? 'the function ran out of time before it found anything to send'
        : 'reading up to the previous position takes longer than the function may run: split the file',
    );
  }

  async #finish(): Promise<Ending> {
    await this.#end('done');
    return { kind: 'done', total: this.#progress.counts };
  }

  async #sendOn(): Promise<Ending> {
    await this.#release();
    await this.#options.sendOn(this.#request.object);
    return { kind: 'continued' };
  }

  async #fail(reason: string): Promise<Ending> {
    await this.#options.putAside(this.#request.object, reason);
    await this.#end('failed', reason);
    return { kind: 'failed', reason };
  }

  async #release(why: { readonly reason?: string; readonly keepsAttempts?: boolean } = {}): Promise<void> {
    await this.#lease?.note({ kind: 'release', progress: this.#progress, read: this.#readAs, ...why });
  }

  async #end(state: Exclude<ObjectState, 'reading'>, reason?: string): Promise<void> {
    await this.#lease?.note({
      kind: 'end',
      state,
      progress: this.#progress,
      read: this.#readAs,
      ...(reason !== undefined && { reason }),
    });
  }
}

function lineOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
