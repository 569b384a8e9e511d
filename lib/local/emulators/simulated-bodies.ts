/**
 * Answers of the simulated providers, in the documented form of VirusTotal's API v3 and AbuseIPDB's API v2. Verdicts
 * are random, so nothing here says anything about a real address.
 */

/** Shares of addresses: unknown, attacking, reported now and then; the rest are inconspicuous. */
const UNKNOWN = 0.15;
const ATTACKING = 0.4;
const NOTICED = 0.55;

const VENDORS = 94;
const EXAMPLE_VENDORS = ['Vendor A', 'Vendor B', 'Vendor C', 'Vendor D'];
/** Fixed, so that an address always gets the same answer. */
const ANALYSED_AT = 1_760_000_000;

/** The body of VirusTotal's IP address object; undefined if it does not know the address. */
export function simulatedIpAddress(address: string, draw: number): string | undefined {
  if (draw < UNKNOWN) return undefined;
  const malicious = draw < ATTACKING ? 6 + Math.round(draw * 20) : draw < NOTICED ? 1 : 0;
  const suspicious = draw < NOTICED ? 2 : 0;
  const harmless = 55;
  const results = EXAMPLE_VENDORS.map((engine_name, n) => [
    engine_name,
    {
      method: 'blacklist',
      engine_name,
      category: n < malicious ? 'malicious' : 'harmless',
      result: n < malicious ? 'malware' : 'clean',
    },
  ]);
  return JSON.stringify({
    data: {
      id: address,
      type: 'ip_address',
      links: { self: `https://www.virustotal.com/api/v3/ip_addresses/${address}` },
      attributes: {
        as_owner: 'Simulated Network',
        asn: 64_496,
        country: 'ZZ',
        last_analysis_date: ANALYSED_AT,
        last_analysis_stats: {
          malicious,
          suspicious,
          undetected: VENDORS - malicious - suspicious - harmless,
          harmless,
          timeout: 0,
        },
        last_analysis_results: Object.fromEntries(results),
        reputation: -malicious,
        tags: [],
        total_votes: { harmless: 0, malicious: 0 },
      },
    },
  });
}

/** The body of AbuseIPDB's check. It knows every address: one that nobody reported has no reports. */
export function simulatedCheck(address: string, draw: number): string {
  const isReported = draw < NOTICED;
  const isAttacking = draw >= UNKNOWN && draw < ATTACKING;
  const totalReports = isAttacking ? 40 + Math.round(draw * 500) : isReported ? 2 : 0;
  return JSON.stringify({
    data: {
      ipAddress: address,
      isPublic: true,
      ipVersion: address.includes(':') ? 6 : 4,
      isWhitelisted: isReported ? false : null,
      abuseConfidenceScore: isAttacking ? 100 - Math.round(draw * 50) : isReported ? 8 : 0,
      countryCode: 'ZZ',
      usageType: isAttacking ? 'Data Center/Web Hosting/Transit' : null,
      isp: 'Simulated Network',
      domain: 'example.net',
      hostnames: [],
      isTor: false,
      totalReports,
      numDistinctUsers: Math.ceil(totalReports / 4),
      lastReportedAt: isReported
        ? new Date(ANALYSED_AT * 1000).toISOString().replace('.000Z', '+00:00')
        : null,
    },
  });
}
