/** Addresses of the 13 root servers. Source: IANA, "Root Servers" (https://www.iana.org/domains/root/servers). */
export const ROOT_SERVERS: readonly string[] = [
  ...['198.41.0.4', '2001:503:ba3e::2:30'],
  ...['170.247.170.2', '2801:1b8:10::b'],
  ...['192.33.4.12', '2001:500:2::c'],
  ...['199.7.91.13', '2001:500:2d::d'],
  ...['192.203.230.10', '2001:500:a8::e'],
  ...['192.5.5.241', '2001:500:2f::f'],
  ...['192.112.36.4', '2001:500:12::d0d'],
  ...['198.97.190.53', '2001:500:1::53'],
  ...['192.36.148.17', '2001:7fe::53'],
  ...['192.58.128.30', '2001:503:c27::2:30'],
  ...['193.0.14.129', '2001:7fd::1'],
  ...['199.7.83.42', '2001:500:9f::42'],
  ...['202.12.27.33', '2001:dc3::35'],
];

/** Public time servers by address. Sources: Google Public NTP, Cloudflare Time Services, NIST Internet Time Service. */
export const TIME_SERVERS: readonly string[] = [
  ...['216.239.35.0', '216.239.35.4', '216.239.35.8', '216.239.35.12'],
  ...['2001:4860:4806::', '2001:4860:4806:4::', '2001:4860:4806:8::', '2001:4860:4806:c::'],
  ...['162.159.200.1', '162.159.200.123', '2606:4700:f1::1', '2606:4700:f1::123'],
  ...['129.6.15.28', '129.6.15.29', '129.6.15.30', '132.163.96.1', '132.163.97.1'],
];

/**
 * Networks from which vendors serve updates, if they belong to the vendor alone: most vendors use content delivery
 * networks, whose addresses are shared.
 * Sources: Apple, "Use Apple products on enterprise networks"; RIPE's registration of Canonical's networks.
 */
export const VENDOR_NETWORKS: readonly string[] = [
  '17.0.0.0/8',
  ...['91.189.88.0/21', '185.125.188.0/22', '2620:2d:4000::/44'],
];
