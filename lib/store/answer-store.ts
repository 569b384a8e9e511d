import { UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { chunksOf } from '../aws/chunks.ts';
import { isConditionFailure, toServiceError } from '../aws/service-error.ts';
import { workThrough } from '../aws/worker-pool.ts';
import type { AnswerStore, KeptAnswer, KeptAnswers } from '../intelligence/kept-answers.ts';
import type { ProviderAnswer, ProviderName } from '../intelligence/providers/provider.ts';
import { addressOfAnswer, answerKey, type ItemKey } from './keys.ts';
import { getItems } from './query.ts';
import { readUnderstood } from './readable.ts';
import type { TableAccess } from './table-access.ts';
import { SCHEMA_VERSION } from './table-schema.ts';

/** One item for each address: the answer of each provider, under its name. */
interface AnswerItem extends ItemKey {
  readonly schema: number;
  readonly virustotal?: StoredAnswer;
  readonly abuseipdb?: StoredAnswer;
}

/** Times are epoch seconds, as everywhere in the table except in `ingested_at`. */
interface StoredAnswer {
  readonly kind: ProviderAnswer['kind'];
  readonly intel?: Readonly<Record<string, unknown>>;
  readonly answered_at: number;
  readonly fresh_until: number;
}

const SECONDS_PER_DAY = 86_400;
/** An old answer is useful for a week while the provider is down. */
const KEEP_SECONDS = 8 * SECONDS_PER_DAY;
/** Longest wait for the table. */
const REQUEST_TIMEOUT_MS = 1_000;
/** BatchGetItem takes 100 keys; requests at the same time. */
const KEYS_PER_READ = 100;
const CONCURRENCY = 8;
const NOTHING: KeptAnswers = {};

/**
 * Stores providers' answers in the table.
 *
 * @param origin separates the answers of stand-ins for the providers from real ones; empty for the providers themselves
 */
export function createAnswerStore(table: TableAccess, origin: string): AnswerStore {
  const { client, tableName } = table;
  const update = async (key: ItemKey, request: Omit<UpdateCommandInput, 'TableName' | 'Key'>) => {
    const command = new UpdateCommand({ TableName: tableName, Key: key, ...request });
    await client.send(command, { abortSignal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
  };
  return {
    async read(addresses, deadlineMs) {
      const found = new Map<string, KeptAnswers>();
      const readChunk = async (chunk: readonly string[]) => {
        const keys = chunk.map((address) => answerKey(address, origin));
        for await (const item of getItems<AnswerItem>(table, keys, { deadlineMs })) {
          const answers = readUnderstood(table, item, readAnswerItem);
          if (answers !== undefined) found.set(addressOfAnswer(item), answers);
        }
        for (const address of chunk) if (!found.has(address)) found.set(address, NOTHING);
      };
      // What arrived in time is useful even if the rest did not.
      await workThrough(chunksOf(addresses, KEYS_PER_READ), CONCURRENCY, readChunk).catch(() => {});
      return found;
    },

    async claim(provider, address, nowMs, untilMs) {
      const isFree = 'attribute_not_exists(#claim) OR #claim < :now';
      const isUnanswered = 'attribute_not_exists(#answer) OR #answer.fresh_until < :now_seconds';
      try {
        await update(answerKey(address, origin), {
          ConditionExpression: `(${isFree}) AND (${isUnanswered})`,
          UpdateExpression:
            'SET #claim = :until, #schema = :schema, expires_at = if_not_exists(expires_at, :expires_at)',
          ExpressionAttributeNames: {
            '#claim': claimOf(provider),
            '#answer': provider,
            '#schema': 'schema',
          },
          ExpressionAttributeValues: {
            ':now': nowMs,
            ':now_seconds': nowMs / 1000,
            ':until': untilMs,
            ':schema': SCHEMA_VERSION,
            ':expires_at': Math.ceil(nowMs / 1000) + SECONDS_PER_DAY,
          },
        });
        return true;
      } catch (error) {
        if (isConditionFailure(error)) return false;
        throw toServiceError(error, 'claim a look-up');
      }
    },

    async keep(provider, address, kept) {
      try {
        await update(answerKey(address, origin), {
          UpdateExpression:
            'SET #answer = :answer, #schema = :schema, expires_at = :expires_at REMOVE #claim',
          ExpressionAttributeNames: {
            '#answer': provider,
            '#schema': 'schema',
            '#claim': claimOf(provider),
          },
          ExpressionAttributeValues: {
            ':answer': storedAnswer(kept),
            ':schema': SCHEMA_VERSION,
            ':expires_at': Math.ceil(kept.answeredAtMs / 1000) + KEEP_SECONDS,
          },
        });
      } catch (error) {
        throw toServiceError(error, 'cache an answer');
      }
    },
  };
}

const KINDS: ReadonlySet<ProviderAnswer['kind']> = new Set(['known', 'unknown', 'refused']);

function claimOf(provider: ProviderName): string {
  return `${provider}_claimed_until`;
}

function storedAnswer({ answer, answeredAtMs, freshUntilMs }: KeptAnswer): StoredAnswer {
  return {
    kind: answer.kind,
    ...(answer.kind === 'known' && { intel: { ...answer.intel } }),
    answered_at: answeredAtMs / 1000,
    fresh_until: freshUntilMs / 1000,
  };
}

function readAnswerItem({ virustotal, abuseipdb }: AnswerItem): KeptAnswers {
  return {
    ...(virustotal !== undefined && { virustotal: readAnswer(virustotal) }),
    ...(abuseipdb !== undefined && { abuseipdb: readAnswer(abuseipdb) }),
  };
}

/** @throws TypeError if it is not what this version writes */
function readAnswer({ kind, intel, answered_at, fresh_until }: StoredAnswer): KeptAnswer {
  const isIntelFit = kind === 'known' ? typeof intel === 'object' && intel !== null : KINDS.has(kind);
  if (!isIntelFit || !Number.isFinite(answered_at) || !Number.isFinite(fresh_until)) {
    throw new TypeError('not the answer of a provider');
  }
  const answer = (kind === 'known' ? { kind, intel } : { kind }) as ProviderAnswer;
  return {
    answer,
    answeredAtMs: Math.round(answered_at * 1000),
    freshUntilMs: Math.round(fresh_until * 1000),
  };
}
