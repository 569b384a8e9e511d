import { PUBLIC_RESOLVERS } from '../lists/reading/public-resolvers.ts';
import type { FeedInput } from './feed.ts';
import { ROOT_SERVERS, TIME_SERVERS, VENDOR_NETWORKS } from './well-known.ts';

const CC0 = { name: 'CC0-1.0', url: 'https://creativecommons.org/publicdomain/zero/1.0/' };
const OWN = { name: 'MIT, as this project', attribution: 'facts as their operators publish them' };

const SPAMHAUS = {
  format: 'json-lines',
  kind: 'malicious',
  family: 'spamhaus',
  weight: 100,
  // The publisher asks for a day between downloads.
  everyHours: 24,
  halfLifeDays: 7,
  expiresDays: 7,
  licence: {
    name: 'Spamhaus DROP Terms of Use: free of charge',
    url: 'https://www.spamhaus.org/blocklists/drop-fair-use-policy/',
    attribution: 'The Spamhaus Project',
  },
} as const satisfies Partial<FeedInput>;

const OXL = {
  format: 'lines',
  everyHours: 24,
  licence: {
    name: 'BSD-3-Clause',
    url: 'https://github.com/O-X-L/risk-db-lists/blob/main/LICENSE',
    attribution: 'OXL, https://risk.oxl.app',
  },
} as const satisfies Partial<FeedInput>;

/** A MISP warning list that names the owners of addresses. */
function warningList(
  folder: string,
  name: string,
  family: string,
): Pick<FeedInput, keyof typeof WARNING_LIST | 'name' | 'url' | 'family'> {
  return {
    ...WARNING_LIST,
    name,
    url: `https://raw.githubusercontent.com/MISP/misp-warninglists/main/lists/${folder}/list.json`,
    family,
  };
}

const WARNING_LIST = {
  format: 'json',
  at: 'list',
  kind: 'infrastructure',
  weight: 1,
  everyHours: 168,
  halfLifeDays: 30,
  expiresDays: 90,
  licence: { ...CC0, attribution: 'MISP warning lists' },
} as const satisfies Partial<FeedInput>;

/** Factual lists that are part of this file; they are stored again each week so that they do not expire. */
const WRITTEN_HERE = {
  format: 'lines',
  kind: 'known-good',
  weight: 1,
  everyHours: 168,
  halfLifeDays: 30,
  expiresDays: 365,
  licence: OWN,
} as const satisfies Partial<FeedInput>;

/** Common fields of the attacker lists that are off by default. */
const ATTACKERS = {
  format: 'lines',
  kind: 'suspicious',
  weight: 8,
  everyHours: 24,
  halfLifeDays: 3,
  expiresDays: 7,
} as const satisfies Partial<FeedInput>;

const NOT_STATED = 'no licence is stated; ask the publisher whether you may use it';

/**
 * The lists that are shipped: those whose terms permit any use are on, the others off with the reason. A site switches
 * lists on and off and adds its own by name.
 *
 * Weights are judgement, in steps: 100 for lists that are checked by hand and name nothing that anybody has a reason to
 * connect to; 30 for lists based on many reporters; 8 for lists of anybody's reports or of sensor sightings. `npm run
 * train` measures them if labelled rows name the lists of an address.
 */
export const CATALOGUE: readonly FeedInput[] = [
  {
    ...SPAMHAUS,
    name: 'Spamhaus DROP',
    url: 'https://www.spamhaus.org/drop/drop_v4.json',
  },
  {
    ...SPAMHAUS,
    name: 'Spamhaus DROP IPv6',
    url: 'https://www.spamhaus.org/drop/drop_v6.json',
  },
  {
    name: 'Feodo Tracker',
    url: 'https://feodotracker.abuse.ch/downloads/ipblocklist.txt',
    format: 'lines',
    kind: 'malicious',
    family: 'abuse.ch',
    weight: 100,
    everyHours: 6,
    halfLifeDays: 7,
    expiresDays: 7,
    // It has a handful of controllers at best, and none after a takedown.
    mayBeEmpty: true,
    licence: {
      name: 'CC0-1.0 by its own page; general terms of abuse.ch',
      url: 'https://feodotracker.abuse.ch/blocklist/',
      attribution: 'abuse.ch Feodo Tracker',
    },
    offBecause: "it is not clear whether abuse.ch's general terms limit commercial use; check them first",
  },
  {
    ...OXL,
    name: 'OXL most reported',
    url: 'https://raw.githubusercontent.com/O-X-L/risk-db-lists/main/ip/top_10000.txt',
    kind: 'suspicious',
    // Anybody may report, and research scanners are among the most reported.
    family: 'reported',
    weight: 8,
    halfLifeDays: 7,
    expiresDays: 14,
  },
  {
    name: 'AbuseIPDB blacklist',
    url: 'https://api.abuseipdb.com/api/v2/blacklist?confidenceMinimum=90&limit=10000',
    format: 'json',
    at: 'data',
    keyOf: 'abuseipdb',
    kind: 'malicious',
    family: 'abuseipdb',
    weight: 30,
    // A free key may fetch it five times a day.
    everyHours: 12,
    halfLifeDays: 2,
    expiresDays: 4,
    licence: {
      name: 'AbuseIPDB terms of service, with your own key',
      url: 'https://www.abuseipdb.com/legal',
      attribution: 'AbuseIPDB',
    },
  },

  {
    ...OXL,
    name: 'Tor exits',
    url: 'https://raw.githubusercontent.com/O-X-L/risk-db-lists/main/ip/kind_tor.txt',
    kind: 'infrastructure',
    family: 'tor',
    weight: 1,
    halfLifeDays: 2,
    expiresDays: 14,
  },
  warningList('amazon-aws', 'Amazon Web Services', 'cloud'),
  warningList('microsoft-azure', 'Microsoft Azure', 'cloud'),
  warningList('google-gcp', 'Google Cloud', 'cloud'),
  warningList('oracle-oci', 'Oracle Cloud', 'cloud'),
  warningList('cloudflare', 'Cloudflare', 'content-network'),
  warningList('fastly', 'Fastly', 'content-network'),
  warningList('akamai', 'Akamai', 'content-network'),
  warningList('censys-scanning', 'Censys scanners', 'scanner'),
  warningList('shodan-scanning', 'Shodan scanners', 'scanner'),
  warningList('shadowserver-nt-scanning', 'Shadowserver scanners', 'scanner'),
  warningList('rapid7-nt-scanning', 'Rapid7 scanners', 'scanner'),
  warningList('palo-alto-networks-cortex-xpanse', 'Palo Alto Networks scanners', 'scanner'),

  {
    ...WRITTEN_HERE,
    name: 'Public resolvers',
    family: 'resolvers',
    entries: Object.values(PUBLIC_RESOLVERS).flat(),
  },
  {
    ...WRITTEN_HERE,
    name: 'DNS root servers',
    family: 'name-servers',
    entries: [...ROOT_SERVERS],
  },
  {
    ...WRITTEN_HERE,
    name: 'Public time servers',
    family: 'time-servers',
    entries: [...TIME_SERVERS],
  },
  {
    ...WRITTEN_HERE,
    name: 'Vendor updates',
    family: 'vendors',
    entries: [...VENDOR_NETWORKS],
  },
  {
    ...WRITTEN_HERE,
    name: 'TLD name servers',
    url: 'https://www.internic.net/domain/root.zone',
    format: 'zone',
    family: 'name-servers',
    everyHours: 168,
    expiresDays: 60,
    licence: {
      name: 'published for every resolver to load (RFC 8806)',
      url: 'https://www.iana.org/domains/root/files',
      attribution: 'IANA root zone',
    },
  },

  {
    ...ATTACKERS,
    name: 'IPsum',
    url: 'https://raw.githubusercontent.com/stamparm/ipsum/master/levels/3.txt',
    family: 'reported',
    licence: {
      name: 'Unlicense',
      url: 'https://github.com/stamparm/ipsum',
      attribution: 'Miroslav Stampar',
    },
    offBecause: 'it combines other lists, and some of them do not permit commercial use',
  },
  {
    ...ATTACKERS,
    name: 'blocklist.de',
    url: 'https://lists.blocklist.de/lists/all.txt',
    family: 'sensors',
    licence: {
      name: 'not stated',
      url: 'https://www.blocklist.de/en/export.html',
      attribution: 'blocklist.de',
    },
    offBecause: NOT_STATED,
  },
  {
    ...ATTACKERS,
    name: 'CINS Army',
    url: 'https://cinsscore.com/list/ci-badguys.txt',
    family: 'sensors',
    licence: { name: 'not stated', url: 'https://cinsscore.com/', attribution: 'Sentinel IPS' },
    offBecause: NOT_STATED,
  },
  {
    ...ATTACKERS,
    name: 'GreenSnow',
    url: 'https://blocklist.greensnow.co/greensnow.txt',
    family: 'sensors',
    licence: { name: 'not stated', url: 'https://greensnow.co/', attribution: 'GreenSnow' },
    offBecause: NOT_STATED,
  },
  {
    ...ATTACKERS,
    name: 'ET compromised',
    url: 'https://rules.emergingthreats.net/blockrules/compromised-ips.txt',
    family: 'sensors',
    licence: {
      name: 'not stated for this file',
      url: 'https://rules.emergingthreats.net/',
      attribution: 'Proofpoint',
    },
    offBecause: 'the licence of the open rules does not say whether it covers this list',
  },
  {
    ...ATTACKERS,
    name: 'DShield block',
    format: 'columns',
    url: 'https://feeds.dshield.org/block.txt',
    family: 'sensors',
    licence: {
      name: 'CC-BY-NC-SA-2.5',
      url: 'https://isc.sans.edu/',
      attribution: 'DShield.org, SANS Internet Storm Center',
    },
    offBecause: 'commercial use is not permitted',
  },
  {
    ...ATTACKERS,
    name: 'Turris greylist',
    format: 'columns',
    url: 'https://view.sentinel.turris.cz/greylist-data/greylist-latest.csv',
    family: 'sensors',
    licence: { name: 'CC-BY-NC-SA-4.0', url: 'https://project.turris.cz/', attribution: 'CZ.NIC, Turris' },
    offBecause: 'commercial use is not permitted',
  },
  {
    ...ATTACKERS,
    name: 'C2IntelFeeds',
    format: 'columns',
    url: 'https://raw.githubusercontent.com/drb-ra/C2IntelFeeds/master/feeds/IPC2s-30day.csv',
    kind: 'malicious',
    family: 'controllers',
    weight: 30,
    licence: {
      name: 'CC-BY-NC-SA-4.0',
      url: 'https://github.com/drb-ra/C2IntelFeeds',
      attribution: 'drb-ra, C2IntelFeeds, with data of Censys',
    },
    offBecause: 'commercial use is not permitted',
  },
];
