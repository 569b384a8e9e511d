import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBody } from '../../../lib/records/message-body.ts';
import { sensorRecord } from '../../factories/records.ts';
import { entriesOf, eveFlow, vpcLine, zeekEntry, zeekLine } from '../../factories/sensor-logs.ts';

const OURS = sensorRecord({ id: 'C1', note: 'kept' });
const text = JSON.stringify;

function base64(content: string): string {
  return Buffer.from(content).toString('base64');
}

function packed(content: string): string {
  return gzipSync(content).toString('base64');
}

/** Envelopes of services and shippers around an entry, as text or as an object. */
const ENVELOPES: Readonly<Record<string, (entry: object) => object>> = {
  SNS: (entry) => ({
    Type: 'Notification',
    MessageId: 'm',
    TopicArn: 'arn:aws:sns:x:1:t',
    Message: text(entry),
  }),
  'SNS to Lambda': (entry) => ({ Records: [{ EventSource: 'aws:sns', Sns: { Message: text(entry) } }] }),
  SQS: (entry) => ({ Records: [{ messageId: 'm', eventSource: 'aws:sqs', body: text(entry) }] }),
  'SQS in SNS': (entry) => ({ Message: text({ Records: [{ body: text(entry) }] }) }),
  EventBridge: (entry) => ({ version: '0', 'detail-type': 'flow', source: 'my.sensor', detail: entry }),
  'EventBridge, as text': (entry) => ({ 'detail-type': 'flow', source: 'my.sensor', detail: text(entry) }),
  Kinesis: (entry) => ({ Records: [{ kinesis: { data: base64(text(entry)) }, eventSource: 'aws:kinesis' }] }),
  'a pipe from Kinesis': (entry) => ({ kinesisSchemaVersion: '1.0', data: base64(text(entry)) }),
  Firehose: (entry) => ({
    invocationId: 'i',
    records: [{ recordId: 'r', data: base64(`${text(entry)}\n`) }],
  }),
  'CloudWatch Logs': (entry) => ({
    messageType: 'DATA_MESSAGE',
    logGroup: 'zeek',
    logEvents: [{ id: '3', timestamp: 1_790_000_000_123, message: text(entry) }],
  }),
  'CloudWatch Logs, packed': (entry) => ({
    awslogs: {
      data: packed(text({ messageType: 'DATA_MESSAGE', logEvents: [{ id: '3', message: text(entry) }] })),
    },
  }),
  'CloudWatch Logs by way of Kinesis': (entry) => ({
    Records: [{ kinesis: { data: packed(text({ logEvents: [{ id: '3', message: text(entry) }] })) } }],
  }),
  'aws logs filter-log-events': (entry) => ({
    events: [{ logStreamName: 's', timestamp: 1, message: text(entry) }],
  }),
  'Logs Insights': (entry) => ({ '@timestamp': '2026-09-21 14:13:20.000', '@message': text(entry) }),
  'Logs Insights by the command line': (entry) => ({
    results: [
      [
        { field: '@timestamp', value: 'x' },
        { field: '@message', value: text(entry) },
      ],
    ],
    status: 'Complete',
  }),
  Vector: (entry) => ({
    file: 'conn.log',
    host: 'h',
    message: text(entry),
    source_type: 'file',
    timestamp: '2026-09-21T14:13:20Z',
  }),
  'Fluent Bit': (entry) => ({ date: 1_790_000_000.5, log: text(entry) }),
  Docker: (entry) => ({ log: `${text(entry)}\n`, stream: 'stdout', time: '2026-09-21T14:13:20Z' }),
  Logstash: (entry) => ({
    '@timestamp': '2026-09-21T14:13:20Z',
    '@version': '1',
    host: { name: 'h' },
    message: text(entry),
  }),
  'Logstash with ECS': (entry) => ({
    '@timestamp': 'x',
    event: { original: text(entry) },
    log: { file: { path: 'conn.log' } },
  }),
  Filebeat: (entry) => ({
    '@timestamp': 'x',
    '@metadata': { beat: 'filebeat' },
    message: text(entry),
    log: { offset: 0 },
    ecs: { version: '8.0.0' },
  }),
  'Filebeat with a target': (entry) => ({ '@timestamp': 'x', json: entry, agent: { type: 'filebeat' } }),
  'syslog-ng': (entry) => ({ PROGRAM: 'suricata', MESSAGE: text(entry) }),
  Splunk: (entry) => ({ time: 1_790_000_000, sourcetype: 'zeek', event: entry }),
  Cribl: (entry) => ({ _time: 1_790_000_000, _raw: text(entry) }),
  Elasticsearch: (entry) => ({ _index: 'zeek', _id: 'x', _source: entry }),
  'a search in Elasticsearch': (entry) => ({
    took: 1,
    hits: { total: { value: 1 }, hits: [{ _id: 'x', _source: entry }] },
  }),
  Graylog: (entry) => ({ version: '1.1', host: 'h', short_message: text(entry), timestamp: 1_790_000_000.5 }),
  Loki: (entry) => ({ labels: {}, line: text(entry), timestamp: '2026-09-21T14:13:20Z' }),
  'a push to Loki': (entry) => ({
    streams: [{ stream: { job: 'zeek' }, values: [['1790000000500000000', text(entry)]] }],
  }),
  'Google Cloud': (entry) => ({ insertId: 'i', jsonPayload: entry, resource: { type: 'gce_instance' } }),
  OpenTelemetry: (entry) => ({
    resourceLogs: [
      { scopeLogs: [{ logRecords: [{ timeUnixNano: '1', body: { stringValue: text(entry) } }] }] },
    ],
  }),
  'aws sqs receive-message': (entry) => ({ Messages: [{ MessageId: 'm', Body: text(entry) }] }),
  "Zeek's Kafka plugin": (entry) => ({ conn: entry }),
};

const ENTRIES = [
  ['a record', OURS],
  ["Zeek's entry", zeekEntry()],
  ["Suricata's event", eveFlow({ flow_id: '1805461738637437999' })],
] as const;

describe.each(Object.entries(ENVELOPES))('the envelope of %s', (_, wrap) => {
  it.each(ENTRIES)('is opened where it holds %s, which stays the same record', async (__, entry) => {
    const [bare] = decodeBody(text(entry)).accepted;
    const { accepted, rejected, skipped } = decodeBody(text(wrap(entry)));

    expect(accepted.map(({ canonical }) => canonical)).toEqual([bare?.canonical]);
    expect([rejected, skipped.size]).toEqual([[], 0]);
    expect(await entriesOf(text(wrap(entry)), 'json')).toMatchObject([
      { kind: 'connection', canonical: bare?.canonical },
    ]);
    expect(await entriesOf(text(wrap(entry)))).toMatchObject([
      { kind: 'connection', canonical: bare?.canonical },
    ]);
  });

  it('is counted by the kind of what it holds that is no connection', async () => {
    const envelope = text(wrap(eveFlow({ event_type: 'alert' })));
    const { accepted, rejected, skipped } = decodeBody(envelope);

    expect([accepted, rejected, [...skipped]]).toEqual([[], [], [['alert', 1]]]);
    expect(await entriesOf(envelope)).toMatchObject([{ kind: 'skipped', what: 'alert' }]);
  });
});

describe('an envelope', () => {
  it('around a flow log line in AWS its own order is opened', () => {
    const [bare] = decodeBody(text({ message: vpcLine() })).accepted;

    expect(bare?.record).toMatchObject({ src_ip: '10.20.4.9', dst_port: 443, protocol: 'tcp' });
    expect(decodeBody(vpcLine()).accepted).toMatchObject([{ canonical: bare?.canonical }]);
  });

  it('and the header of such lines are opened, whatever stands before them', () => {
    const header = { message: 'version srcaddr dstaddr srcport dstport protocol start' };
    const lines = [header, { message: `1790000000123 ${vpcLine()}` }, { message: vpcLine() }];
    const { accepted, rejected, skipped } = decodeBody(lines.map((each) => text(each)).join('\n'));

    expect([accepted.length, rejected, [...skipped]]).toEqual([2, [], [['flow log header', 1]]]);
  });

  it('may be a text in JSON', async () => {
    const body = text(text(OURS));
    const [bare] = decodeBody(text(OURS)).accepted;

    expect(decodeBody(body)).toMatchObject({ accepted: [{ canonical: bare?.canonical }], rejected: [] });
    expect(await entriesOf(`${body}\n${body}\n`)).toMatchObject([
      { kind: 'connection', canonical: bare?.canonical },
      { kind: 'connection', canonical: bare?.canonical },
    ]);
    expect(decodeBody('"text"').rejected).toHaveLength(1);
  });

  it('stands for all that it holds, each with its index', () => {
    const logEvents = [OURS, eveFlow({ event_type: 'dns' }), { ...OURS, dst_port: -1 }, zeekEntry()].map(
      (entry, id) => ({ id, message: text(entry) }),
    );
    const body = [text(OURS), text({ logEvents }), text({ ...OURS, dst_ip: 'x' })].join('\n');

    const { accepted, rejected, skipped, textOf } = decodeBody(body);

    expect(accepted.map(({ index }) => index)).toEqual([0, 1, 4]);
    expect([...skipped]).toEqual([['dns', 1]]);
    expect(rejected.map(({ index }) => index)).toEqual([3, 5]);
    expect(JSON.parse(rejected[0]?.text ?? '')).toMatchObject({ id: 2 });
    expect(rejected[1]?.text).toBe(text({ ...OURS, dst_ip: 'x' }));
    expect(JSON.parse(textOf(4))).toEqual(accepted[2]?.record);
  });

  it.each<[string, object, RegExp]>([
    [
      'an S3 event',
      { Records: [{ eventSource: 'aws:s3', eventVersion: '2.1', s3: { bucket: {}, object: {} } }] },
      /^record: an S3 event, which names a file .*`threat-consensus push`/,
    ],
    ['an S3 event in SNS', { Message: text({ Records: [{ s3: {} }] }) }, /^record: an S3 event, /],
    [
      'an S3 event of EventBridge',
      { source: 'aws.s3', 'detail-type': 'Object Created', detail: { bucket: {} } },
      /^record: an EventBridge event of S3, /,
    ],
    [
      'a subscription to confirm',
      { Type: 'SubscriptionConfirmation', SubscribeURL: 'https://x' },
      /^record: an SNS SubscriptionConfirmation, .*SubscribeURL/,
    ],
    [
      'CloudTrail',
      { Records: [{ eventVersion: '1.08', eventName: 'RunInstances' }] },
      /^record: a CloudTrail log/,
    ],
    [
      'columns of Zeek',
      { log: zeekLine(zeekEntry()) },
      /^record: an envelope whose "log" is columns of a Zeek log, .*use_json=T/,
    ],
    [
      'a flow in an order of its own',
      { message: '10.0.0.1 10.0.0.2 443 51000 6 1790000000 OK' },
      /^record: an envelope whose "message" is a flow log line in a custom order/,
    ],
    ['syslog', { message: '<134>Sep 21 14:13:20 h suricata: {}' }, /syslog header/],
    [
      'an event by OCSF',
      { class_uid: 4001, category_uid: 4, src_endpoint: { ip: '10.0.0.1' } },
      /^record: an OCSF event, which is not supported$/,
    ],
    [
      'a Google Cloud flow log',
      { insertId: 'x', jsonPayload: { connection: { src_ip: '10.0.0.1', dest_ip: '9.9.9.9', protocol: 6 } } },
      /^record: a Google Cloud flow log, which/,
    ],
    [
      'an Azure flow log',
      { records: [{ category: 'NetworkSecurityGroupFlowEvent', properties: { flows: [] } }] },
      /^record: an Azure flow log, which/,
    ],
    [
      'plain text',
      { message: 'hello' },
      /^record: an envelope whose "message" is not JSON: have the shipper send/,
    ],
    [
      'an object that is none',
      { 'detail-type': 'x', detail: { a: 1 } },
      /^record: an envelope whose "detail" is an object that is not a connection/,
    ],
    [
      'damaged data',
      { awslogs: { data: 'H4sIAAAA' } },
      /^record: an envelope whose "awslogs.data" is compressed data that is damaged/,
    ],
    [
      'a bomb',
      { awslogs: { data: gzipSync(Buffer.alloc(2 ** 25)).toString('base64') } },
      /compressed data of more than 10 MiB/,
    ],
  ])('that holds no entry is named: %s', (_, envelope, reason) => {
    const { accepted, rejected } = decodeBody(text(envelope));

    expect(accepted).toEqual([]);
    expect(rejected).toMatchObject([{ scope: 'record', index: 0, text: text(envelope) }]);
    expect(rejected[0]?.reason).toMatch(reason);
  });

  it.each([
    ['a test of S3', { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'b' }, 's3:TestEvent'],
    ['a test of CloudWatch Logs', { messageType: 'CONTROL_MESSAGE', logEvents: [] }, 'CONTROL_MESSAGE'],
    ['nothing', { logEvents: [] }, 'empty envelope'],
    [
      'a query log',
      { query_timestamp: '2026-01-31T00:00:00Z', query_name: 'x.org.', srcaddr: '10.0.0.1' },
      'Route 53 query',
    ],
  ])('that is there for its own sake is skipped: %s', (_, envelope, kind) => {
    expect([...decodeBody(text(envelope)).skipped]).toEqual([[kind, 1]]);
  });

  it('is none where a record has something wrong in it', () => {
    const { rejected } = decodeBody(text({ ...OURS, dst_port: 70_000, message: 'hello', event: { a: 1 } }));

    expect(rejected).toMatchObject([{ reason: 'dst_port: expected at most 65535, got 70000' }]);
  });

  it('is opened no deeper than there is a reason to', () => {
    const nested = Array.from({ length: 40 }).reduce<object>((inner) => ({ detail: inner }), OURS);

    expect(decodeBody(text(nested)).rejected).toMatchObject([
      { reason: 'record: more than 12 nested envelopes' },
    ]);
  });

  it('never loses or doubles an entry, whatever holds it', () => {
    const entries = fc.array(
      fc.constantFrom(OURS, zeekEntry(), eveFlow(), eveFlow({ event_type: 'alert' }), { ...OURS, bytes: -1 }),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(entries, fc.constantFrom('lines', 'array', 'logEvents'), (held, form) => {
        const body =
          form === 'lines'
            ? held.map((entry) => text({ log: text(entry) })).join('\n')
            : form === 'array'
              ? text({ message: text(held) })
              : text({ logEvents: held.map((entry) => ({ message: text(entry) })) });
        const { accepted, rejected, skipped } = decodeBody(body);
        const skips = [...skipped.values()].reduce((sum, amount) => sum + amount, 0);
        const isWhollyInvalid = accepted.length === 0 && skips === 0 && form !== 'lines';

        expect(accepted.length + rejected.length + skips).toBe(isWhollyInvalid ? 1 : held.length);
      }),
    );
  });
});

describe('an event by the Elastic Common Schema', () => {
  const common = {
    '@timestamp': '2026-09-21T14:13:20.500Z',
    source: { ip: '10.20.4.9', port: 40_042 },
    destination: { ip: '203.0.113.7', port: 443 },
  };

  it.each<[string, object]>([
    ['nested', { ...common, network: { transport: 'tcp', bytes: 350 } }],
    [
      'with names in one',
      {
        '@timestamp': '2026-09-21T14:13:20.500Z',
        'source.ip': '10.20.4.9',
        'source.port': 40_042,
        'destination.ip': '203.0.113.7',
        'destination.port': 443,
        'network.transport': 'TCP',
        'network.bytes': 350,
      },
    ],
    ['with a protocol number', { ...common, network: { iana_number: '6', bytes: 350 } }],
  ])('is read as the connection that it is about: %s', (_, event) => {
    expect(decodeBody(text(event)).accepted[0]?.record).toEqual({
      timestamp: 1_790_000_000.5,
      src_ip: '10.20.4.9',
      src_port: 40_042,
      dst_ip: '203.0.113.7',
      dst_port: 443,
      protocol: 'tcp',
      bytes: 350,
    });
  });

  it("has Zeek's own fields from Filebeat's module", () => {
    const event = {
      ...common,
      event: { module: 'zeek', dataset: 'zeek.connection' },
      zeek: { session_id: 'C9', connection: { state: 'SF', local_orig: true } },
      network: { transport: 'tcp' },
    };

    expect(decodeBody(text(event)).accepted[0]?.record).toMatchObject({
      id: 'C9',
      state: 'answered',
      local_orig: true,
    });
  });

  it.each([
    ['dns', { event: { module: 'zeek', dataset: 'zeek.dns' }, network: { transport: 'udp' } }],
    ['alert', { suricata: { eve: { event_type: 'alert' } }, network: { transport: 'tcp' } }],
  ])('about something else is skipped as %s', (kind, fields) => {
    expect([...decodeBody(text({ ...common, ...fields })).skipped]).toEqual([[kind, 1]]);
  });
});
