/** Names of address fields and columns in lists, the most specific first; without case, spaces and underscores. */
const ADDRESS_FIELDS = [
  ...['ip', 'ipaddress', 'ipaddr', 'ipv4', 'ipv6', 'ipv4address', 'ipv6address', 'address', 'addr'],
  ...[
    'dstip',
    'destinationip',
    'srcip',
    'sourceip',
    'attackerip',
    'clientip',
    'remoteip',
    'hostip',
    'ipport',
  ],
  ...['dstaddress', 'destinationaddress', 'srcaddress', 'sourceaddress', 'remoteaddress'],
  ...['cidr', 'ipprefix', 'ipv4prefix', 'ipv6prefix', 'iprange', 'range', 'network', 'netblock', 'subnet'],
  ...['net', 'prefix', 'addressprefix', 'cidrblock', 'block'],
  ...['indicator', 'ioc', 'iocvalue', 'value', 'host', 'url'],
];
const START_FIELDS = ['start', 'startip', 'ipstart', 'startaddress', 'first', 'firstip', 'from', 'begin'];
const END_FIELDS = ['end', 'endip', 'ipend', 'endaddress', 'last', 'lastip', 'to'];
const PREFIX_FIELDS = [
  'prefixlength',
  'prefixlen',
  'masklength',
  'mask',
  'netmask',
  'bits',
  'cidr',
  'prefix',
];

export type FieldMeaning = 'address' | 'start' | 'end' | 'prefix';

const FIELDS: Readonly<Record<FieldMeaning, readonly string[]>> = {
  address: ADDRESS_FIELDS,
  start: START_FIELDS,
  end: END_FIELDS,
  prefix: PREFIX_FIELDS,
};

/** Indexes of the fields with a given meaning, the most specific names first. */
export function fieldsMeaning(meaning: FieldMeaning, names: readonly string[]): number[] {
  const ranks = names.map((name, place) => ({ place, rank: FIELDS[meaning].indexOf(normalized(name)) }));
  const known = ranks.filter(({ rank }) => rank >= 0).sort((a, b) => a.rank - b.rank);
  return known.map(({ place }) => place);
}

function normalized(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_.-]/g, '');
}
