/** A value in DynamoDB's JSON: one key that names the type, as in `{ S: 'text' }`. Binary values are base64. */
export type AttributeValue = Readonly<Record<string, unknown>>;

/** An item in DynamoDB's JSON. */
export type Item = Readonly<Record<string, AttributeValue>>;

const COLLECTION_OVERHEAD_BYTES = 3;
const ELEMENT_OVERHEAD_BYTES = 1;

/**
 * An item's size in bytes, on which DynamoDB capacity is based: names plus values. Numbers are approximate, in AWS's
 * documentation as well as here. Source: Amazon DynamoDB Developer Guide, "DynamoDB item sizes and formats".
 */
export function itemSizeBytes(item: Item): number {
  let size = 0;
  for (const [name, value] of Object.entries(item)) size += Buffer.byteLength(name) + valueSizeBytes(value);
  return size;
}

/** Size of an attribute's value in bytes, without its name; 0 for an unknown type. */
export function valueSizeBytes(value: AttributeValue): number {
  for (const [type, content] of Object.entries(value)) {
    const size = SIZE_BY_TYPE[type];
    if (size !== undefined) return size(content);
  }
  return 0;
}

const SIZE_BY_TYPE: Readonly<Record<string, (content: unknown) => number>> = {
  S: (content) => Buffer.byteLength(String(content)),
  N: (content) => numberSizeBytes(String(content)),
  B: (content) => Buffer.byteLength(String(content), 'base64'),
  BOOL: () => 1,
  NULL: () => 1,
  SS: (content) => sumOf(content, (element) => Buffer.byteLength(String(element))),
  NS: (content) => sumOf(content, (element) => numberSizeBytes(String(element))),
  BS: (content) => sumOf(content, (element) => Buffer.byteLength(String(element), 'base64')),
  L: (content) =>
    COLLECTION_OVERHEAD_BYTES +
    sumOf(content, (element) => ELEMENT_OVERHEAD_BYTES + valueSizeBytes(element as AttributeValue)),
  M: (content) => {
    const attributes = content as Item;
    return (
      COLLECTION_OVERHEAD_BYTES +
      ELEMENT_OVERHEAD_BYTES * Object.keys(attributes).length +
      itemSizeBytes(attributes)
    );
  },
};

/** One byte, plus one per two significant digits; leading and trailing zeros do not count. */
function numberSizeBytes(number: string): number {
  const mantissa = number.replace(/e.*$/i, '').replace(/[^0-9]/g, '');
  const significant = mantissa.replace(/^0+/, '').replace(/0+$/, '');
  return Math.ceil(significant.length / 2) + 1;
}

function sumOf(elements: unknown, sizeOf: (element: unknown) => number): number {
  let size = 0;
  for (const element of elements as unknown[]) size += sizeOf(element);
  return size;
}
