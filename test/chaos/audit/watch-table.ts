import type { RunServices } from '../simulation/service.ts';
import { plain, type WireItem } from './stored-form.ts';

/** Reports a table's writes, before anything can overwrite them. */
export interface TableEvents {
  readonly notePut: (item: WireItem) => void;
  /** Work on a message began, in the delivery with this receive count. */
  readonly noteBegan: (messageId: string, receiveCount: number) => void;
  /** Work on a message ended, in the deliveries with these receive counts. */
  readonly noteEnded: (messageId: string, receiveCounts: readonly number[]) => void;
}

interface Update {
  readonly Key: WireItem;
  readonly ExpressionAttributeValues: WireItem;
}

/** Reports the individual writes in a table. */
export function watchTable(
  services: RunServices,
  { notePut, noteBegan, noteEnded }: TableEvents,
): RunServices {
  const note = (operation: string, body: string) => {
    if (operation === 'PutItem') notePut((JSON.parse(body) as { readonly Item: WireItem }).Item);
    if (operation !== 'UpdateItem') return;
    const { Key, ExpressionAttributeValues: values } = JSON.parse(body) as Update;
    const [kind, messageId = ''] = String(plain(Key.pk)).split('#');
    if (kind !== 'attempt') return;
    const listOf = (name: string) => (plain(values[name]) ?? []) as readonly number[];
    const [gone, [began]] = [listOf(':gone'), listOf(':this')];
    if (gone.length > 0) noteEnded(messageId, gone);
    else if (began !== undefined) noteBegan(messageId, began);
  };
  return {
    ...services,
    apply: async (request) => {
      const answer = await services.apply(request);
      if (answer.status === 200) note(request.operation, request.body);
      return answer;
    },
  };
}
