import * as z from 'zod';
import { numeric } from './number-text.ts';
import { MalformedAnswerError, type Provider, type ProviderErrorMeaning } from './provider.ts';

/** Maximum age of requested reports, days. */
const MAX_AGE_DAYS = 90;

const count = numeric(z.int().min(0).nullish()).transform((value) => value ?? 0);
const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? undefined);
const MAX_TEXT_LENGTH = 200;
const text = z
  .string()
  .max(MAX_TEXT_LENGTH)
  .nullish()
  .transform((value) => value || undefined);

/** The fields in use. Source: AbuseIPDB APIv2 documentation, "CHECK endpoint". */
const response = z.object({
  data: z.object({
    ipAddress: z.string().nullish(),
    abuseConfidenceScore: numeric(z.number().min(0).max(100).nullish()),
    totalReports: count,
    numDistinctUsers: numeric(z.int().min(0).nullish()),
    isWhitelisted: flag,
    isTor: flag,
    usageType: text,
    countryCode: text,
    lastReportedAt: text,
  }),
});

const errors = z.object({
  errors: z.array(z.object({ detail: z.string(), status: numeric(z.int()) })).min(1),
});

/** Source: AbuseIPDB APIv2 documentation, "Error handling". */
const MEANINGS: Readonly<Record<number, ProviderErrorMeaning>> = {
  400: 'refused',
  401: 'bad_key',
  403: 'bad_key',
  404: 'unknown',
  422: 'refused',
  429: 'limited',
};

/** Abuse reports by its users. An address without reports is still known: no one has reported it. */
export const abuseIpdb: Provider = {
  name: 'abuseipdb',
  baseUrl: 'https://api.abuseipdb.com',
  keyHeader: 'Key',
  path: (address) =>
    `/api/v2/check?${new URLSearchParams({ ipAddress: address, maxAgeInDays: String(MAX_AGE_DAYS) })}`,
  read(body, address) {
    const checked = response.safeParse(body);
    if (!checked.success) throw new MalformedAnswerError('not a check response of AbuseIPDB');
    const { ipAddress, abuseConfidenceScore, ...found } = checked.data.data;
    if (ipAddress != null && address.includes('.') && ipAddress !== address) {
      throw new MalformedAnswerError('an answer about another address');
    }
    if (abuseConfidenceScore == null) return { kind: 'unknown' };
    const lastReportedAt = epochSeconds(found.lastReportedAt);
    return {
      kind: 'known',
      intel: {
        confidence_score: abuseConfidenceScore,
        total_reports: found.totalReports,
        ...(found.numDistinctUsers != null && { num_distinct_users: found.numDistinctUsers }),
        ...(lastReportedAt !== undefined && { last_reported_at: lastReportedAt }),
        ...(found.isWhitelisted !== undefined && { is_whitelisted: found.isWhitelisted }),
        ...(found.usageType !== undefined && { usage_type: found.usageType }),
        ...(found.isTor !== undefined && { is_tor: found.isTor }),
        ...(found.countryCode !== undefined && { country_code: found.countryCode }),
      },
    };
  },
  meaningOf(body) {
    const checked = errors.safeParse(body);
    if (!checked.success) return undefined;
    const [first] = checked.data.errors;
    return MEANINGS[first?.status ?? 0] ?? 'other';
  },
};

/** Records hold times as epoch seconds. */
function epochSeconds(time: string | undefined): number | undefined {
  if (time === undefined) return undefined;
  const milliseconds = Date.parse(time);
  if (!(milliseconds >= 0)) throw new MalformedAnswerError('lastReportedAt is not a time');
  return milliseconds / 1000;
}
