import * as z from 'zod';
import { numeric } from './number-text.ts';
import { MalformedAnswerError, type Provider, type ProviderErrorMeaning } from './provider.ts';

const count = numeric(z.int().min(0).nullish()).transform((value) => value ?? 0);

/** The fields in use; the whole answer is about 30 KB. Source: VirusTotal API v3 reference, "IP addresses". */
const response = z.object({
  data: z.object({
    id: z.string().nullish(),
    attributes: z.object({
      last_analysis_stats: z
        .object({ malicious: count, suspicious: count, harmless: count, undetected: count })
        .nullish(),
    }),
  }),
});

const error = z.object({ error: z.object({ code: z.string() }) });

/** Source: VirusTotal API v3 reference, "Errors". */
const MEANINGS: Readonly<Record<string, ProviderErrorMeaning>> = {
  AuthenticationRequiredError: 'bad_key',
  WrongCredentialsError: 'bad_key',
  UserNotActiveError: 'bad_key',
  ForbiddenError: 'bad_key',
  QuotaExceededError: 'limited',
  TooManyRequestsError: 'limited',
  NotFoundError: 'unknown',
  BadRequestError: 'refused',
  InvalidArgumentError: 'refused',
};

/** Opinions of about 90 security vendors. Vendors that timed out are not counted: they have no opinion. */
export const virusTotal: Provider = {
  name: 'virustotal',
  baseUrl: 'https://www.virustotal.com',
  keyHeader: 'x-apikey',
  path: (address) => `/api/v3/ip_addresses/${encodeURIComponent(address)}`,
  read(body, address) {
    const checked = response.safeParse(body);
    if (!checked.success) throw new MalformedAnswerError('not an IP address object of VirusTotal');
    const { id, attributes } = checked.data.data;
    if (id != null && address.includes('.') && id !== address) {
      throw new MalformedAnswerError('an answer about another address');
    }
    const { malicious, suspicious, harmless, undetected } = attributes.last_analysis_stats ?? NO_ANALYSIS;
    const total_vendors = malicious + suspicious + harmless + undetected;
    if (total_vendors === 0) return { kind: 'unknown' };
    return {
      kind: 'known',
      intel: { malicious_vendors: malicious, suspicious_vendors: suspicious, total_vendors },
    };
  },
  meaningOf(body) {
    const checked = error.safeParse(body);
    return checked.success ? (MEANINGS[checked.data.error.code] ?? 'other') : undefined;
  },
};

const NO_ANALYSIS = { malicious: 0, suspicious: 0, harmless: 0, undetected: 0 };
