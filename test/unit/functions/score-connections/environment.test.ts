import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../../../functions/score-connections/environment.ts';
import { DEFAULT_ANNOUNCEMENT_SETTINGS } from '../../../../lib/announcement/announcement-settings.ts';

const required = {
  TABLE_NAME: 'assessments',
  REJECTED_QUEUE_URL: 'https://sqs.test/000000000000/rejected',
  DEAD_LETTER_QUEUE_URL: 'https://sqs.test/000000000000/dead-letter',
  ANNOUNCEMENTS_QUEUE_URL: 'https://sqs.test/000000000000/announcements',
  SETTINGS_PARAMETER: '/threat-consensus/test/settings',
  INITIAL_SETTINGS_PARAMETER: '/threat-consensus/test/cutover/initial',
};

describe('readEnvironment', () => {
  it('fills in what may be missing', () => {
    expect(readEnvironment(required)).toEqual({
      ...required,
      SETTINGS_MAX_AGE_SECONDS: 30,
      VIRUSTOTAL_URL: 'https://www.virustotal.com',
      VIRUSTOTAL_CALLS_PER_MINUTE: 4,
      VIRUSTOTAL_CALLS_PER_DAY: 500,
      ABUSEIPDB_URL: 'https://api.abuseipdb.com',
      ABUSEIPDB_CALLS_PER_MINUTE: 60,
      ABUSEIPDB_CALLS_PER_DAY: 1_000,
      PROVIDER_KEYS_MAX_AGE_SECONDS: 300,
      LISTS_MAX_AGE_SECONDS: 30,
      INTEL_TTL_HOURS: 24,
      INTEL_UNKNOWN_TTL_HOURS: 6,
      LOOKUP_WAIT_MS: 25,
      LOOKUP_TIMEOUT_MS: 2_000,
      HOME_NETWORKS: [],
      RETENTION_DAYS: 90,
      ANNOUNCEMENTS: DEFAULT_ANNOUNCEMENT_SETTINGS,
    });
  });

  it('reads what is announced', () => {
    expect(readEnvironment({ ...required, ANNOUNCEMENTS: '{"quietHours":48}' }).ANNOUNCEMENTS).toEqual({
      ...DEFAULT_ANNOUNCEMENT_SETTINGS,
      quietHours: 48,
    });
  });

  it('leaves other variables alone', () => {
    expect(readEnvironment({ ...required, PATH: '/usr/bin', AWS_REGION: undefined })).not.toHaveProperty(
      'PATH',
    );
  });

  it.each([
    ['', []],
    ['  ', []],
    ['147.32.80.0/20', ['147.32.80.0/20']],
    ['147.32.80.0/20, 2001:718:2::/48 ,', ['147.32.80.0/20', '2001:718:2::/48']],
  ])('reads "%s" as a list of blocks', (HOME_NETWORKS, expected) => {
    expect(readEnvironment({ ...required, HOME_NETWORKS }).HOME_NETWORKS).toEqual(expected);
  });

  it.each([
    ['1', 1],
    ['3650', 3_650],
  ])('reads %s days of retention', (RETENTION_DAYS, expected) => {
    expect(readEnvironment({ ...required, RETENTION_DAYS }).RETENTION_DAYS).toBe(expected);
  });

  it.each([
    ['TABLE_NAME', undefined],
    ['TABLE_NAME', ''],
    ['REJECTED_QUEUE_URL', undefined],
    ['REJECTED_QUEUE_URL', 'rejected'],
    ['REJECTED_QUEUE_URL', ''],
    ['DEAD_LETTER_QUEUE_URL', undefined],
    ['DEAD_LETTER_QUEUE_URL', 'dead'],
    ['ANNOUNCEMENTS_QUEUE_URL', undefined],
    ['ANNOUNCEMENTS', 'everything'],
    ['ANNOUNCEMENTS', '{"quiet":48}'],
    ['ANNOUNCEMENTS', '{"quietHours":0}'],
    ['SETTINGS_PARAMETER', undefined],
    ['SETTINGS_PARAMETER', ''],
    ['INITIAL_SETTINGS_PARAMETER', undefined],
    ['INITIAL_SETTINGS_PARAMETER', ''],
    ['SETTINGS_MAX_AGE_SECONDS', ''],
    ['SETTINGS_MAX_AGE_SECONDS', '0'],
    ['SETTINGS_MAX_AGE_SECONDS', '-1'],
    ['SETTINGS_MAX_AGE_SECONDS', '3601'],
    ['SETTINGS_MAX_AGE_SECONDS', 'seldom'],
    ['RETENTION_DAYS', '0'],
    ['RETENTION_DAYS', '-1'],
    ['RETENTION_DAYS', '1.5'],
    ['RETENTION_DAYS', '3651'],
    ['RETENTION_DAYS', 'ninety'],
    ['RETENTION_DAYS', ''],
    ['PROVIDER_KEYS_PATH', 'keys'],
    ['PROVIDER_KEYS_PATH', '/keys/'],
    ['PROVIDER_KEYS_MAX_AGE_SECONDS', '0'],
    ['VIRUSTOTAL_URL', 'http://virustotal.test'],
    ['VIRUSTOTAL_URL', 'https://virustotal.test/api'],
    ['VIRUSTOTAL_URL', 'https://user:secret@virustotal.test'],
    ['VIRUSTOTAL_URL', 'ftp://127.0.0.1'],
    ['ABUSEIPDB_URL', 'http://127.0.0.1.abuseipdb.test'],
    ['ABUSEIPDB_URL', 'http://10.0.0.1:8080'],
    ['ABUSEIPDB_URL', 'abuseipdb'],
    ['VIRUSTOTAL_CALLS_PER_MINUTE', '0'],
    ['ABUSEIPDB_CALLS_PER_DAY', '1.5'],
    ['INTEL_TTL_HOURS', '0'],
    ['INTEL_UNKNOWN_TTL_HOURS', '721'],
    ['LOOKUP_WAIT_MS', '-1'],
    ['LOOKUP_TIMEOUT_MS', '99'],
  ])('refuses %s=%s by its name', (name, value) => {
    const read = () => readEnvironment({ ...required, [name]: value });

    expect(read).toThrow(new RegExp(`^environment variables of score-connections: ${name}[.:] ?.+`));
  });

  it.each([
    ['https://virustotal.test', 'https://virustotal.test'],
    ['https://virustotal.test/', 'https://virustotal.test'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://localhost:8080/', 'http://localhost:8080'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
  ])('lets providers be asked at %s', (VIRUSTOTAL_URL, expected) => {
    expect(readEnvironment({ ...required, VIRUSTOTAL_URL }).VIRUSTOTAL_URL).toBe(expected);
  });

  it('names everything that is wrong on one line', () => {
    const read = () => readEnvironment({});

    expect(read).toThrow(
      /^[^\n]*TABLE_NAME: [^\n]+; REJECTED_QUEUE_URL: [^\n]+; DEAD_LETTER_QUEUE_URL: [^\n]+; ANNOUNCEMENTS_QUEUE_URL: [^\n]+$/,
    );
  });
});
