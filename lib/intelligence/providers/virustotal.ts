import * as z from 'zod';
import { MalformedAnswerError, type Provider } from './provider.ts';

const count = z
  .int()
  .min(0)
  .nullish()
  .transform((value) => value ?? 0);

/** As far as it is used; the real one is some 30 KB. Source: VirusTotal API v3 reference, "IP addresses". */
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

/** Opinions of some 90 security vendors. Vendors that timed out are not counted: they have no opinion. */
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
};

const NO_ANALYSIS = { malicious: 0, suspicious: 0, harmless: 0, undetected: 0 };
