import { startDynamoDbEmulator } from '../../../lib/local/emulators/dynamodb-emulator.ts';
import { UsageMeter } from '../../../lib/local/metering/usage.ts';
import { DEPLOYED } from '../../fixtures/deployed-service.ts';

/** Starts the embedded stack's DynamoDB emulator, without tables. */
export async function startDynalite(): Promise<{ readonly endpoint: string; close(): Promise<void> }> {
  const { definition } = DEPLOYED;
  const meter = new UsageMeter(definition.function.memoryMegabytes);
  return await startDynamoDbEmulator({ table: definition.table, meter });
}
