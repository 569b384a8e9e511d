import { describe, expect, it } from 'vitest';
import { UsageMeter } from '../../../../lib/local/metering/usage.ts';

describe('UsageMeter', () => {
  it('adds up', () => {
    const meter = new UsageMeter(512);

    meter.countDynamoDbRequest('BatchWriteItem');
    meter.countDynamoDbRequest('BatchWriteItem');
    meter.addWriteUnits({ table: 3, indexes: 2 });
    meter.addReadUnits(0.5);
    meter.countSqsRequest('ReceiveMessage', 1, true);
    meter.countSqsRequest('ReceiveMessage', 3, false);
    meter.countInvocation(99.1, false);
    meter.countInvocation(1900, true);
    meter.countInvocation(1000, false, 128);
    meter.countEvent(200);
    meter.countEvent(64 * 1024 + 1);
    meter.addLogBytes(100);

    expect(meter.read()).toEqual({
      dynamodb: {
        requests: 2,
        write_units: 5,
        index_write_units: 2,
        read_units: 0.5,
        operations: { BatchWriteItem: 2 },
      },
      sqs: { requests: 2, billed_requests: 4, empty_receives: 1, operations: { ReceiveMessage: 2 } },
      lambda: { invocations: 3, failed_invocations: 1, billed_ms: 3000, gb_seconds: 1.125 },
      events: { put: 2, billed: 3 },
      logs: { bytes: 100 + 3 * 290 },
    });
  });

  it('starts over', () => {
    const meter = new UsageMeter(1024);
    meter.countInvocation(5, false);
    meter.countEvent(1);
    meter.countSqsRequest('SendMessage', 1, false);

    meter.reset();

    expect(meter.read()).toEqual(new UsageMeter(1024).read());
  });
});
