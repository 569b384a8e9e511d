/** A model as JSON for people to read: indented, but for rows of numbers, which take a line each. */
export function formatModel(model: object): string {
  const indented = JSON.stringify(model, undefined, 2);
  return `${indented.replace(/\[[\s\d.,-]*\]/g, (numbers) => numbers.replace(/\s+/g, ' '))}\n`;
}
