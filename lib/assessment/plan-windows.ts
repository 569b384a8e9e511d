import type { LookUpRound } from '../reputation/look-up-round.ts';
import type { BatchOptions } from './assess-batch.ts';
import type { BatchFailures } from './batch-failures.ts';
import { lookUpSubjects } from './look-up-subjects.ts';
import { type LookupsOf, type MessagePlan, planRecords } from './plan-message.ts';
import type { QueuedMessage } from './queued-message.ts';
import { type ReadMessage, readMessage } from './read-message.ts';

/** Kept back from the items' time for the summaries, which are written after them. */
export const SUMMARY_RESERVE_MS = 2_000;

/** Kept back from the look-ups' time for the writes that follow them. */
const LOOK_UP_RESERVE_MS = SUMMARY_RESERVE_MS + 1_000;

/**
 * Records that are planned before they are written: an ordinary batch is one window, so that its verdicts don't
 * wait for writes; a larger one takes no more memory for it.
 */
const WINDOW_RECORDS = 5_000;

/** What messages with one body have in common. */
interface ReadContent {
  readonly read: ReadMessage;
  /** Message ids; more than one where the same body came twice. */
  readonly deliveries: readonly string[];
}

/** A planned message: what was read, and the writes that it leads to. */
export interface Content {
  readonly plan: MessagePlan;
  /** How long after the invocation's start its verdicts were there. */
  readonly milliseconds: number;
  readonly deliveries: readonly string[];
  /** What it was planned from; kept only where it may be planned again. */
  readonly open?: OpenContent;
}

/** What is read, and has addresses to be looked up. */
export interface OpenContent extends ReadContent {
  /** Those of which its own records lack something: what its neighbours lack does not concern it. */
  readonly wanted: ReadonlySet<string>;
}

export interface Window {
  readonly contents: readonly Content[];
  readonly round?: LookUpRound;
}

/**
 * Plans window after window. A message is planned as soon as it is read, so that its verdicts don't wait for its
 * neighbours, unless more is to be found out about its addresses than memory knows.
 */
export async function* planWindows(
  messages: readonly QueuedMessage[],
  options: BatchOptions,
  failures: BatchFailures,
): AsyncGenerator<Window> {
  const { lookUp, startedAtMs, deadlineMs } = options;
  if (lookUp === undefined) {
    const plan = (content: ReadContent) => planContent(content, options, failures);
    for (const contents of readWindows(messages, options, failures, plan)) yield { contents };
    return;
  }
  const { service, keys } = lookUp;
  const subjectOptions = { isLocal: options.isLocal, withDocumentation: lookUp.withDocumentation };
  let round = service.start(keys);
  const planWhatIsKnown = (content: ReadContent) => {
    const open = failures.spare('choosing look-ups', () => {
      const subjects = lookUpSubjects(content.read, subjectOptions);
      const wanted = subjects.filter(({ sources }) => sources.size > 0).map(({ address }) => address);
      return { ...content, wanted: new Set(wanted), isAll: service.add(round, subjects) };
    });
    if (open === undefined) return planContent(content, options, failures);
    return open.isAll ? planLookedUp(open, round, options, failures) : open;
  };

  for (const window of readWindows(messages, options, failures, planWhatIsKnown)) {
    if (!window.every(isPlanned)) {
      const find = () => service.find(round, startedAtMs, deadlineMs - LOOK_UP_RESERVE_MS);
      await failures.spareAsync('looking up', find);
    }
    const contents = window.flatMap((content) => {
      if (isPlanned(content)) return content;
      const planned = planLookedUp(content, round, options, failures);
      return planned === undefined ? [] : { ...planned, open: content };
    });
    yield { contents, round };
    round = service.start(keys);
  }
}

function isPlanned(content: OpenContent | Content): content is Content {
  return 'plan' in content;
}

/** Plans a message with what a round of look-ups has found out about its addresses until now. */
export function planLookedUp(
  content: OpenContent,
  round: LookUpRound,
  options: BatchOptions,
  failures: BatchFailures,
): Content | undefined {
  return planContent(content, options, failures, (address) =>
    content.wanted.has(address) ? round.lookupsOf(address) : undefined,
  );
}

/** Reads each distinct body once: two puts of one key would fail a whole write. */
function* readWindows<Element>(
  messages: readonly QueuedMessage[],
  { now = Date.now, deadlineMs, isLocal }: BatchOptions,
  failures: BatchFailures,
  use: (content: ReadContent) => Element | undefined,
): Generator<Element[]> {
  let window: Element[] = [];
  let records = 0;
  for (const delivered of Map.groupBy(messages, ({ body }) => body).values()) {
    const [message] = delivered;
    const deliveries = delivered.map(({ messageId }) => messageId);
    if (message === undefined) continue;
    if (now() >= deadlineMs - SUMMARY_RESERVE_MS) {
      failures.fail(deliveries, 'no time left to score the message');
      continue;
    }
    const read = failures.attempt('reading', deliveries, () => readMessage(message, isLocal));
    const element = read && use({ read, deliveries });
    if (read === undefined || element === undefined) continue;
    window.push(element);
    records += read.stored + read.duplicates + read.rejected.length;
    if (records < WINDOW_RECORDS) continue;
    yield window;
    window = [];
    records = 0;
  }
  if (window.length > 0) yield window;
}

function planContent(
  { read, deliveries }: ReadContent,
  options: BatchOptions,
  failures: BatchFailures,
  lookupsOf?: LookupsOf,
): Content | undefined {
  const { now = Date.now, startedAtMs } = options;
  const plan = failures.attempt('planning', deliveries, () =>
    planRecords(read, deliveries, options, lookupsOf),
  );
  for (const defect of plan?.defects ?? []) failures.noteDefect('scoring a record', defect);
  return plan && { plan, milliseconds: now() - startedAtMs, deliveries };
}
