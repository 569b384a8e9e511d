import * as z from 'zod';

/** A number, or a text that holds one. */
export function numeric<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((value) => {
    const isNumber = typeof value === 'string' && /^\s*-?\d+(?:\.\d+)?\s*$/.test(value);
    return isNumber ? Number(value) : value;
  }, schema);
}
