import { describe, expect, it } from 'vitest';
import { readContext } from '../../../lib/consensus/context.ts';
import type { ScoringInput } from '../../../lib/consensus/scoring-input.ts';
import { ADDRESS, reports, withIntel } from './scoring-inputs.ts';

function contextOf(rest: Partial<ScoringInput>) {
  return readContext({ address: ADDRESS, ...rest });
}

describe('the class of a port and its weight', () => {
  it.each([
    {
      portClass: 'remote administration',
      weight: 0.16,
      // SSH, Telnet, rexec, rlogin, rsh, their usual stand-ins, RDP, ADB, VNC, WinRM
      ports: [22, 23, 512, 513, 514, 2222, 2323, 3389, 5555, 5900, 5901, 5985, 5986],
    },
    {
      portClass: 'file sharing',
      weight: 0.12,
      // FTP, TFTP, portmapper, RPC, NetBIOS, SMB, rsync, NFS
      ports: [20, 21, 69, 111, 135, 137, 138, 139, 445, 873, 2049],
    },
    {
      portClass: 'database',
      weight: 0.12,
      // SQL Server, Oracle, MySQL, PostgreSQL, CouchDB, Redis, Cassandra, Elasticsearch, memcached, MongoDB
      ports: [1433, 1434, 1521, 3306, 5432, 5984, 6379, 9042, 9200, 11_211, 27_017],
    },
    { portClass: 'mail', weight: 0.04, ports: [25, 110, 143, 465, 587, 993, 995] },
    { portClass: 'web', weight: 0, ports: [80, 443, 8000, 8080, 8443, 8888] },
    { portClass: 'dns', weight: 0, ports: [53, 853, 5353] },
    { portClass: 'other privileged', weight: 0.04, ports: [0, 1, 24, 511, 1023] },
    { portClass: 'high', weight: 0.02, ports: [1024, 2221, 40_000, 65_535] },
  ])('$portClass: $weight', ({ portClass, weight, ports }) => {
    for (const dst_port of ports) {
      expect(contextOf({ dst_port })).toEqual({
        logOdds: weight,
        portClass,
        isInbound: false,
        isHosted: false,
      });
    }
  });

  it.each([-1, 65_536, Number.NaN, undefined, null])('%s is no port', (dst_port) => {
    expect(contextOf({ dst_port } as unknown as ScoringInput)).toMatchObject({
      logOdds: 0,
      portClass: undefined,
    });
  });
});

describe('what else weighs', () => {
  it.each<{ name: string; input: Partial<ScoringInput>; weight: number }>([
    { name: 'nothing', input: {}, weight: 0 },
    { name: 'inbound', input: { direction: 'inbound' }, weight: 0.06 },
    { name: 'outbound', input: { direction: 'outbound' }, weight: 0 },
    { name: 'ICMP', input: { protocol: 'icmp' }, weight: 0.02 },
    { name: 'TCP', input: { protocol: 'tcp' }, weight: 0 },
    {
      name: 'a hosting provider',
      input: withIntel({ abuseipdb: reports(0, 0, 0, { usage_type: 'Data Center/Web Hosting/Transit' }) }),
      weight: 0.06,
    },
    {
      name: 'a household',
      input: withIntel({ abuseipdb: reports(0, 0, 0, { usage_type: 'Fixed Line ISP' }) }),
      weight: 0,
    },
    { name: 'Tor', input: withIntel({ abuseipdb: reports(0, 0, 0, { is_tor: true }) }), weight: 0.15 },
    { name: 'no Tor', input: withIntel({ abuseipdb: reports(0, 0, 0, { is_tor: false }) }), weight: 0 },
  ])('$name: $weight', ({ input, weight }) => {
    expect(contextOf(input).logOdds).toBe(weight);
  });

  it('adds up', () => {
    const abuseipdb = reports(0, 0, 0, { usage_type: 'Data Center/Web Hosting/Transit', is_tor: true });

    const context = contextOf(
      withIntel({ abuseipdb }, { dst_port: 22, protocol: 'icmp', direction: 'inbound' }),
    );

    expect(context.logOdds).toBeCloseTo(0.45, 10);
    expect(context).toMatchObject({ isInbound: true, isHosted: true });
  });
});
