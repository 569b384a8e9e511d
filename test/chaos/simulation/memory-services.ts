import { applyToQueues } from './memory-queues.ts';
import { MemoryTable } from './memory-table.ts';
import type { QueueEvents, RunServices } from './service.ts';

/** Opens DynamoDB and SQS in memory, the fastest services. */
export async function openMemoryServices(events: QueueEvents): Promise<RunServices> {
  const table = new MemoryTable();
  return {
    tableName: 'deliveries',
    apply: ({ operation, body, isTable }) =>
      isTable ? table.apply(operation, body) : applyToQueues(operation, body, events),
    items: async () => table.items(),
    put: async (item) => table.put(item),
    close: async () => {},
  };
}
